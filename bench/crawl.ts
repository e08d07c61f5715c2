/**
 * Real sites, served on loopback and crawled three times: anew, unchanged, and with one page changed in one place.
 * `npm run bench -- crawl --data <dir> [--sites site-httpd,va-site] [--json]`; on TEST_DATABASE_URL, else PGlite.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createBuiltinEmbedder } from '../server/adapters/embedder/builtin.ts';
import type { Embedder } from '../server/ports.ts';
import type { SourceDetail } from '../server/protocol/http-knowledge.ts';
import { createPassageIndex } from '../server/services/passage-index.ts';
import { silentLogger } from '../server/testing/deps.ts';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';
import { serveSet, type ServedSite } from './crawl/sites.ts';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    sites: { type: 'string', default: 'site-httpd,site-chatwoot,site-plausible,va-site' },
    json: { type: 'boolean', default: false },
  },
});
const data = options.data ?? process.env['EVAL_DATA'];
if (data === undefined) throw new Error('Say where the sets are: --data <dir> or EVAL_DATA.');

interface Row {
  site: string;
  reached: string;
  ledger: string;
  passages: number;
  pagesPerSecond: number;
  /** Bodies sent and texts embedded by the crawl of the unchanged site. */
  again: string;
  /** Texts embedded after the change, of the passages that the page has. */
  change: string;
}

/** Costs nothing, and tells how many texts it was given. */
function createCountingEmbedder(): Embedder & { count: number } {
  const builtin = createBuiltinEmbedder();
  const counting = {
    ...builtin,
    count: 0,
    embed(texts: readonly string[], kind: 'query' | 'passage') {
      counting.count += texts.length;
      return builtin.embed(texts, kind);
    },
  };
  return counting;
}

async function readLedger(bench: Workbench, id: string): Promise<SourceDetail> {
  const first = await bench.sources.get(bench.siteId, id, { limit: 500 });
  const items = [...first.items];
  for (let { next } = first; next !== null;) {
    const page = await bench.sources.get(bench.siteId, id, { limit: 500, after: next });
    items.push(...page.items);
    next = page.next;
  }
  return { ...first, items };
}

const isOpen = (state: string) => state === 'found' || state === 'fetched';
const isStored = (state: string) => state === 'indexed' || state === 'unchanged';

function countReached({ reachable, site }: ServedSite, ledger: SourceDetail): number {
  const stored = new Set(ledger.items.filter(({ state }) => isStored(state)).map(({ id }) => id));
  return reachable.filter((page) =>
    [page, page.replace(/index\.html$/, '')].some((name) => stored.has(new URL(name, site.origin).href)),
  ).length;
}

/** Puts a sentence of its own into the middle of a text, where a sentence ends. */
function editMiddle(body: string): string {
  const at = body.indexOf('. ', Math.floor(body.length / 2));
  const place = at < 0 ? body.lastIndexOf('. ') : at;
  return `${body.slice(0, place + 2)}This sentence was not there before. ${body.slice(place + 2)}`;
}

async function crawlSet(name: string, folder: string): Promise<Row> {
  const embedder = createCountingEmbedder();
  const index = createPassageIndex({ embedder, logger: silentLogger });
  const [bench, served] = await Promise.all([createWorkbench({ index }), serveSet(folder)]);
  const input = {
    type: 'website' as const,
    maxPages: 1000,
    maxDepth: 20,
    include: [],
    exclude: [],
    delayMs: 0,
  };
  const url = `${served.site.origin}${served.start}`;
  const begun = performance.now();
  const id = await bench.sources.createWebsite(bench.siteId, { ...input, url });
  await bench.work();
  const seconds = (performance.now() - begun) / 1000;
  const first = await readLedger(bench, id);
  const passages = first.items.reduce((sum, item) => sum + (item.passageCount ?? 0), 0);

  served.reset();
  embedder.count = 0;
  await bench.sources.rerun(bench.siteId, id);
  await bench.work();
  const again = `${String(served.bodies())} bodies, ${String(embedder.count)} embedded`;

  const largest = first.items.reduce((best, item) =>
    (item.passageCount ?? 0) > (best.passageCount ?? 0) ? item : best,
  );
  served.change(decodeURI(new URL(largest.id).pathname), editMiddle);
  embedder.count = 0;
  await bench.sources.rerun(bench.siteId, id);
  await bench.work();
  const third = await readLedger(bench, id);
  const changed = third.items.find((item) => item.id === largest.id);
  const open = third.items.filter(({ state }) => isOpen(state)).length;
  const row: Row = {
    site: name,
    reached: `${String(countReached(served, first))} of ${String(served.reachable.length)}`,
    ledger: `${String(first.items.length)} rows, ${String(open)} open, ${String(first.items.filter(({ reason }) => reason === null).length)} without reason`,
    passages,
    pagesPerSecond: Number(((first.counts['indexed'] ?? 0) / seconds).toFixed(1)),
    again,
    change: `${String(embedder.count)} of ${String(changed?.passageCount ?? 0)} (${changed?.reason ?? ''})`,
  };
  await Promise.all([bench.close(), served.close()]);
  return row;
}

const rows: Row[] = [];
for (const name of options.sites.split(',')) rows.push(await crawlSet(name, path.join(data, name)));
if (options.json) console.log(JSON.stringify(rows, null, 2));
else console.table(rows);
