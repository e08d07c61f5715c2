import type { ParseReply, ParseTask, Scan } from './parse/messages.ts';
import type { RunContext } from './run-context.ts';

type DocumentTask = Extract<ParseTask, { kind: 'document' }>;

/** More scanned pages of one file than this are left out, and the ledger says so. */
const maxScannedPages = 50;

const pages = (count: number) => `${String(count)} ${count === 1 ? 'page' : 'pages'}`;

/** What became of pages without text of their own, in words. */
function scanNotes(found: number, read: number): string[] {
  const tried = Math.min(found, maxScannedPages);
  const notes: string[] = [];
  if (read > 0) notes.push(`${pages(read)} without text ${read === 1 ? 'was' : 'were'} read by OCR.`);
  if (tried > read) notes.push(`On ${pages(tried - read)} OCR, which reads English, found no text.`);
  if (found > tried)
    notes.push(`${pages(found - tried)} without text more than OCR reads of one file were left out.`);
  return notes;
}

/**
 * Reads a document in the parsing processes; pages of a PDF without text of their own go through OCR, and what was
 * done is among the notes.
 * @throws AppError as `ParsePool.parse`.
 */
export async function readDocument(
  context: Pick<RunContext, 'parser' | 'signal'>,
  task: DocumentTask,
): Promise<ParseReply> {
  const { parser, signal } = context;
  const first = await parser.parse(task, signal);
  if (first.kind !== 'document' || first.pagesWithoutText.length === 0) return first;
  const scans: Scan[] = [];
  for (const page of first.pagesWithoutText.slice(0, maxScannedPages)) {
    const scan = await parser.parse({ kind: 'ocr', bytes: task.bytes, page }, signal);
    if (scan.kind === 'ocr' && scan.paragraphs.length > 0) scans.push(scan);
  }
  const notes = [...first.notes, ...scanNotes(first.pagesWithoutText.length, scans.length)];
  if (scans.length === 0) return { ...first, notes };
  const second = await parser.parse({ ...task, scans }, signal);
  return second.kind === 'document' ? { ...second, notes } : second;
}
