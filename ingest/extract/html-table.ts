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

/** A data table as Markdown; null for a table that only arranges the page. */
export function tableText(table: HtmlElement): string | null {
  const role = table.attributes['role'];
  if (role === 'presentation' || role === 'none') return null;
  const rows = collect(table, rowTags).map((row) => collect(row, cellTags));
  const widest = Math.max(0, ...rows.map((row) => row.length));
  const isLayout = widest < 2 || rows.some((row) => row.some((cell) => collect(cell, layoutTags).length > 0));
  return isLayout ? null : markdownTable(rows.map((row) => row.map(inlineText)));
}
