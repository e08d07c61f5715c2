/**
 * How fast sources become passages: a site on loopback crawled twice, and NDJSON, on a database of its own
 * (TEST_DATABASE_URL, else PGlite in memory), with the built-in embedder.
 * `npm run bench -- ingest --data <dir> [--json]`, with `site-httpd` and `doc2dial` in that folder.
 */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';
import { startTestSite, type TestSite } from '../server/testing/web-site.ts';
import { readJsonLines } from '../evals/data.ts';
import { z } from 'zod';

const { values: options } = parseArgs({
  options: { data: { type: 'string' }, json: { type: 'boolean', default: false } },
});
const data = options.data ?? process.env['EVAL_DATA'];
if (data === undefined) throw new Error('Say where the sets are: --data <dir> or EVAL_DATA.');

const pageRow = z.looseObject({ file: z.string(), lang: z.string(), charset: z.string() });
const expectedShape = z.looseObject({ start: z.string(), reachable: z.array(z.string()) });

interface Line {
  what: string;
  items: number;
  passages: number;
  requests: number;
  seconds: number;
}

async function serve(folder: string): Promise<TestSite> {
  const site = await startTestSite({});
  for (const row of await readJsonLines(path.join(folder, 'manifest.jsonl'), pageRow)) {
    if (!row.file.startsWith('files/en/')) continue;
    const name = `/${row.file.slice('files/en/'.length)}`;
    const page = {
      headers: { 'content-type': 'text/html' },
      body: await readFile(path.join(folder, row.file)),
    };
    site.pages.set(name, page);
    if (name.endsWith('/index.html')) site.pages.set(name.slice(0, -'index.html'.length), page);
  }
  return site;
}

async function measure(
  bench: Workbench,
  site: TestSite,
  what: string,
  begin: () => Promise<string>,
): Promise<Line> {
  site.hits.length = 0;
  const start = performance.now();
  const id = await begin();
  await bench.work();
  const seconds = (performance.now() - start) / 1000;
  const source = await bench.sources.get(bench.siteId, id, { limit: 500 });
  const passages = source.items.reduce((sum, item) => sum + (item.passageCount ?? 0), 0);
  return { what, items: source.counts['total'] ?? 0, passages, requests: site.hits.length, seconds };
}

const bench = await createWorkbench();
const site = await serve(path.join(data, 'site-httpd'));
const expected = expectedShape.parse(
  JSON.parse(await readFile(path.join(data, 'site-httpd/expected_crawl.json'), 'utf8')),
);
const input = {
  type: 'website' as const,
  url: `${site.origin}/${expected.start}`,
  maxPages: 1000,
  maxDepth: 20,
  include: [],
  exclude: [],
  delayMs: 0,
};
let sourceId = '';
const lines = [
  await measure(
    bench,
    site,
    'crawl, first',
    async () => (sourceId = await bench.sources.createWebsite(bench.siteId, input)),
  ),
  await measure(
    bench,
    site,
    'crawl, again',
    async () => (await bench.sources.rerun(bench.siteId, sourceId)).id,
  ),
  await measure(bench, site, 'NDJSON', () =>
    bench.sources.createDocuments(
      bench.siteId,
      'doc2dial',
      createReadStream(path.join(data, 'doc2dial/corpus.jsonl')),
    ),
  ),
];
const crawled = await bench.sources.get(bench.siteId, sourceId, { limit: 500 });
const states = new Map(crawled.items.map((item) => [item.id, item.state]));
const isReached = (name: string) =>
  [`${site.origin}/${name}`, `${site.origin}/${name.replace(/index\.html$/, '')}`].some((url) =>
    ['indexed', 'unchanged'].includes(states.get(url) ?? ''),
  );
const reached = expected.reachable.filter(isReached).length;
if (options.json)
  console.log(JSON.stringify({ lines, reached, reachable: expected.reachable.length }, null, 2));
else {
  for (const { what, items, passages, requests, seconds } of lines) {
    const rates = `${(items / seconds).toFixed(1)} items/s, ${(passages / seconds).toFixed(1)} passages/s`;
    console.log(
      `${what.padEnd(14)} ${String(items)} items, ${String(passages)} passages, ${String(requests)} requests, ${seconds.toFixed(2)} s (${rates})`,
    );
  }
  console.log(`pages reached: ${String(reached)} of ${String(expected.reachable.length)}`);
}
await site.close();
await bench.close();
