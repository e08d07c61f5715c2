import { AppError } from '../../../server/errors.ts';
import type { Archive } from '../archive.ts';
import { block, extracted, hiddenNotes, type Block, type Extracted } from '../types.ts';
import { statedTitle } from '../stated-title.ts';
import type { Cells } from './chart-ooxml.ts';
import { drawnAt, readDrawings } from './drawings.ts';
import { rowBlocks } from './rows.ts';
import { readFormats } from './xlsx-formats.ts';
import { readUnseenStyles } from './xlsx-unseen.ts';
import {
  columnOf,
  readSharedStrings,
  readSheet,
  shownRows,
  type Sheet,
  type Workbook,
} from './xlsx-sheet.ts';
import { folderOf, readRelations, readTitle, relationsOf, walkXml } from './xml.ts';

interface NamedSheet extends Sheet {
  name: string;
  target: string;
  /** Hidden ones are not read out, but charts take from them. */
  isShown: boolean;
}

/** Workbooks of old Macs count days from 1904. */
const daysTo1904 = 1462;
/** More cells than this are not gathered for one series. */
const maxCells = 2_000;

/** `'My sheet'!$A$2:$B$9`: the sheet, and the corners. */
const range = /^(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?$/i;

/** Finds the cells that a reference names: down a range that is tall, along one that is a single row. */
function cellsOf(sheets: readonly NamedSheet[]): Cells {
  return (reference) => {
    const [, quoted, bare, left, top, right = left, bottom = top] = range.exec(reference) ?? [];
    const name = quoted?.replaceAll("''", "'") ?? bare;
    const sheet = sheets.find((each) => each.name === name);
    if (sheet === undefined || left === undefined || right === undefined) return [];
    const [from, to] = [columnOf(left), columnOf(right)];
    const [first, last] = [Number(top), Math.min(Number(bottom), Number(top) + maxCells - 1)];
    const rows = new Map(sheet.rows.map(({ number, cells }) => [number, cells.slice(from, to + 1)]));
    if (first === last) return rows.get(first)?.slice(0, maxCells) ?? [];
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) =>
      (rows.get(first + at) ?? []).join(' ').trim(),
    );
  };
}

async function readSheets(archive: Archive): Promise<NamedSheet[]> {
  const main = await archive.read('xl/workbook.xml');
  if (main === null)
    throw new AppError('extract-failed', 'The workbook has no sheets.', { fix: 'Save it anew.' });
  const relations = readRelations(await archive.read('xl/_rels/workbook.xml.rels'), 'xl');
  const styles = await archive.read('xl/styles.xml');
  const formats = readFormats(styles);
  const workbook: Workbook = {
    strings: readSharedStrings(await archive.read('xl/sharedStrings.xml')),
    formats,
    unseenStyles: readUnseenStyles(styles, formats),
    dayOffset: 0,
  };
  const listed: Pick<NamedSheet, 'name' | 'target' | 'isShown'>[] = [];
  walkXml(main, {
    open(tag, { name = '', state = 'visible', 'r:id': id = '', date1904 = '0' }) {
      if (tag === 'workbookPr' && /^(?:1|true)$/.test(date1904)) workbook.dayOffset = daysTo1904;
      const target = relations.get(id);
      if (tag === 'sheet' && target !== undefined)
        listed.push({ name, target, isShown: state === 'visible' });
    },
  });
  const sheets: NamedSheet[] = [];
  for (const sheet of listed) {
    const bytes = await archive.read(sheet.target);
    if (bytes !== null) sheets.push({ ...sheet, ...readSheet(bytes, workbook) });
  }
  return sheets;
}

/** The charts and diagrams on a sheet, in the order in which they are drawn. */
async function drawnOn(archive: Archive, sheet: NamedSheet, page: number, cells: Cells): Promise<Block[]> {
  if (sheet.drawing === null) return [];
  const { target } = sheet;
  const own = readRelations(await archive.read(relationsOf(target)), folderOf(target)).get(sheet.drawing);
  const bytes = own === undefined ? null : await archive.read(own);
  if (own === undefined || bytes === null) return [];
  const relations = readRelations(await archive.read(relationsOf(own)), folderOf(own));
  const drawings = await readDrawings(archive, relations, page, cells);
  const blocks: Block[] = [];
  walkXml(bytes, { open: (tag, attributes) => blocks.push(...drawnAt(drawings, tag, attributes)) });
  return blocks;
}

/**
 * Reads a workbook: each sheet is a section with its name for a heading and its number for a page; its rows, then
 * its charts, which take from the sheets what they do not keep themselves.
 */
export async function extractXlsx(archive: Archive): Promise<Extracted> {
  const sheets = await readSheets(archive);
  const cells = cellsOf(sheets);
  const blocks = [];
  for (const [index, sheet] of sheets.filter(({ isShown }) => isShown).entries()) {
    const page = index + 1;
    const own = [...rowBlocks(shownRows(sheet), page), ...(await drawnOn(archive, sheet, page, cells))];
    if (own.length > 0) blocks.push(block('heading', sheet.name, { level: 2, page }), ...own);
  }
  const hasHidden = sheets.some((sheet) => sheet.hasHidden || (!sheet.isShown && sheet.rows.length > 0));
  const title = statedTitle(readTitle(await archive.read('docProps/core.xml')), blocks);
  return extracted(blocks, { title, notes: hiddenNotes(hasHidden) });
}
