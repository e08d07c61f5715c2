import { markdownTable } from './html-table.ts';
import type { TextLine } from './pdf-layout.ts';
import { block, type Block } from './types.ts';

/** A page in reading order; null between blocks. */
export interface PdfPage {
  number: number;
  height: number;
  lines: (TextLine | null)[];
}

/** Text as it is compared over pages: numbers count as one. */
const fingerprint = (text: string) => text.toLowerCase().replace(/\d+/g, '#').replace(/\s+/g, ' ').trim();

const pageNumber =
  /^(?:page\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|\/|\|)\s*\d{1,4})?$|^[-–—]\s*\d{1,4}\s*[-–—]$/i;
/** Share of the page's height at top and bottom in which running heads stand. */
const marginShare = 0.1;

const isInMargin = (line: TextLine, page: PdfPage) =>
  line.y > page.height * (1 - marginShare) || line.y < page.height * marginShare;

/** The same for a page number that stands alone beyond all text. */
const numberShare = 0.18;

/** The page's number: the outermost line, and nothing else in it. */
function isPageNumber(line: TextLine, page: PdfPage): boolean {
  if (!pageNumber.test(line.text.trim())) return false;
  const others = page.lines.filter((other) => other !== null && other !== line);
  const isBelow =
    line.y < page.height * numberShare && others.every((other) => other !== null && other.y >= line.y);
  const isAbove =
    line.y > page.height * (1 - numberShare) && others.every((other) => other !== null && other.y <= line.y);
  return isBelow || isAbove || isInMargin(line, page);
}

/** Takes off what stands at the top or bottom of several pages, and page numbers. */
export function withoutRunningHeads(pages: readonly PdfPage[]): PdfPage[] {
  const seen = new Map<string, number>();
  for (const page of pages) {
    const own = new Set<string>();
    for (const line of page.lines)
      if (line !== null && isInMargin(line, page)) own.add(fingerprint(line.text));
    for (const text of own) seen.set(text, (seen.get(text) ?? 0) + 1);
  }
  const enough = Math.max(2, Math.min(3, Math.ceil(pages.length / 2)));
  return pages.map((page) => ({
    ...page,
    lines: page.lines.filter((line) => {
      if (line === null) return true;
      if (isPageNumber(line, page)) return false;
      return !isInMargin(line, page) || (seen.get(fingerprint(line.text)) ?? 0) < enough;
    }),
  }));
}

/** The font size of most letters. */
export function bodySize(pages: readonly PdfPage[]): number {
  const letters = new Map<number, number>();
  for (const { lines } of pages) {
    for (const line of lines) {
      if (line === null) continue;
      const size = Math.round(line.size * 2) / 2;
      letters.set(size, (letters.get(size) ?? 0) + line.text.length);
    }
  }
  return [...letters].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 10;
}

/** Larger sizes that headings use, largest first: their place is the level. */
function headingSizes(pages: readonly PdfPage[], body: number): number[] {
  const sizes = new Set<number>();
  for (const { lines } of pages) {
    for (const line of lines) {
      if (line !== null && isHeading(line, body)) sizes.add(Math.round(line.size));
    }
  }
  return [...sizes].toSorted((a, b) => b - a);
}

function isHeading(line: TextLine, body: number): boolean {
  if (line.cells.length > 0 || line.size < body * 1.12) return false;
  return line.text.length >= 2 && line.text.split(' ').length <= 18 && /\p{L}/u.test(line.text);
}

const bullet = /^(?:[•●▪◦‣∙■□–*-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+/;

/** Joins the next line of a paragraph; a word that was parted at the line's end becomes one again. */
function joinLine(text: string, next: string): string {
  if (/\p{L}[-\u00ad\u2010]$/u.test(text) && /^\p{Ll}/u.test(next)) return text.slice(0, -1) + next;
  return `${text} ${next}`;
}

interface Writer {
  blocks: Block[];
  /** The line before, while its paragraph may go on. */
  last: TextLine | null;
}

function isContinued(last: TextLine, line: TextLine): boolean {
  const leading = last.y - line.y;
  const isNear = leading > 0 && leading < Math.max(last.size, line.size) * 1.75;
  return isNear && Math.abs(last.size - line.size) < 1 && line.x - last.x < last.size * 1.2;
}

function writeLine(
  writer: Writer,
  line: TextLine,
  page: number,
  body: number,
  levels: readonly number[],
): void {
  const current = writer.blocks.at(-1);
  const heading = isHeading(line, body);
  const level = Math.min(levels.indexOf(Math.round(line.size)) + 1, 6);
  const follows = writer.last !== null && current !== undefined && isContinued(writer.last, line);
  const isSameKind =
    follows &&
    current.type === (heading ? 'heading' : 'paragraph') &&
    current.level === (heading ? level : 0);
  if (isSameKind && !bullet.test(line.text)) current.text = joinLine(current.text, line.text);
  else
    writer.blocks.push(
      block(heading ? 'heading' : 'paragraph', line.text, { level: heading ? level : 0, page }),
    );
  writer.last = line;
}

/** Pages as blocks: headings by size, paragraphs over lines and pages, tables as Markdown. */
export function pdfBlocks(raw: readonly PdfPage[]): Block[] {
  const pages = withoutRunningHeads(raw);
  const body = bodySize(pages);
  const levels = headingSizes(pages, body);
  const writer: Writer = { blocks: [], last: null };
  for (const page of pages) {
    let rows: string[][] = [];
    const flushTable = () => {
      if (rows.length > 0) writer.blocks.push(block('table', markdownTable(rows), { page: page.number }));
      rows = [];
    };
    for (const line of page.lines) {
      if (line !== null && line.cells.length > 0) {
        rows.push(line.cells);
        continue;
      }
      flushTable();
      if (line === null) writer.last = null;
      else if (line.text !== '') writeLine(writer, line, page.number, body, levels);
    }
    flushTable();
    writer.last = null;
  }
  return mergeOverPages(writer.blocks);
}

/** A sentence that a page's end parted becomes one paragraph again; it counts to the page where it began. */
function mergeOverPages(blocks: readonly Block[]): Block[] {
  const merged: Block[] = [];
  for (const entry of blocks) {
    const last = merged.at(-1);
    const isParted =
      last?.type === 'paragraph' &&
      entry.type === 'paragraph' &&
      last.page !== entry.page &&
      /[\p{Ll},\u00ad-]$/u.test(last.text) &&
      /^\p{Ll}/u.test(entry.text);
    if (isParted) last.text = joinLine(last.text, entry.text);
    else merged.push({ ...entry });
  }
  return merged;
}
