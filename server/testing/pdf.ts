/** A line of text on a test page, in points from the lower left corner. */
export interface PdfText {
  text: string;
  x: number;
  y: number;
  size?: number;
  /** Operators before the text, such as `1 g` for white or `3 Tr` for letters that are not painted. */
  before?: string;
  /** Operators after it, such as a rectangle over it. */
  after?: string;
}

/** What a test PDF has besides its pages. */
export interface PdfExtras {
  /** More entries of the catalogue. */
  catalog?: string;
  /** More entries of each page, such as annotations. */
  page?: string;
  /** More resources of each page. */
  resources?: string;
  /** Entries of the document information, such as `/Title (Words)`. */
  info?: string;
  /** Further objects, the first of which has the number `firstExtraObject(pages)`. */
  objects?: readonly string[];
}

/** The number of the first further object of a PDF with so many pages. */
export const firstExtraObject = (pages: number): number => 4 + pages * 2;

/** A stream's object. */
export const pdfStream = (dictionary: string, body: string): string =>
  `<< ${dictionary} /Length ${String(Buffer.byteLength(body, 'latin1'))} >>\nstream\n${body}\nendstream`;

function pageContent(page: readonly PdfText[]): string {
  return page
    .map(({ text, x, y, size = 11, before = '', after = '' }) => {
      const safe = text.replace(/[\\()]/g, '\\$&');
      const own = `${before} BT /F1 ${String(size)} Tf ${String(x)} ${String(y)} Td (${safe}) Tj ET`;
      return `q ${own} Q ${after}`;
    })
    .join('\n');
}

/** A small PDF with these pages (A4 upright, Helvetica), written by hand. */
export function makePdf(pages: readonly (readonly PdfText[])[], extras: PdfExtras = {}): Buffer {
  const { catalog = '', page: more = '', resources = '', info = '', objects: others = [] } = extras;
  const kids = pages.map((_page, index) => `${String(4 + index * 2)} 0 R`).join(' ');
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    `<< /Type /Pages /Kids [${kids}] /Count ${String(pages.length)} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((page, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> ${resources} >> /Contents ${String(5 + index * 2)} 0 R ${more} >>`,
      pdfStream('', pageContent(page)),
    ]),
    ...others,
    `<< ${info} >>`,
  ];
  let file = '%PDF-1.7\n';
  const offsets = objects.map((body, index) => {
    const offset = file.length;
    file += `${String(index + 1)} 0 obj\n${body}\nendobj\n`;
    return offset;
  });
  const xref = file.length;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = String(objects.length + 1);
  file += `xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${size} /Root 1 0 R /Info ${String(objects.length)} 0 R >>\nstartxref\n${String(xref)}\n%%EOF`;
  return Buffer.from(file, 'latin1');
}
