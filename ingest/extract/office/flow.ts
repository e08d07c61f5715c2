import { markdownTable } from '../html-table.ts';
import { block, squeeze, type Block } from '../types.ts';

/** Gathers an office document's paragraphs, lists and tables as they come in the stream. */
export interface Flow {
  blocks: Block[];
  /** Adds text to the open paragraph. */
  write(text: string): void;
  /** Ends the open paragraph as what it is. */
  end(kind: { heading?: number; listDepth?: number | null; mark?: string; page?: number | null }): void;
  openTable(): void;
  openRow(): void;
  /** `span` columns wide. */
  openCell(span?: number): void;
  closeCell(): void;
  closeTable(): void;
}

interface Table {
  rows: string[][];
  cell: string[] | null;
}

/** A table within a cell becomes text of that cell; one of a single column is no table. */
function addTable(blocks: Block[], { rows }: Table, outer: string[] | null): void {
  const cells = rows.flat().filter((cell) => cell !== '');
  if (outer !== null) outer.push(cells.join(' '));
  else if (rows.every((row) => row.length < 2))
    for (const cell of cells) blocks.push(block('paragraph', cell));
  else blocks.push(block('table', markdownTable(rows)));
}

export function createFlow(): Flow {
  const blocks: Block[] = [];
  const tables: Table[] = [];
  let open = '';

  function addListItem(text: string, depth: number, mark: string, page: number | null): void {
    const line = `${'  '.repeat(Math.min(depth, 8))}${mark} ${text}`;
    const last = blocks.at(-1);
    if (last?.type === 'list' && last.page === page) last.text += `\n${line}`;
    else blocks.push(block('list', line, { page }));
  }

  return {
    blocks,
    write(text) {
      open += text;
    },
    end({ heading = 0, listDepth = null, mark = '-', page = null }) {
      const text = squeeze(open);
      open = '';
      if (text === '') return;
      const cell = tables.at(-1)?.cell;
      if (cell) cell.push(text);
      else if (heading > 0) blocks.push(block('heading', text, { level: Math.min(heading, 6), page }));
      else if (listDepth !== null) addListItem(text, listDepth, mark, page);
      else blocks.push(block('paragraph', text, { page }));
    },
    openTable() {
      tables.push({ rows: [], cell: null });
    },
    openRow() {
      tables.at(-1)?.rows.push([]);
    },
    openCell(span = 1) {
      const table = tables.at(-1);
      if (table === undefined) return;
      table.cell = [];
      // Covered columns stay empty, so that the columns below keep their place.
      for (let extra = 1; extra < Math.min(span, 50); extra += 1) table.rows.at(-1)?.push('');
    },
    closeCell() {
      const table = tables.at(-1);
      const row = table?.rows.at(-1);
      if (table === undefined || row === undefined) return;
      row.push((table.cell ?? []).join(' '));
      table.cell = null;
    },
    closeTable() {
      const table = tables.pop();
      if (table !== undefined) addTable(blocks, table, tables.at(-1)?.cell ?? null);
    },
  };
}
