import { AppError } from '../../../server/errors.ts';
import type { Archive } from '../archive.ts';
import { block, extracted, type Extracted } from '../types.ts';
import { rowBlocks } from './rows.ts';
import { readRelations, readTitle, walkXml } from './xml.ts';

const maxRows = 20_000;
const maxColumns = 200;

function readSharedStrings(bytes: Buffer | null): string[] {
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
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference.toUpperCase().replace(/[^A-Z]/g, ''))
    column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

function readSheet(bytes: Buffer, strings: readonly string[]): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let column = 0;
  let type = '';
  let value = '';
  let isValue = false;
  walkXml(bytes, {
    open(name, attributes) {
      if (name === 'row') row = [];
      else if (name === 'c') {
        const given = attributes['r'];
        column = given === undefined ? row.length : columnOf(given);
        type = attributes['t'] ?? 'n';
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
        const shared = type === 's' ? strings[Number(value)] : undefined;
        row[column] = type === 'b' ? (value === '1' ? 'TRUE' : 'FALSE') : (shared ?? value);
      } else if (name === 'row' && rows.length < maxRows) rows.push(row);
    },
  });
  return rows;
}

/** Reads a workbook: each sheet is a section with its name for a heading and its number for a page. */
export async function extractXlsx(archive: Archive): Promise<Extracted> {
  const main = await archive.read('xl/workbook.xml');
  if (main === null)
    throw new AppError('extract-failed', 'The workbook has no sheets.', { fix: 'Save it anew.' });
  const relations = readRelations(await archive.read('xl/_rels/workbook.xml.rels'), 'xl');
  const strings = readSharedStrings(await archive.read('xl/sharedStrings.xml'));
  const sheets: { name: string; target: string }[] = [];
  walkXml(main, {
    open(name, attributes) {
      const target = relations.get(attributes['r:id'] ?? '');
      const isShown = attributes['state'] === undefined || attributes['state'] === 'visible';
      if (name === 'sheet' && target !== undefined && isShown)
        sheets.push({ name: attributes['name'] ?? '', target });
    },
  });
  const blocks = [];
  for (const [index, { name, target }] of sheets.entries()) {
    const sheet = await archive.read(target);
    const own = sheet === null ? [] : rowBlocks(readSheet(sheet, strings), index + 1);
    if (own.length > 0) blocks.push(block('heading', name, { level: 2, page: index + 1 }), ...own);
  }
  return extracted(blocks, { title: readTitle(await archive.read('docProps/core.xml')) });
}
