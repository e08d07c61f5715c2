import { fileURLToPath } from 'node:url';
import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { AppError } from '../../server/errors.ts';
import { pdfBlocks, type PdfPage } from './pdf-blocks.ts';
import { readingOrder, type TextBox } from './pdf-layout.ts';
import { extracted, squeeze, type Extracted } from './types.ts';

const maxPages = 2_000;
const assets = fileURLToPath(new URL('.', import.meta.resolve('pdfjs-dist/package.json')));

type PdfDocument = Awaited<ReturnType<typeof getDocument>['promise']>;
type PdfPageProxy = Awaited<ReturnType<PdfDocument['getPage']>>;

/** Opens a PDF without scripts, forms, system fonts or network. Destroy the task when done. */
export function openPdf(bytes: Uint8Array): ReturnType<typeof getDocument> {
  return getDocument({
    data: new Uint8Array(bytes),
    enableXfa: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    maxImageSize: 40_000_000,
    cMapUrl: `${assets}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${assets}standard_fonts/`,
    verbosity: VerbosityLevel.ERRORS,
  });
}

function refuse(error: unknown): AppError {
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException') {
    return new AppError('extract-failed', 'The PDF is protected by a password.', {
      fix: 'Save it without a password and send it again.',
    });
  }
  return new AppError('extract-failed', 'The PDF is damaged and cannot be read.', {
    fix: 'Open it in a viewer and save it anew.',
    cause: error,
  });
}

async function readPage(page: PdfPageProxy, number: number): Promise<PdfPage> {
  const [left, bottom, , top] = page.view;
  const content = await page.getTextContent();
  const boxes: TextBox[] = [];
  for (const item of content.items) {
    if (!('str' in item) || item.str.trim() === '') continue;
    const [a = 0, b = 0, , , x = 0, y = 0] = item.transform.map(Number);
    // Text that runs up or down the page is decoration, or belongs to a figure.
    if (Math.abs(b) > Math.abs(a)) continue;
    const size = Math.abs(item.height) || Math.abs(a);
    boxes.push({ text: item.str, x: x - (left ?? 0), y: y - (bottom ?? 0), width: item.width, size });
  }
  const height = (top ?? 0) - (bottom ?? 0);
  return { number, height, lines: readingOrder(boxes) };
}

function titleOf(info: unknown): string | null {
  const title = typeof info === 'object' && info !== null && 'Title' in info ? info.Title : null;
  const text = typeof title === 'string' ? squeeze(title) : '';
  // Word processors put file names and placeholders there.
  return text === '' ||
    /^(?:untitled|microsoft word|document\d*|.*\.(?:docx?|pptx?|indd|tex|dvi))\b/i.test(text)
    ? null
    : text;
}

/**
 * Reads a PDF's text in reading order, with page numbers, headings by size, and without running heads.
 * @throws AppError `extract-failed` for a locked or damaged file.
 */
export async function extractPdf(bytes: Uint8Array): Promise<Extracted> {
  const task = openPdf(bytes);
  try {
    const document = await task.promise;
    const pages: PdfPage[] = [];
    const pagesWithoutText: number[] = [];
    for (let number = 1; number <= Math.min(document.numPages, maxPages); number += 1) {
      const page = await document.getPage(number);
      const read = await readPage(page, number);
      if (read.lines.length === 0) pagesWithoutText.push(number);
      pages.push(read);
      page.cleanup();
    }
    const { info } = await document.getMetadata().catch(() => ({ info: null }));
    const notes = document.numPages > maxPages ? [`Only its first ${String(maxPages)} pages were read.`] : [];
    const blocks = pdfBlocks(pages);
    const heading = blocks.find((entry) => entry.type === 'heading' && entry.page === 1);
    return extracted(blocks, { title: titleOf(info) ?? heading?.text ?? null, notes, pagesWithoutText });
  } catch (error) {
    throw refuse(error);
  } finally {
    await task.destroy();
  }
}
