import { parseInline, type Inline } from './markdown-inline.ts';

/**
 * The light Markdown of answers, as a tree. One reader for streaming and history, for widget and console;
 * what is not in this list stays text, HTML included. Linear in the length of the text.
 */
export type Block =
  | { type: 'paragraph'; children: readonly Inline[] }
  | { type: 'heading'; level: number; children: readonly Inline[] }
  | { type: 'list'; isOrdered: boolean; start: number; items: readonly (readonly Block[])[] }
  | { type: 'code'; text: string }
  | { type: 'quote'; children: readonly Block[] }
  | { type: 'table'; head: readonly (readonly Inline[])[]; rows: readonly (readonly (readonly Inline[])[])[] }
  | { type: 'rule' };

export interface MarkdownOptions {
  /** The text is still growing: unfinished marks at its end are closed or held back. */
  isStreaming?: boolean;
}

const maxDepth = 6;
const listItem = /^( {0,3})([-*+•]|\d{1,9}[.)])(?:[ \t]+(.*)|$)/u;
const fence = /^ {0,3}(`{3,}|~{3,})[^`]*$/u;
const heading = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/u;
const quote = /^ {0,3}> ?(.*)$/u;
const rule = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/u;
const tableRule = /^[ \t]*\|?(?:[ \t]*:?-{1,}:?[ \t]*\|)+(?:[ \t]*:?-{1,}:?[ \t]*)?\|?[ \t]*$/u;

interface Reading {
  lines: readonly string[];
  at: number;
  depth: number;
  isStreaming: boolean;
}

/** Parses a whole message. Never throws; an empty text gives no blocks. */
export function parseMarkdown(text: string, options: MarkdownOptions = {}): Block[] {
  const lines = text.replaceAll('\r\n', '\n').replaceAll('\t', '    ').split('\n');
  return readBlocks({ lines, at: 0, depth: 0, isStreaming: options.isStreaming ?? false });
}

function readBlocks(reading: Reading): Block[] {
  const blocks: Block[] = [];
  while (reading.at < reading.lines.length) {
    const line = reading.lines[reading.at] ?? '';
    if (line.trim() === '') reading.at += 1;
    else blocks.push(readBlock(reading, line));
  }
  return blocks;
}

function readBlock(reading: Reading, line: string): Block {
  if (fence.test(line)) return readCode(reading, line);
  const title = heading.exec(line);
  if (title) {
    reading.at += 1;
    return { type: 'heading', level: title[1]?.length ?? 1, children: inline(reading, title[2] ?? '') };
  }
  if (rule.test(line)) {
    reading.at += 1;
    return { type: 'rule' };
  }
  if (reading.depth < maxDepth) {
    if (listItem.test(line)) return readList(reading);
    if (quote.test(line)) return readQuote(reading);
  }
  if (startsTable(reading)) return readTable(reading);
  return readParagraph(reading);
}

/** Only the text's last lines are unfinished while it streams. */
function inline(reading: Reading, text: string): Inline[] {
  return parseInline(text, { isStreaming: reading.isStreaming && reading.at >= reading.lines.length });
}

function readCode(reading: Reading, opening: string): Block {
  const mark = fence.exec(opening)?.[1] ?? '```';
  const body: string[] = [];
  reading.at += 1;
  while (reading.at < reading.lines.length) {
    const line = reading.lines[reading.at] ?? '';
    reading.at += 1;
    if (line.trim().startsWith(mark) && line.trim().replaceAll(mark.charAt(0), '') === '') break;
    body.push(line);
  }
  return { type: 'code', text: body.join('\n') };
}

function readQuote(reading: Reading): Block {
  const inner: string[] = [];
  while (reading.at < reading.lines.length) {
    const found = quote.exec(reading.lines[reading.at] ?? '');
    if (!found) break;
    inner.push(found[1] ?? '');
    reading.at += 1;
  }
  return { type: 'quote', children: readInner(reading, inner) };
}

function readInner(reading: Reading, lines: readonly string[]): Block[] {
  const isLast = reading.at >= reading.lines.length;
  return readBlocks({
    lines,
    at: 0,
    depth: reading.depth + 1,
    isStreaming: reading.isStreaming && isLast,
  });
}

function isSameKind(first: string, other: string): boolean {
  return /\d/u.test(first) === /\d/u.test(other);
}

function readList(reading: Reading): Block {
  const first = listItem.exec(reading.lines[reading.at] ?? '');
  const mark = first?.[2] ?? '-';
  const items: Block[][] = [];
  while (reading.at < reading.lines.length) {
    const found = listItem.exec(reading.lines[reading.at] ?? '');
    if (!found || !isSameKind(mark, found[2] ?? '')) break;
    items.push(readItem(reading, found));
    skipBlankBefore(reading, mark);
  }
  const start = Number.parseInt(mark, 10);
  return { type: 'list', isOrdered: /\d/u.test(mark), start: Number.isNaN(start) ? 1 : start, items };
}

/** Blank lines between two items of one list do not end it. */
function skipBlankBefore(reading: Reading, mark: string): void {
  let next = reading.at;
  while (next < reading.lines.length && (reading.lines[next] ?? '').trim() === '') next += 1;
  const found = listItem.exec(reading.lines[next] ?? '');
  if (found && isSameKind(mark, found[2] ?? '')) reading.at = next;
}

function readItem(reading: Reading, found: RegExpExecArray): Block[] {
  const indent = (found[1] ?? '').length + 2;
  const inner = [found[3] ?? ''];
  reading.at += 1;
  while (reading.at < reading.lines.length) {
    const line = reading.lines[reading.at] ?? '';
    const isBlank = line.trim() === '';
    const isInside = line.startsWith(' '.repeat(indent));
    if (isBlank && !(reading.lines[reading.at + 1] ?? '').startsWith(' '.repeat(indent))) break;
    if (!isBlank && !isInside && startsOther(reading, line)) break;
    inner.push(isInside ? line.slice(indent) : line.trimStart());
    reading.at += 1;
  }
  return readInner(reading, inner);
}

function startsOther(reading: Reading, line: string): boolean {
  return (
    listItem.test(line) ||
    fence.test(line) ||
    heading.test(line) ||
    quote.test(line) ||
    rule.test(line) ||
    startsTable(reading)
  );
}

function startsTable(reading: Reading): boolean {
  const next = reading.lines[reading.at + 1] ?? '';
  return (reading.lines[reading.at] ?? '').includes('|') && next.includes('-') && tableRule.test(next);
}

function splitRow(line: string): string[] {
  const inside = line
    .trim()
    .replace(/^\|/u, '')
    .replace(/(?<!\\)\|$/u, '');
  return inside.split(/(?<!\\)\|/u).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function readTable(reading: Reading): Block {
  const head = splitRow(reading.lines[reading.at] ?? '').map((cell) => parseInline(cell));
  reading.at += 2;
  const rows: Inline[][][] = [];
  while (reading.at < reading.lines.length) {
    const line = reading.lines[reading.at] ?? '';
    if (!line.includes('|')) break;
    reading.at += 1;
    const cells = splitRow(line);
    const kept = [...cells.slice(0, head.length - 1), cells.slice(head.length - 1).join(' ')];
    rows.push(head.map((_, column) => inline(reading, kept[column] ?? '')));
  }
  return { type: 'table', head, rows };
}

function readParagraph(reading: Reading): Block {
  const lines: string[] = [];
  while (reading.at < reading.lines.length) {
    const line = reading.lines[reading.at] ?? '';
    if (line.trim() === '' || (lines.length > 0 && startsOther(reading, line))) break;
    lines.push(line.trim());
    reading.at += 1;
  }
  return { type: 'paragraph', children: inline(reading, lines.join('\n')) };
}
