import { markdownTable } from '../html-table.ts';
import { block, squeeze, type Block } from '../types.ts';

/** Rows in one table block: some passage's worth, so that the head can be said again with each. */
const rowsPerTable = 12;

/** Rows of a sheet as tables of a few rows each, every one with the head (the first row that is filled). */
export function rowBlocks(rows: readonly (readonly string[])[], page: number | null): Block[] {
  const filled = rows.map((row) => row.map(squeeze)).filter((row) => row.some((cell) => cell !== ''));
  const width = Math.max(0, ...filled.map((row) => row.findLastIndex((cell) => cell !== '') + 1));
  const [head, ...body] = filled.map((row) => row.slice(0, width));
  if (head === undefined) return [];
  if (body.length === 0) return [block('paragraph', head.filter((cell) => cell !== '').join(', '), { page })];
  const blocks: Block[] = [];
  for (let at = 0; at < body.length; at += rowsPerTable) {
    blocks.push(block('table', markdownTable([head, ...body.slice(at, at + rowsPerTable)]), { page }));
  }
  return blocks;
}

/** The delimiter that occurs most in the first lines, outside of quotes. */
function delimiterOf(text: string): string {
  const sample = text.slice(0, 5_000).replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t', '|'].map((mark) => [mark, sample.split(mark).length] as const);
  return counts.toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? ',';
}

/** Reads comma-, semicolon-, tab- or bar-separated values (RFC 4180); an open quote ends with the text. */
export function parseCsv(text: string): string[][] {
  const delimiter = delimiterOf(text);
  const rows: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (character === '"' && cell.trim() === '') {
      isQuoted = true;
      cell = '';
    } else if (character === delimiter || character === '\n') {
      rows.at(-1)?.push(cell.replace(/\r$/, ''));
      cell = '';
      if (character === '\n') rows.push([]);
    } else cell += character;
  }
  rows.at(-1)?.push(cell);
  return rows;
}
