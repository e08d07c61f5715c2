import { parseCsv } from '../../server/domain/csv.ts';
import { basename } from 'node:path';
import { withoutOrders } from '../../server/domain/model-orders.ts';
import { AppError, errorMessage } from '../../server/errors.ts';
import { chunk } from '../chunk.ts';
import { decodeText } from '../extract/charset.ts';
import { extractHtml } from '../extract/html.ts';
import { detectLanguage } from '../extract/language.ts';
import { extractMarkdown } from '../extract/markdown.ts';
import { extractText } from '../extract/text.ts';
import { block, extracted, squeeze, type Extracted } from '../extract/types.ts';
import { readSitemap } from '../sitemap.ts';
import { listedDocuments, takeDocuments } from './document-list.ts';
import { guessFormat, type Format } from './format.ts';
import { isOfficeArchive, unzip } from './unzip.ts';
import type { ParseReply, ParseTask, Scan } from './messages.ts';

/** Longest text of one document, in UTF-16 code units. */
const maxTextLength = 5_000_000;
const maxTitleLength = 500;

type DocumentTask = Extract<ParseTask, { kind: 'document' }>;

/** So much of a container goes to the other process at once. */
const maxPartsBytes = 20_000_000;

/** Parsers of large formats are loaded when the first such file comes. */
async function extract(format: Format, task: DocumentTask): Promise<Extracted | null> {
  const text = () => decodeText(task.bytes, task.contentType);
  switch (format) {
    case 'html':
      return extractHtml(text(), task.url);
    case 'markdown':
      return extractMarkdown(text(), task.url);
    case 'text':
      return extractText(text());
    case 'csv': {
      const { rowBlocks } = await import('../extract/office/rows.ts');
      return extracted(rowBlocks(parseCsv(text()), null));
    }
    case 'office': {
      const { extractOffice } = await import('../extract/office/office.ts');
      return extractOffice(task.bytes);
    }
    case 'pdf': {
      const { extractPdf } = await import('../extract/pdf.ts');
      return withScans(await extractPdf(task.bytes), task.scans ?? []);
    }
  }
}

function titleFor(task: DocumentTask, found: Extracted): string {
  const name = URL.canParse(task.name) ? new URL(task.name).pathname : task.name;
  const fromName = basename(name).replace(/\.[a-z0-9]{1,8}$/i, '');
  const title = [task.title, found.title, fromName]
    .map((text) => squeeze(text ?? ''))
    .find((text) => text !== '');
  return (title ?? task.name).slice(0, maxTitleLength);
}

/** Puts the text of scanned pages where the pages are. */
function withScans(found: Extracted, scans: readonly Scan[]): Extracted {
  const read = scans.flatMap(({ page, paragraphs }) =>
    paragraphs.map((text) => block('paragraph', text, { page })),
  );
  const blocks = [...found.blocks, ...read].toSorted((left, right) => (left.page ?? 0) - (right.page ?? 0));
  return read.length === 0 ? found : { ...found, blocks };
}

async function readScan(task: Extract<ParseTask, { kind: 'ocr' }>): Promise<ParseReply> {
  const { pageImages } = await import('../extract/pdf-scan.ts');
  const { readImages } = await import('../extract/ocr.ts');
  const { page, folder, languages } = task;
  const read = await readImages(await pageImages(task.bytes, page), { folder, languages });
  return { kind: 'ocr', page, ...read };
}

function unsupported(seemsToBe: string, container?: 'archive' | 'list'): ParseReply {
  return {
    kind: 'failure',
    code: 'unsupported-type',
    message: `It seems to be ${seemsToBe}, which cannot be read${container === undefined ? '' : ' here'}.`,
    fix: container === undefined ? 'Convert it to HTML, Markdown, text or PDF.' : 'Upload it as a file.',
    ...(container === undefined ? {} : { container }),
  };
}

/** A ZIP archive or a list of documents, taken apart piece by piece. */
async function takeParts(task: Extract<ParseTask, { kind: 'parts' }>): Promise<ParseReply> {
  const lines = listedDocuments(task.bytes, task.name);
  if (lines !== null) return { kind: 'parts', hidden: 0, ...takeDocuments(lines, task.from, maxPartsBytes) };
  return { kind: 'parts', ...(await unzip(task.bytes, task.from, maxPartsBytes)) };
}

/** Tells the owner of a page that speaks to the assistant. */
function orderNotes(blocks: Extracted['blocks']): string[] {
  const order = blocks.flatMap(({ text }) => withoutOrders(text).orders)[0];
  return order === undefined
    ? []
    : [
        `It gives orders to an assistant, which are not shown or followed: “${squeeze(order).slice(0, 120)}”.`,
      ];
}

async function parseDocument(task: DocumentTask): Promise<ParseReply> {
  if (listedDocuments(task.bytes, task.name) !== null) return unsupported('a list of documents', 'list');
  const guess = guessFormat(task.bytes, task.contentType, task.name);
  if (guess.format === null) return unsupported(guess.seemsToBe);
  const isOther = guess.format === 'office' && !isOfficeArchive(task.bytes);
  const found = isOther ? null : await extract(guess.format, task);
  if (found === null) return unsupported('a ZIP archive that is no office file', 'archive');
  const length = found.blocks.reduce((sum, entry) => sum + entry.text.length, 0);
  if (length > maxTextLength) {
    const message = 'It holds more than 5 million characters of text.';
    return { kind: 'failure', code: 'too-large', message, fix: 'Split it into several documents.' };
  }
  const title = titleFor(task, found);
  const { text, passages } = await chunk(found.blocks, title);
  const { blocks, declaredLanguage, ...facts } = found;
  const notes = [...found.notes, ...orderNotes(blocks)];
  const language = detectLanguage(text, declaredLanguage);
  return { kind: 'document', ...facts, notes, title, language, text, passages };
}

/** Does one parsing task; what the input did wrong comes back as a failure, never as an exception. */
export async function parse(task: ParseTask): Promise<ParseReply> {
  try {
    if (task.kind === 'sitemap') return { kind: 'sitemap', ...readSitemap(task.bytes, task.url) };
    if (task.kind === 'parts') return await takeParts(task);
    return task.kind === 'ocr' ? await readScan(task) : await parseDocument(task);
  } catch (error) {
    if (error instanceof AppError && error.code === 'extract-failed') {
      return { kind: 'failure', code: error.code, message: error.message, fix: error.fix ?? '' };
    }
    const message = `It could not be read (${errorMessage(error).slice(0, 200)}).`;
    return { kind: 'failure', code: 'extract-failed', message, fix: 'Open it to see whether it is whole.' };
  }
}
