import { fileURLToPath } from 'node:url';
import { AnnotationMode, getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { AppError } from '../../server/errors.ts';
import { pdfBlocks, type PdfPage } from './pdf-blocks.ts';
import { readBox, readNumbers, type Box } from './pdf-geometry.ts';
import { readingOrder, type TextBox } from './pdf-layout.ts';
import { readOperators, type Painted } from './pdf-operators.ts';
import { keepVisible } from './pdf-visible.ts';
import { statedTitle } from './stated-title.ts';
import { extracted, squeeze, type Block, type Extracted } from './types.ts';

const maxPages = 2_000;
const assets = fileURLToPath(new URL('.', import.meta.resolve('pdfjs-dist/package.json')));

type PdfDocument = Awaited<ReturnType<typeof getDocument>['promise']>;
type PdfPageProxy = Awaited<ReturnType<PdfDocument['getPage']>>;

/** Pictures with more pixels are not decoded at all. */
const maxImageSize = 40_000_000;
/** Pictures of a file that are decoded to see what they cover; what comes later is believed to be no cover. */
const maxPixels = 60_000_000;

/** Opens a PDF without scripts, forms, system fonts or network. Destroy the task when done. */
export function openPdf(bytes: Uint8Array, largestImage = maxImageSize): ReturnType<typeof getDocument> {
  return getDocument({
    data: new Uint8Array(bytes),
    enableXfa: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    maxImageSize: largestImage,
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

/** The unit of most fonts. */
const usualUnit = 0.001;

async function readPainted(page: PdfPageProxy, document: PdfDocument): Promise<Painted> {
  const layers = await document.getOptionalContentConfig({ intent: 'display' });
  const { fnArray, argsArray } = await page.getOperatorList({ annotationMode: AnnotationMode.DISABLE });
  const fontOf = (name: string) => {
    const font: unknown = page.commonObjs.has(name) ? page.commonObjs.get(name) : null;
    const known = typeof font === 'object' && font !== null ? font : {};
    const [unit] = readNumbers('fontMatrix' in known ? known.fontMatrix : null);
    return { unit: unit ?? usualUnit, isVertical: 'vertical' in known && known.vertical === true };
  };
  const view = readBox(page.view) ?? a4;
  return readOperators({ fnArray, argsArray, view, fontOf, isShown: (group) => layers.isVisible(group) });
}

/** Reads what each page paints; pictures are looked at as long as they are few. */
function createPainter(bytes: Uint8Array, document: PdfDocument) {
  let pixels = 0;
  let plain: ReturnType<typeof openPdf> | null = null;
  return {
    async paint(page: PdfPageProxy): Promise<{ painted: Painted; hasUnread: boolean }> {
      const hasUnread = pixels > maxPixels;
      plain ??= hasUnread ? openPdf(bytes, 1) : null;
      const source = plain === null ? document : await plain.promise;
      const own = plain === null ? page : await source.getPage(page.pageNumber);
      const painted = await readPainted(own, source);
      own.cleanup();
      pixels += painted.pixels;
      return { painted, hasUnread };
    },
    close: async () => plain?.destroy(),
  };
}

const a4: Box = [0, 0, 595, 842];

/** Reads a page's text as it is seen; null for `hidden` where nothing was left out. */
async function readPage(
  page: PdfPageProxy,
  number: number,
  painter: ReturnType<typeof createPainter>,
): Promise<PdfPage & { hasHidden: boolean }> {
  const view = readBox(page.view) ?? a4;
  const [left, bottom, , top] = view;
  const content = await page.getTextContent();
  const found: TextBox[] = [];
  for (const item of content.items) {
    if (!('str' in item) || item.str.trim() === '') continue;
    const [a = 0, b = 0, , , x = 0, y = 0] = item.transform.map(Number);
    // Text that runs up or down the page is decoration, or belongs to a figure.
    if (Math.abs(b) > Math.abs(a)) continue;
    const size = Math.abs(item.height) || Math.abs(a);
    found.push({ text: item.str, x, y, width: item.width, size });
  }
  const { painted, hasUnread } = await painter.paint(page);
  const { boxes, hasHidden } = keepVisible(found, painted, { view, hasUnread });
  const onPage = boxes.map((box) => ({ ...box, x: box.x - left, y: box.y - bottom }));
  return { number, height: top - bottom, lines: readingOrder(onPage), hasHidden };
}

/** What the ledger says of pages on which text was left out. */
function hiddenNote(pages: readonly number[]): string[] {
  if (pages.length === 0) return [];
  const which = pages.length === 1 ? `page ${String(pages[0])}` : `${String(pages.length)} pages`;
  return [`Text that nobody sees on ${which} was left out.`];
}

function titleOf(info: unknown, blocks: readonly Block[]): string | null {
  const title = typeof info === 'object' && info !== null && 'Title' in info ? info.Title : null;
  const text = typeof title === 'string' ? squeeze(title) : '';
  // Word processors put file names and placeholders there.
  return /^(?:untitled|microsoft word|document\d*|.*\.(?:docx?|pptx?|indd|tex|dvi))\b/i.test(text)
    ? null
    : statedTitle(text, blocks);
}

/** The pages in order, the first 2,000 at most. */
async function readPages(
  bytes: Uint8Array,
  document: PdfDocument,
): Promise<(PdfPage & { hasHidden: boolean })[]> {
  const painter = createPainter(bytes, document);
  try {
    const pages = [];
    for (let number = 1; number <= Math.min(document.numPages, maxPages); number += 1) {
      const page = await document.getPage(number);
      pages.push(await readPage(page, number, painter));
      page.cleanup();
    }
    return pages;
  } finally {
    await painter.close();
  }
}

/**
 * Reads a PDF's text in reading order, with page numbers, headings by size, and without running heads.
 * @throws AppError `extract-failed` for a locked or damaged file.
 */
export async function extractPdf(bytes: Uint8Array): Promise<Extracted> {
  const task = openPdf(bytes);
  try {
    const document = await task.promise;
    const pages = await readPages(bytes, document);
    const numbersOf = (found: readonly PdfPage[]) => found.map(({ number }) => number);
    const { info } = await document.getMetadata().catch(() => ({ info: null }));
    const tooMany =
      document.numPages > maxPages ? [`Only its first ${String(maxPages)} pages were read.`] : [];
    const blocks = pdfBlocks(pages);
    const heading = blocks.find((entry) => entry.type === 'heading' && entry.page === 1);
    return extracted(blocks, {
      title: titleOf(info, blocks) ?? heading?.text ?? null,
      notes: [...tooMany, ...hiddenNote(numbersOf(pages.filter(({ hasHidden }) => hasHidden)))],
      pagesWithoutText: numbersOf(pages.filter(({ lines }) => lines.length === 0)),
    });
  } catch (error) {
    throw refuse(error);
  } finally {
    await task.destroy();
  }
}
