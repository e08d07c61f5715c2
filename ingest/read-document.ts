import type { ParseReply, ParseTask, Scan } from './parse/messages.ts';
import type { RunContext } from './run-context.ts';

type DocumentTask = Extract<ParseTask, { kind: 'document' }>;

/** More scanned pages of one file than this are left out, and the ledger says so. */
const maxScannedPages = 50;

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
  if (scans.length === 0) return first;
  const second = await parser.parse({ ...task, scans }, signal);
  if (second.kind !== 'document') return second;
  const left = first.pagesWithoutText.length - maxScannedPages;
  const note = `${String(scans.length)} scanned ${scans.length === 1 ? 'page was' : 'pages were'} read by OCR.`;
  const rest = left > 0 ? [`${String(left)} more scanned pages were left out.`] : [];
  return { ...second, notes: [...second.notes, note, ...rest] };
}
