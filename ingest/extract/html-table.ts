import type { HtmlElement } from './html-tree.ts';
import { collect, inlineText } from './html-text.ts';

const rowTags = new Set(['tr']);
const cellTags = new Set(['td', 'th']);
const layoutTags = new Set(['table', 'h1', 'h2', 'h3', 'pre']);

/** Rows of cells as a Markdown table whose first row is the head; empty rows are left out. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const filled = rows
    .map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
    .filter((row) => row.some((cell) => cell !== ''));
  const width = Math.max(0, ...filled.map((row) => row.length));
  const lines = filled.map((row) => {
    const padding = Array<string>(width - row.length).fill('');
    return `| ${[...row, ...padding].join(' | ')} |`;
  });
  lines.splice(1, 0, `|${' --- |'.repeat(width)}`);
  return filled.length === 0 ? '' : lines.join('\n');
}

/** A cell that may cover more than its own place. */
export interface SpanCell {
  text: string;
  columns: number;
  rows: number;
}

/** More than this is a mistake of whoever wrote the table. */
const maxSpan = 50;
const clampSpan = (value: number) => (Number.isInteger(value) ? Math.min(Math.max(value, 1), maxSpan) : 1);

/**
 * Cells in a grid: what a merged cell says holds in every place that it covers, so it is said in each, and the
 * columns beside it keep theirs.
 */
export function spreadCells(rows: readonly (readonly SpanCell[])[]): string[][] {
  const grid: string[][] = rows.map(() => []);
  rows.forEach((cells, y) => {
    let x = 0;
    for (const cell of cells) {
      while (grid[y]?.[x] !== undefined) x += 1;
      for (let down = 0; down < clampSpan(cell.rows) && y + down < rows.length; down += 1)
        for (let right = 0; right < clampSpan(cell.columns); right += 1) {
          const row = grid[y + down];
          if (row !== undefined) row[x + right] = cell.text;
        }
      x += clampSpan(cell.columns);
    }
  });
  return grid.map((row) => Array.from(row, (text?: string) => text ?? ''));
}

function spanCell(cell: HtmlElement): SpanCell {
  const { colspan, rowspan } = cell.attributes;
  return { text: inlineText(cell), columns: Number(colspan ?? 1), rows: Number(rowspan ?? 1) };
}

/** A data table as Markdown; null for a table that only arranges the page. */
export function tableText(table: HtmlElement): string | null {
  const role = table.attributes['role'];
  if (role === 'presentation' || role === 'none') return null;
  const rows = collect(table, rowTags).map((row) => collect(row, cellTags));
  const widest = Math.max(0, ...rows.map((row) => row.length));
  const isLayout = widest < 2 || rows.some((row) => row.some((cell) => collect(cell, layoutTags).length > 0));
  return isLayout ? null : markdownTable(spreadCells(rows.map((row) => row.map(spanCell))));
}
