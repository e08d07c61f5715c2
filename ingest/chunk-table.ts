import type { Block } from './extract/types.ts';
import { countWords } from './words.ts';

const separator = /^\|(?:\s*:?-{3,}:?\s*\|)+$/;

/**
 * A Markdown table of more than `maxWords` as several tables of whole rows, each with the head: a row says nothing
 * without the names of its columns. A table that fits, and one that is a single row, stay as they are.
 */
export function splitTable(table: Block, maxWords: number): Block[] {
  const [head = '', line = '', ...rows] = table.text.split('\n');
  if (countWords(table.text) <= maxWords || !separator.test(line) || rows.length < 2) return [table];
  const top = `${head}\n${line}`;
  const headWords = countWords(top);
  // A head that fills a passage by itself is not worth saying again.
  if (headWords > maxWords / 2) return [table];
  const groups: string[][] = [];
  let words = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const own = countWords(row);
    if (words + own > maxWords) {
      groups.push([]);
      words = headWords;
    }
    groups.at(-1)?.push(row);
    words += own;
  }
  return groups.map((group) => ({ ...table, text: [top, ...group].join('\n') }));
}
