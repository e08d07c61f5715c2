/** A run of text on a page: its box in points, from the page's lower left corner. */
export interface TextBox {
  text: string;
  x: number;
  y: number;
  width: number;
  /** Font size in points. */
  size: number;
}

/** A line of a page, or a row of a table. */
export interface TextLine {
  text: string;
  x: number;
  y: number;
  right: number;
  size: number;
  /** Cells of a table's row; empty for running text. */
  cells: string[];
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Boxes whose base lines are within half a letter of each other, left to right. */
function toRows(boxes: readonly TextBox[]): TextBox[][] {
  const rows: TextBox[][] = [];
  for (const box of boxes.toSorted((a, b) => b.y - a.y || a.x - b.x)) {
    const row = rows.at(-1);
    const first = row?.[0];
    if (row !== undefined && first !== undefined && first.y - box.y < Math.max(first.size, box.size) * 0.5)
      row.push(box);
    else rows.push([box]);
  }
  return rows.map((row) => row.toSorted((a, b) => a.x - b.x));
}

const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/gu;
const letters = /\p{L}/gu;

/** Whether most letters are of a script that is written from right to left. */
function isRightToLeft(boxes: readonly TextBox[]): boolean {
  let own = 0;
  let all = 0;
  for (const { text } of boxes) {
    own += text.match(rightToLeft)?.length ?? 0;
    all += text.match(letters)?.length ?? 0;
  }
  return own * 2 > all;
}

/** A row as it is read: from the right where its script is, numbers and foreign words in it from the left. */
function inReadingOrder(row: readonly TextBox[]): readonly TextBox[] {
  if (!isRightToLeft(row)) return row;
  const runs: TextBox[][] = [];
  let wasForeign = false;
  for (const box of row.toReversed()) {
    const isForeign = box.text.search(rightToLeft) < 0 && /[\p{L}\p{N}]/u.test(box.text);
    const run = runs.at(-1);
    if (isForeign && wasForeign && run !== undefined) run.unshift(box);
    else runs.push([box]);
    wasForeign = isForeign;
  }
  return runs.flat();
}

function joinBoxes(row: readonly TextBox[]): string {
  let text = '';
  let last: TextBox | null = null;
  for (const box of inReadingOrder(row)) {
    const gap = last === null ? 0 : Math.max(box.x - last.x - last.width, last.x - box.x - box.width);
    const needsSpace = gap > box.size * 0.15 && !text.endsWith(' ') && !box.text.startsWith(' ');
    text += needsSpace ? ` ${box.text}` : box.text;
    last = box;
  }
  return text.replace(/\s+/g, ' ').trim();
}

function toLine(row: readonly TextBox[], cells: string[] = []): TextLine {
  const y = median(row.map((box) => box.y));
  const x = Math.min(...row.map((box) => box.x));
  const right = Math.max(...row.map((box) => box.x + box.width));
  const weights = row.flatMap((box) =>
    Array<number>(Math.max(1, Math.min(box.text.length, 50))).fill(box.size),
  );
  return {
    text: cells.length > 0 ? cells.join(' ') : joinBoxes(row),
    x,
    y,
    right,
    size: median(weights),
    cells,
  };
}

/** Stretches of the axis that no box covers, at least `minGap` wide. */
function gaps(spans: readonly (readonly [number, number])[], minGap: number): [number, number][] {
  const found: [number, number][] = [];
  let reach = Number.NEGATIVE_INFINITY;
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
    if (reach > Number.NEGATIVE_INFINITY && from - reach >= minGap) found.push([reach, from]);
    reach = Math.max(reach, to);
  }
  return found;
}

function splitAt<Box extends TextBox>(
  boxes: readonly Box[],
  cuts: readonly number[],
  at: (box: Box) => number,
): Box[][] {
  const parts = Array.from({ length: cuts.length + 1 }, (): Box[] => []);
  for (const box of boxes) parts[cuts.filter((cut) => at(box) >= cut).length]?.push(box);
  return parts.filter((part) => part.length > 0);
}

const middle = (gap: readonly [number, number]) => (gap[0] + gap[1]) / 2;

/**
 * Columns of a table rather than of a page: short cells that stand on common lines.
 * @returns the rows as cells; null where it reads like running text.
 */
function asTable(boxes: readonly TextBox[], cuts: readonly number[]): TextLine[] | null {
  const rows = toRows(boxes);
  if (rows.length < 2) return null;
  const cellRows = rows.map((row) => {
    const parts = Array.from({ length: cuts.length + 1 }, (): TextBox[] => []);
    for (const box of row) parts[cuts.filter((cut) => box.x >= cut).length]?.push(box);
    return { row, cells: parts.map(joinBoxes) };
  });
  const filled = cellRows.filter(({ cells }) => cells.filter((cell) => cell !== '').length > 1).length;
  const words = cellRows.flatMap(({ cells }) =>
    cells.filter((cell) => cell !== '').map((cell) => cell.split(' ').length),
  );
  const isShort = words.reduce((sum, count) => sum + count, 0) / words.length < 4.5;
  const isTable = isShort && filled / rows.length > 0.6;
  const isReversed = isRightToLeft(boxes);
  return isTable
    ? cellRows.map(({ row, cells }) => toLine(row, isReversed ? cells.toReversed() : cells))
    : null;
}

const maxDepth = 12;

/**
 * How wide white space is that parts columns, in letters' heights: the more lines it runs through, the less it takes,
 * since the spaces between words do not stand below each other by chance. A number before a heading is no column.
 */
function minColumnGap(rows: number): number {
  if (rows < 2) return 2.5;
  return rows < 5 ? 1.1 : rows < 8 ? 0.8 : 0.6;
}

/**
 * Puts a page's text into reading order by recursive cuts along white space (XY-cut, Nagy and Seth 1984): columns
 * as their script runs, blocks top to bottom, tables row by row. An empty entry stands between blocks.
 */
export function readingOrder(boxes: readonly TextBox[], depth = 0): (TextLine | null)[] {
  if (boxes.length === 0) return [];
  const size = median(boxes.map((box) => box.size)) || 10;
  const columns = gaps(
    boxes.map((box) => [box.x, box.x + box.width] as const),
    size * minColumnGap(toRows(boxes).length),
  );
  if (columns.length > 0 && depth < maxDepth) {
    const cuts = columns.map(middle);
    const table = asTable(boxes, cuts);
    if (table !== null) return [...table, null];
    const parts = splitAt(boxes, cuts, (box) => box.x);
    const read = isRightToLeft(boxes) ? parts.toReversed() : parts;
    return read.flatMap((part) => [...readingOrder(part, depth + 1), null]);
  }
  const bands = gaps(
    boxes.map((box) => [box.y - box.size * 0.2, box.y + box.size * 0.8] as const),
    size * 0.7,
  );
  if (bands.length > 0 && depth < maxDepth) {
    const parts = splitAt(boxes, bands.map(middle), (box) => box.y);
    return parts.toReversed().flatMap((part) => [...readingOrder(part, depth + 1), null]);
  }
  return toRows(boxes).map((row) => toLine(row));
}
