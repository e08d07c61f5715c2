import { markdownTable, spreadCells, type SpanCell } from '../html-table.ts';
import { block, squeeze, type Block } from '../types.ts';

/** Gathers an office document's paragraphs, lists and tables as they come in the stream. */
export interface Flow {
  blocks: Block[];
  /** Adds text to the open paragraph. */
  write(text: string): void;
  /** Ends the open paragraph as what it is. */
  end(kind: { heading?: number; listDepth?: number | null; mark?: string; page?: number | null }): void;
  /** Puts blocks that are whole where the text has come to; those within a table come after it. */
  add(blocks: readonly Block[]): void;
  openTable(): void;
  openRow(): void;
  openCell(): void;
  /** Says how far the open cell reaches; 0 columns: it is a part of the one before. `isBelow`: it goes on with the cell above, whose text it has. */
  spanCell(span: { columns?: number; rows?: number; isBelow?: boolean }): void;
  closeCell(): void;
  closeTable(): void;
}

interface Cell {
  texts: string[];
  columns: number;
  rows: number;
  isBelow: boolean;
}

interface Table {
  rows: Cell[][];
  cell: Cell | null;
}

/** The cells with their spans; one that goes on with the cell above takes its text from there. */
function gridOf(rows: readonly (readonly Cell[])[]): string[][] {
  const cells = rows.map((row) =>
    row
      .filter(({ columns }) => columns > 0)
      .map(({ texts, columns, rows: height, isBelow }): SpanCell & { isBelow: boolean } => {
        return { text: texts.join(' '), columns, rows: height, isBelow };
      }),
  );
  const grid = spreadCells(cells);
  cells.forEach((row, y) => {
    let x = 0;
    for (const { columns, isBelow } of row) {
      const own = grid[y];
      for (let at = x; isBelow && own !== undefined && at < x + columns; at += 1)
        own[at] = grid[y - 1]?.[at] ?? '';
      x += columns;
    }
  });
  return grid;
}

/** A table within a cell becomes text of that cell; one of a single column is no table. */
function addTable(blocks: Block[], { rows }: Table, outer: Cell | null): void {
  const cells = rows.flat().flatMap(({ texts }) => (texts.length === 0 ? [] : [texts.join(' ')]));
  if (outer !== null) outer.texts.push(cells.join(' '));
  else if (rows.every((row) => row.length < 2))
    for (const cell of cells) blocks.push(block('paragraph', cell));
  else blocks.push(block('table', markdownTable(gridOf(rows))));
}

export function createFlow(): Flow {
  const blocks: Block[] = [];
  const tables: Table[] = [];
  let open = '';
  const held: Block[] = [];

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
      if (cell) cell.texts.push(text);
      else if (heading > 0) blocks.push(block('heading', text, { level: Math.min(heading, 6), page }));
      else if (listDepth !== null) addListItem(text, listDepth, mark, page);
      else blocks.push(block('paragraph', text, { page }));
    },
    add(whole) {
      (tables.length === 0 ? blocks : held).push(...whole);
    },
    openTable() {
      tables.push({ rows: [], cell: null });
    },
    openRow() {
      tables.at(-1)?.rows.push([]);
    },
    openCell() {
      const table = tables.at(-1);
      if (table === undefined) return;
      table.cell = { texts: [], columns: 1, rows: 1, isBelow: false };
      table.rows.at(-1)?.push(table.cell);
    },
    spanCell({ columns, rows, isBelow }) {
      const cell = tables.at(-1)?.cell;
      if (!cell) return;
      if (columns !== undefined) cell.columns = columns;
      if (rows !== undefined) cell.rows = rows || 1;
      if (isBelow !== undefined) cell.isBelow = isBelow;
    },
    closeCell() {
      const table = tables.at(-1);
      if (table !== undefined) table.cell = null;
    },
    closeTable() {
      const table = tables.pop();
      if (table !== undefined) addTable(blocks, table, tables.at(-1)?.cell ?? null);
      if (tables.length === 0) blocks.push(...held.splice(0));
    },
  };
}
