import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { prepareOcr } from '../../ingest/extract/ocr-data.ts';
import { createParsePool, defaultPoolOptions } from '../../ingest/parse/pool.ts';
import { readDocument } from '../../ingest/read-document.ts';
import { z } from 'zod';
import { apiKey, callApi, launchBrowser, startServer, type RunningServer } from './harness.ts';

const width = 1000;
const height = 500;

/** A picture of a printed page, as a scanner makes it. */
async function scan(...lines: string[]): Promise<Buffer> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width, height } });
    const text = lines.map((line) => `<p>${line}</p>`).join('');
    await page.setContent(`<meta charset="utf-8"><body style="font:34px serif;padding:40px">${text}</body>`);
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

const folder = await mkdtemp(path.join(tmpdir(), 'deskbell-ocr-'));
afterAll(() => rm(folder, { recursive: true }));

async function readScan(languages: string[], ...lines: string[]) {
  const bytes = scannedPdf(await scan(...lines));
  const ocr = await prepareOcr(languages, folder);
  const parser = createParsePool({ ...defaultPoolOptions, processes: 1, timeoutMs: 60_000, ocr });
  const file = { name: 'scan.pdf', url: null, contentType: null, title: null };
  try {
    const context = { parser, signal: new AbortController().signal };
    return await readDocument(context, { kind: 'document', bytes, ...file });
  } finally {
    await parser.close();
  }
}

it('reads a scanned page by OCR, offline, and says so', async () => {
  const reply = await readScan(
    ['eng'],
    'Please return the lamp within thirty days.',
    'The receipt must be in the parcel.',
  );
  expect(reply).toMatchObject({
    kind: 'document',
    text: expect.stringMatching(/return the lamp within thirty days[\s\S]*receipt must be in the parcel/i),
    notes: [expect.stringMatching(/^1 page without text was read by OCR, \d+ of 100 sure of its words\.$/)],
    ocr: { pages: 1, confidence: expect.any(Number) },
    passages: [{ page: 1 }],
  });
});

const german = [
  'Rückgabe von Geräten mit großem Gehäuse',
  'Für Käufe außerhalb der Öffnungszeiten gilt: Bücher, Möbel',
  'und Süßwaren müssen zurückgeschickt werden.',
];

it('reads German with its umlauts once that is installed and named', async () => {
  const both = await readScan(['eng', 'deu'], ...german);
  expect(both.kind === 'document' ? both.text.replace(/\s+/g, ' ') : both).toBe(german.join(' '));
  expect(both).toMatchObject({ language: 'de', ocr: { pages: 1 } });
});

it('refuses to start with a language whose data are not installed, and says how to install them', async () => {
  await expect(prepareOcr(['eng', 'tlh'], folder)).rejects.toMatchObject({
    code: 'start-failed',
    message: 'OCR_LANGUAGES names "tlh", whose data are not installed.',
    fix: expect.stringContaining('npm install @tesseract.js-data/tlh'),
  });
});

const accepted = z.object({ sourceId: z.uuid() });
const ledger = z.object({
  state: z.string(),
  items: z.array(z.object({ state: z.string(), reason: z.string().nullable(), ocr: z.unknown() })),
});
const answered = z.object({
  decision: z.string(),
  answer: z.string(),
  citations: z.array(z.object({ documentId: z.string(), title: z.string(), page: z.number().nullable() })),
});

async function uploadScan(server: RunningServer, bytes: Buffer): Promise<string> {
  const form = new FormData();
  form.append('files', new Blob([new Uint8Array(bytes)], { type: 'application/pdf' }), 'returns.pdf');
  const headers = { authorization: `Bearer ${apiKey}` };
  const address = `${server.url}/api/v1/sites/default/sources`;
  const answer = await fetch(address, { method: 'POST', headers, body: form });
  return accepted.parse(await answer.json()).sourceId;
}

it('reads a scan that was uploaded, says in the ledger that it was one, and answers from it', async () => {
  const bytes = scannedPdf(
    await scan('Lamps can be returned within thirty days.', 'The receipt must be in the parcel.'),
  );
  const server = await startServer();
  try {
    const source = `/sites/default/sources/${await uploadScan(server, bytes)}`;
    const read = async () => ledger.parse(await callApi(server, 'GET', source));
    await expect.poll(async () => (await read()).state, { timeout: 120_000, interval: 250 }).toBe('done');
    expect((await read()).items).toEqual([
      {
        state: 'indexed',
        reason: expect.stringContaining('read by OCR'),
        ocr: { pages: 1, confidence: expect.any(Number) },
      },
    ]);
    const question = 'Within how many days can lamps be returned?';
    const answer = answered.parse(await callApi(server, 'POST', '/sites/default/answers', { question }));
    expect(answer).toMatchObject({ decision: 'answer', answer: expect.stringContaining('thirty days') });
    const [cited] = answer.citations;
    expect(cited).toMatchObject({ title: 'returns', page: 1 });
    const document = `/sites/default/documents/${encodeURIComponent(cited?.documentId ?? '')}`;
    expect(await callApi(server, 'GET', document)).toMatchObject({ passages: [{ page: 1 }] });
  } finally {
    await server.stop();
  }
});
