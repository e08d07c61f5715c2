import type { OcrMark } from '../server/protocol/http-knowledge.ts';
import { languageNames, languagesFor } from './extract/ocr-data.ts';
import type { ParsedDocument, ParseReply, ParseTask, Scan } from './parse/messages.ts';
import type { RunContext } from './run-context.ts';

type DocumentTask = Extract<ParseTask, { kind: 'document' }>;

/** A document with what OCR did for it; null where every page has text of its own. */
export type ReadDocument = ParsedDocument & { ocr: OcrMark | null };

/** More scanned pages of one file than this are left out, and the ledger says so. */
const maxScannedPages = 50;

const pages = (count: number) => `${String(count)} ${count === 1 ? 'page' : 'pages'}`;

/** Null where OCR found nothing. */
function markOf(scans: readonly Scan[]): OcrMark | null {
  if (scans.length === 0) return null;
  const sum = scans.reduce((total, { confidence }) => total + confidence, 0);
  return { pages: scans.length, confidence: Math.round(sum / scans.length) };
}

/** What became of pages without text of their own, in words. */
function scanNotes(found: number, mark: OcrMark | null, languages: readonly string[]): string[] {
  const tried = Math.min(found, maxScannedPages);
  const read = mark?.pages ?? 0;
  const notes: string[] = [];
  if (mark !== null) {
    const was = read === 1 ? 'was' : 'were';
    notes.push(
      `${pages(read)} without text ${was} read by OCR, ${String(mark.confidence)} of 100 sure of its words.`,
    );
  }
  if (tried > read)
    notes.push(`On ${pages(tried - read)} OCR, which reads ${languageNames(languages)}, found no text.`);
  if (found > tried)
    notes.push(`${pages(found - tried)} without text more than OCR reads of one file were left out.`);
  return notes;
}

/**
 * Reads a document in the parsing processes; pages of a PDF without text of their own go through OCR, in the
 * document's language where the other pages tell it, and what was done is among the notes.
 * @throws AppError as `ParsePool.parse`.
 */
export async function readDocument(
  context: Pick<RunContext, 'parser' | 'signal'>,
  task: DocumentTask,
): Promise<Exclude<ParseReply, ParsedDocument> | ReadDocument> {
  const { parser, signal } = context;
  const first = await parser.parse(task, signal);
  if (first.kind !== 'document') return first;
  if (first.pagesWithoutText.length === 0) return { ...first, ocr: null };
  const languages = languagesFor(first.language, parser.ocr.languages);
  const scans: Scan[] = [];
  for (const page of first.pagesWithoutText.slice(0, maxScannedPages)) {
    const { folder } = parser.ocr;
    const scan = await parser.parse(
      { kind: 'ocr', bytes: task.bytes, page, folder, languages: [...languages] },
      signal,
    );
    if (scan.kind === 'ocr' && scan.paragraphs.length > 0) scans.push(scan);
  }
  const ocr = markOf(scans);
  const notes = [...first.notes, ...scanNotes(first.pagesWithoutText.length, ocr, languages)];
  if (scans.length === 0) return { ...first, notes, ocr };
  const second = await parser.parse({ ...task, scans }, signal);
  return second.kind === 'document' ? { ...second, notes, ocr } : second;
}
