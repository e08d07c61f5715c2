/**
 * Office and PDF files: every file of `office-docs` through the parsing processes; how it ended, how much of the
 * reference text was found, how fast. `node evals/office.ts --data <dir> [--json <file>]`
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createParsePool } from '../ingest/parse/pool.ts';
import { readDocument } from '../ingest/read-document.ts';
import { readJsonLines } from './data.ts';
import { overlap } from './text-overlap.ts';

const officeRow = z.looseObject({
  id: z.string(),
  file: z.string(),
  format: z.string(),
  bytes: z.number(),
  source: z.string(),
  expected_markdown: z.string().nullish(),
});

interface FileResult {
  name: string;
  format: string;
  state: string;
  bytes: number;
  ms: number;
  letters: number;
  /** Share of the reference's words and 4-grams that were found; null without a reference. */
  wordRecall: number | null;
  shingleRecall: number | null;
}

/** The words of Markdown without its marks, links and comments. */
const plain = (markdown: string) =>
  markdown
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/\]\([^)]*\)/g, ' ')
    .replace(/&amp;/g, '&')
    .replace(/&lt;|&gt;/g, ' ');

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null);

const { values: options } = parseArgs({ options: { data: { type: 'string' }, json: { type: 'string' } } });
const data = options.data ?? process.env['EVAL_DATA'];
if (data === undefined) throw new Error('Say where the sets are: --data <dir> or EVAL_DATA.');
const folder = path.join(data, 'office-docs');
const pool = createParsePool({ processes: 1, timeoutMs: 60_000, maxMemoryMb: 512 });
const never = new AbortController().signal;
const results: FileResult[] = [];
for (const row of await readJsonLines(path.join(folder, 'manifest.jsonl'), officeRow)) {
  const bytes = await readFile(path.join(folder, row.file));
  const start = performance.now();
  const task = {
    kind: 'document' as const,
    bytes,
    name: row.file,
    url: null,
    contentType: null,
    title: null,
  };
  const reply = await readDocument({ parser: pool, signal: never }, task).catch((error: unknown) => ({
    kind: 'failure' as const,
    code: 'killed',
    message: String(error),
  }));
  const ms = performance.now() - start;
  const text = reply.kind === 'document' ? reply.text : '';
  const state = reply.kind === 'failure' ? `${reply.code}: ${reply.message}` : text === '' ? 'empty' : 'text';
  const reference = typeof row.expected_markdown === 'string' ? plain(row.expected_markdown) : null;
  const recall = (length: number) => (reference === null ? null : overlap(reference, text, length).recall);
  const name = `${path.basename(row.source)} (${row.id})`;
  results.push({
    name,
    format: row.format,
    state,
    bytes: row.bytes,
    ms,
    letters: text.length,
    wordRecall: recall(1),
    shingleRecall: recall(4),
  });
}
await pool.close();

console.log(
  `${'format'.padEnd(10)}${['files', 'text', 'wordRecall', 'shingleRecall', 'kB text/s', 'kB file/s'].map((name) => name.padStart(15)).join('')}`,
);
for (const format of [...new Set(results.map((result) => result.format))].toSorted()) {
  const own = results.filter((result) => result.format === format);
  const seconds = own.reduce((sum, result) => sum + result.ms, 0) / 1000;
  const cells = [
    String(own.length),
    String(own.filter((result) => result.state === 'text').length),
    mean(known(own.map((result) => result.wordRecall))).toFixed(3),
    mean(known(own.map((result) => result.shingleRecall))).toFixed(3),
    (own.reduce((sum, result) => sum + result.letters, 0) / 1000 / seconds).toFixed(0),
    (own.reduce((sum, result) => sum + result.bytes, 0) / 1000 / seconds).toFixed(0),
  ];
  console.log(`${format.padEnd(10)}${cells.map((cell) => cell.padStart(15)).join('')}`);
}
console.log('\nWithout text');
for (const result of results) if (result.state !== 'text') console.log(`  ${result.name}: ${result.state}`);
console.log('\nWorst ten');
const withReference = results.filter((result) => result.wordRecall !== null && result.state === 'text');
for (const result of withReference
  .toSorted((a, b) => (a.wordRecall ?? 0) - (b.wordRecall ?? 0))
  .slice(0, 10)) {
  console.log(
    `  ${result.name}: ${(result.wordRecall ?? 0).toFixed(3)} words, ${(result.shingleRecall ?? 0).toFixed(3)} 4-grams`,
  );
}
if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
