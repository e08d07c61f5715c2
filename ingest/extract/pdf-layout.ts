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

function joinBoxes(row: readonly TextBox[]): string {
  let text = '';
  let right = Number.NEGATIVE_INFINITY;
  for (const box of row) {
    const isApart = box.x - right > box.size * 0.15;
    text +=
      isApart && text !== '' && !text.endsWith(' ') && !box.text.startsWith(' ') ? ` ${box.text}` : box.text;
    right = box.x + box.width;
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
  return isTable ? cellRows.map(({ row, cells }) => toLine(row, cells)) : null;
}

const maxDepth = 12;

/**
 * Puts a page's text into reading order by recursive cuts along white space (XY-cut, Nagy and Seth 1984): columns
 * left to right, blocks top to bottom, tables row by row. An empty entry stands between blocks.
 */
export function readingOrder(boxes: readonly TextBox[], depth = 0): (TextLine | null)[] {
  if (boxes.length === 0) return [];
  const size = median(boxes.map((box) => box.size)) || 10;
  const columns = gaps(
    boxes.map((box) => [box.x, box.x + box.width] as const),
    size * 1.1,
  );
  if (columns.length > 0 && depth < maxDepth) {
    const cuts = columns.map(middle);
    const table = asTable(boxes, cuts);
    if (table !== null) return [...table, null];
    return splitAt(boxes, cuts, (box) => box.x).flatMap((part) => [...readingOrder(part, depth + 1), null]);
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
