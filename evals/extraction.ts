/**
 * Main content of HTML: ours beside `@mozilla/readability` and a plain tag strip, on the same pages in the same
 * run. `npm run deskbell`-free: `node evals/extraction.ts --data <dir> [--json <file>]`, with `html-articles` in
 * that folder.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import { z } from 'zod';
import { decodeText } from '../ingest/extract/charset.ts';
import { extractHtml } from '../ingest/extract/html.ts';
import { readJsonLines } from './data.ts';
import { overlap, type Overlap } from './text-overlap.ts';

const articleRow = z.looseObject({
  id: z.string(),
  file: z.string(),
  url: z.string(),
  expected_text: z.string(),
});

type Extractor = (html: string, url: string) => string;

const readabilityShape = z.object({ textContent: z.string().nullish() }).nullable();

const extractors: Readonly<Record<string, Extractor>> = {
  deskbell(html, url) {
    const { blocks } = extractHtml(html, url);
    // The title is a field of its own in the reference, and with Readability.
    const title = blocks.find((entry) => entry.level === 1);
    return blocks
      .filter((entry) => entry !== title)
      .map((entry) => entry.text)
      .join('\n\n');
  },
  readability(html) {
    const { document } = parseHTML(html);
    return readabilityShape.parse(new Readability(document).parse())?.textContent ?? '';
  },
  'tag strip': (html) =>
    html.replace(/<(script|style|noscript)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]+>/g, ' '),
};

interface Score {
  id: string;
  url: string;
  words: Overlap;
  shingles: Overlap;
  ms: number;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function summarise(scores: readonly Score[], bytes: number) {
  const worst = scores.toSorted((left, right) => left.words.f1 - right.words.f1).slice(0, 10);
  const seconds = scores.reduce((sum, score) => sum + score.ms, 0) / 1000;
  return {
    wordF1: mean(scores.map((score) => score.words.f1)),
    wordPrecision: mean(scores.map((score) => score.words.precision)),
    wordRecall: mean(scores.map((score) => score.words.recall)),
    shingleF1: mean(scores.map((score) => score.shingles.f1)),
    worstTenWordF1: mean(worst.map((score) => score.words.f1)),
    megabytesPerSecond: bytes / 1e6 / seconds,
    worst: worst.map((score) => ({
      id: score.id,
      url: score.url,
      f1: score.words.f1,
      precision: score.words.precision,
      recall: score.words.recall,
    })),
  };
}

const { values: options } = parseArgs({
  options: { data: { type: 'string' }, json: { type: 'string' }, worst: { type: 'boolean', default: false } },
});
const data = options.data ?? process.env['EVAL_DATA'];
if (data === undefined) throw new Error('Say where the sets are: --data <dir> or EVAL_DATA.');
const folder = path.join(data, 'html-articles');
const rows = await readJsonLines(path.join(folder, 'manifest.jsonl'), articleRow);
const pages = await Promise.all(
  rows.map(async (row) => ({
    row,
    html: decodeText(gunzipSync(await readFile(path.join(folder, row.file))), null),
  })),
);
const bytes = pages.reduce((sum, page) => sum + page.html.length, 0);

const report: Record<string, ReturnType<typeof summarise>> = {};
for (const [name, extract] of Object.entries(extractors)) {
  const scores = pages.map(({ row, html }): Score => {
    const start = performance.now();
    const text = extract(html, row.url);
    const ms = performance.now() - start;
    const reference = row.expected_text;
    return {
      id: row.id,
      url: row.url,
      words: overlap(reference, text, 1),
      shingles: overlap(reference, text, 4),
      ms,
    };
  });
  report[name] = summarise(scores, bytes);
}

const columns = [
  'wordF1',
  'wordPrecision',
  'wordRecall',
  'shingleF1',
  'worstTenWordF1',
  'megabytesPerSecond',
] as const;
console.log(['extractor'.padEnd(14), ...columns.map((name) => name.padStart(19))].join(''));
for (const [name, result] of Object.entries(report)) {
  console.log([name.padEnd(14), ...columns.map((column) => result[column].toFixed(4).padStart(19))].join(''));
}
if (options.worst) for (const page of report['deskbell']?.worst ?? []) console.log(JSON.stringify(page));
if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
