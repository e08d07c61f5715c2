/** A line of text on a test page, in points from the lower left corner. */
export interface PdfText {
  text: string;
  x: number;
  y: number;
  size?: number;
}

/** A small PDF with these pages (A4 upright, Helvetica), written by hand. */
export function makePdf(pages: readonly (readonly PdfText[])[], extra = ''): Buffer {
  const objects: string[] = [];
  const add = (body: string) => objects.push(body);
  const kids = pages.map((_page, index) => `${String(4 + index * 2)} 0 R`).join(' ');
  add(`<< /Type /Catalog /Pages 2 0 R ${extra} >>`);
  add(`<< /Type /Pages /Kids [${kids}] /Count ${String(pages.length)} >>`);
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  for (const [index, page] of pages.entries()) {
    const content = page
      .map(({ text, x, y, size = 11 }) => {
        const safe = text.replace(/[\\()]/g, '\\$&');
        return `BT /F1 ${String(size)} Tf ${String(x)} ${String(y)} Td (${safe}) Tj ET`;
      })
      .join('\n');
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${String(5 + index * 2)} 0 R >>`,
    );
    add(`<< /Length ${String(Buffer.byteLength(content, 'latin1'))} >>\nstream\n${content}\nendstream`);
  }
  let file = '%PDF-1.7\n';
  const offsets = objects.map((body, index) => {
    const offset = file.length;
    file += `${String(index + 1)} 0 obj\n${body}\nendobj\n`;
    return offset;
  });
  const xref = file.length;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = String(objects.length + 1);
  file += `xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${String(xref)}\n%%EOF`;
  return Buffer.from(file, 'latin1');
}
