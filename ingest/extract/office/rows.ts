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
