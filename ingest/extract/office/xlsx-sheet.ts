import { shownNumber } from './shown-number.ts';
import { walkXml } from './xml.ts';

const maxRows = 20_000;
const maxColumns = 200;

/** A row of a sheet: its number (1-based), and its cells from column A on. */
export interface SheetRow {
  number: number;
  cells: string[];
  /** Rows may be hidden by hand or by a filter. */
  isShown: boolean;
}

/** What a sheet holds, and the relation that leads to what is drawn on it. */
export interface Sheet {
  rows: SheetRow[];
  drawing: string | null;
  /** Places of columns that are hidden, from 0. */
  hiddenColumns: ReadonlySet<number>;
  /** Something in its cells is not shown. */
  hasHidden: boolean;
}

/** The texts that cells refer to by number. */
export function readSharedStrings(bytes: Buffer | null): string[] {
  const strings: string[] = [];
  let text = '';
  let isText = false;
  let isPhonetic = false;
  if (bytes === null) return strings;
  walkXml(bytes, {
    open(name) {
      if (name === 'si') text = '';
      if (name === 't') isText = true;
      if (name === 'rPh') isPhonetic = true;
    },
    text(data) {
      if (isText && !isPhonetic) text += data;
    },
    close(name) {
      if (name === 't') isText = false;
      if (name === 'rPh') isPhonetic = false;
      if (name === 'si') strings.push(text);
    },
  });
  return strings;
}

/** `C7` is in column 2. */
export function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference.toUpperCase().replace(/[^A-Z]/g, ''))
    column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

/** What the cells of all sheets refer to. */
export interface Workbook {
  strings: readonly string[];
  /** Number formats by style. */
  formats: readonly string[];
  /** Styles in which a cell shows nothing of what it holds. */
  unseenStyles: ReadonlySet<number>;
  /** Days between its day 0 and Excel's usual one: 1462 where it counts from 1904. */
  dayOffset: number;
}

/** A number as its cell shows it. */
function numberIn(workbook: Workbook, style: string | undefined, value: string): string {
  const format = workbook.formats[Number(style ?? 0)] ?? '';
  const isDay = workbook.dayOffset > 0 && /[yd]/i.test(format) && value !== '';
  return shownNumber(isDay ? String(Number(value) + workbook.dayOffset) : value, format);
}

function shownCell(
  workbook: Workbook,
  { type, style, value }: { type: string; style: string | undefined; value: string },
): string {
  if (type === 's') return workbook.strings[Number(value)] ?? value;
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
  return type === 'n' ? numberIn(workbook, style, value) : value;
}

const isTrue = (value: string | undefined) => value === '1' || value === 'true';

/** Reads a sheet; of more than 20,000 rows or 200 columns the rest is left out. */
export function readSheet(bytes: Buffer, workbook: Workbook): Sheet {
  const hiddenColumns = new Set<number>();
  const sheet: Sheet = { rows: [], drawing: null, hiddenColumns, hasHidden: false };
  const unseen: [row: string[], column: number][] = [];
  let hasTable = false;
  let row: string[] = [];
  let isShown = true;
  let number = 0;
  let column = 0;
  let type = '';
  let style: string | undefined;
  let value = '';
  let isValue = false;
  walkXml(bytes, {
    open(name, attributes) {
      if (name === 'row') {
        row = [];
        isShown = !isTrue(attributes['hidden']);
        number = Number(attributes['r'] ?? number + 1) || number + 1;
      } else if (name === 'col' && isTrue(attributes['hidden'])) {
        const last = Math.min(Number(attributes['max'] ?? 0), maxColumns);
        for (let at = Number(attributes['min'] ?? 1); at <= last; at += 1) hiddenColumns.add(at - 1);
      } else if (name === 'tablePart') hasTable = true;
      else if (name === 'drawing') sheet.drawing = attributes['r:id'] ?? null;
      else if (name === 'c') {
        const given = attributes['r'];
        column = given === undefined ? row.length : columnOf(given);
        type = attributes['t'] ?? 'n';
        style = attributes['s'];
        value = '';
      } else if (name === 'v' || name === 't') isValue = true;
    },
    text(data) {
      if (isValue) value += data;
    },
    close(name) {
      if (name === 'v' || name === 't') isValue = false;
      else if (name === 'c' && column >= 0 && column < maxColumns) {
        while (row.length < column) row.push('');
        row[column] = shownCell(workbook, { type, style, value });
        if (value !== '' && workbook.unseenStyles.has(Number(style ?? 0))) unseen.push([row, column]);
      } else if (name === 'row' && sheet.rows.length < maxRows)
        sheet.rows.push({ number, cells: row, isShown });
    },
  });
  // a table brings grounds of its own, on which white is seen
  for (const [cells, at] of hasTable ? [] : unseen) cells[at] = '';
  const hides = ({ cells, isShown: isSeen }: SheetRow) =>
    cells.some((cell, at) => cell !== '' && (!isSeen || hiddenColumns.has(at)));
  return { ...sheet, hasHidden: (unseen.length > 0 && !hasTable) || sheet.rows.some(hides) };
}

/** The rows that are shown, without hidden columns. */
export function shownRows({ rows, hiddenColumns }: Sheet): string[][] {
  return rows
    .filter(({ isShown }) => isShown)
    .map(({ cells }) => cells.filter((_cell, at) => !hiddenColumns.has(at)));
}
