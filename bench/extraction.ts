/**
 * How fast files become blocks, each beside the least that could be done with the same bytes in the same run:
 * HTML beside a SAX pass without a tree, Word beside unzipping and a SAX pass, PDF beside pdf.js's own text.
 * `npm run bench -- extraction [--data <dir>] [--json]`; the HTML is `html-articles` of that folder, else our own.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { Parser } from 'htmlparser2';
import { z } from 'zod';
import { readJsonLines } from '../evals/data.ts';
import { openArchive } from '../ingest/extract/archive.ts';
import { extractHtml } from '../ingest/extract/html.ts';
import { extractOffice } from '../ingest/extract/office/office.ts';
import { extractPdf, openPdf } from '../ingest/extract/pdf.ts';
import { makePdf } from '../server/testing/pdf.ts';
import { makeZip } from '../server/testing/zip.ts';

const { values: options } = parseArgs({
  options: { data: { type: 'string' }, json: { type: 'boolean', default: false } },
});
const data = options.data ?? process.env['EVAL_DATA'];
const rounds = 5;

interface Line {
  what: string;
  unit: string;
  floor: number;
  ours: number;
}

const sentence = 'You may send back anything within thirty days, and we pay for the way. ';
const section = (at: number) =>
  `<section class="part"><h2 id="s${String(at)}">Part ${String(at)}</h2><p class="text">${sentence.repeat(6)}</p><ul><li><a href="/a">One</a></li><li>Two of them</li></ul></section>`;
const ownPage = `<html><body><nav>${'<a href="/x">Link</a>'.repeat(40)}</nav><main>${Array.from({ length: 60 }, (_, at) => section(at)).join('')}</main></body></html>`;

async function htmlPages(): Promise<string[]> {
  if (data === undefined) return Array<string>(50).fill(ownPage);
  const folder = path.join(data, 'html-articles');
  const rows = await readJsonLines(path.join(folder, 'manifest.jsonl'), z.looseObject({ file: z.string() }));
  return Promise.all(
    rows.map(async ({ file }) => gunzipSync(await readFile(path.join(folder, file))).toString()),
  );
}

function sax(text: string, isXml = false): number {
  let letters = 0;
  const parser = new Parser({ ontext: (piece) => (letters += piece.length) }, { xmlMode: isXml });
  parser.write(text);
  parser.end();
  return letters;
}

/** Amount per second of the fastest round: what the machine can do when nothing disturbs it. */
async function rate(amount: number, work: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return (amount / best) * 1000;
}

async function compare(
  what: string,
  unit: string,
  amount: number,
  floor: () => unknown,
  ours: () => unknown,
): Promise<Line> {
  return { what, unit, floor: await rate(amount, floor), ours: await rate(amount, ours) };
}

async function pdfTexts(bytes: Uint8Array): Promise<void> {
  const task = openPdf(bytes);
  const document = await task.promise;
  for (let page = 1; page <= document.numPages; page += 1)
    await (await document.getPage(page)).getTextContent();
  await task.destroy();
}

const pages = await htmlPages();
const megabytes = pages.reduce((sum, page) => sum + page.length, 0) / 1e6;
const paragraph = `<w:p><w:r><w:t>${sentence.repeat(5)}</w:t></w:r></w:p>`;
const body = `<w:document xmlns:w="w"><w:body>${paragraph.repeat(4_000)}</w:body></w:document>`;
const word = makeZip([{ name: 'word/document.xml', body }]);
const pdfPage = Array.from({ length: 48 }, (_, at) => ({ text: sentence, x: 60, y: 780 - at * 15 }));
const pdf = makePdf(Array.from({ length: 60 }, () => pdfPage));

const lines = [
  await compare(
    'HTML beside SAX',
    'MB/s',
    megabytes,
    () => pages.map((page) => sax(page)),
    () => pages.map((page) => extractHtml(page, null)),
  ),
  await compare(
    'Word beside unzip and SAX',
    'MB text/s',
    (sentence.length * 5 * 4_000) / 1e6,
    async () => sax(String(await (await openArchive(word)).read('word/document.xml')), true),
    () => extractOffice(word),
  ),
  await compare(
    'PDF beside pdf.js',
    'pages/s',
    60,
    () => pdfTexts(pdf),
    () => extractPdf(pdf),
  ),
];

if (options.json) console.log(JSON.stringify(lines, null, 2));
else {
  for (const { what, unit, floor, ours } of lines)
    console.log(
      `${what.padEnd(28)} floor ${floor.toFixed(1)} ${unit}, ours ${ours.toFixed(1)} ${unit}, ${((ours / floor) * 100).toFixed(0)} % of it`,
    );
}
