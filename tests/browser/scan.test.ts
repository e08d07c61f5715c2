import { expect, it } from 'vitest';
import { createParsePool, defaultPoolOptions } from '../../ingest/parse/pool.ts';
import { readDocument } from '../../ingest/read-document.ts';
import { launchBrowser } from './harness.ts';

const width = 1000;
const height = 500;

/** A picture of a printed page, as a scanner makes it. */
async function scan(): Promise<Buffer> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width, height } });
    await page.setContent(
      '<body style="font:34px serif;padding:40px"><p>Please return the lamp within thirty days.</p><p>The receipt must be in the parcel.</p></body>',
    );
    return await page.screenshot({ type: 'jpeg', quality: 90 });
  } finally {
    await browser.close();
  }
}

/** A PDF whose one page is a picture and holds no text. */
function scannedPdf(jpeg: Buffer): Buffer {
  const draw = 'q 500 0 0 250 40 400 cm /Im0 Do Q';
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /Im0 5 0 R >> >> /Contents 4 0 R >>',
    `<< /Length ${String(draw.length)} >>\nstream\n${draw}\nendstream`,
    `<< /Type /XObject /Subtype /Image /Width ${String(width)} /Height ${String(height)} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${String(jpeg.length)} >>\nstream\n${jpeg.toString('latin1')}\nendstream`,
  ];
  let file = '%PDF-1.7\n';
  const offsets = objects.map((body, index) => {
    const at = file.length;
    file += `${String(index + 1)} 0 obj\n${body}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n `;
  });
  const start = file.length;
  const count = String(objects.length + 1);
  file += `xref\n0 ${count}\n0000000000 65535 f \n${offsets.join('\n')}\ntrailer << /Size ${count} /Root 1 0 R >>\nstartxref\n${String(start)}\n%%EOF`;
  return Buffer.from(file, 'latin1');
}

it('reads a scanned page by OCR, offline, and says so', async () => {
  const bytes = scannedPdf(await scan());
  const parser = createParsePool({ ...defaultPoolOptions, processes: 1, timeoutMs: 60_000 });
  try {
    const task = {
      kind: 'document' as const,
      bytes,
      name: 'scan.pdf',
      url: null,
      contentType: null,
      title: null,
    };
    const reply = await readDocument({ parser, signal: new AbortController().signal }, task);
    expect(reply).toMatchObject({
      kind: 'document',
      text: expect.stringMatching(/return the lamp within thirty days[\s\S]*receipt must be in the parcel/i),
      notes: ['1 page without text was read by OCR.'],
      passages: [{ page: 1 }],
    });
  } finally {
    await parser.close();
  }
});
