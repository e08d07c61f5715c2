import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { SourceDetail, websiteSourceSchema } from '../server/protocol/http-knowledge.ts';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';
import { helpPage, startTestSite, type TestPage, type TestSite } from '../server/testing/web-site.ts';

let bench: Workbench;
const sites: TestSite[] = [];

beforeAll(async () => {
  bench = await createWorkbench();
});
afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.close()));
});
afterAll(() => bench.close());

async function siteWith(pages: Record<string, TestPage>): Promise<TestSite> {
  const site = await startTestSite(pages);
  sites.push(site);
  return site;
}

type WebsiteInput = z.output<typeof websiteSourceSchema>;
const crawlDefaults = { type: 'website' as const, maxPages: 100, maxDepth: 20, include: [], exclude: [] };

async function crawl(
  site: TestSite,
  overrides: Partial<WebsiteInput> & { path?: string } = {},
): Promise<SourceDetail> {
  const { path = '/', ...config } = overrides;
  const id = await bench.sources.createWebsite(bench.siteId, {
    ...crawlDefaults,
    url: site.origin + path,
    ...config,
  });
  await bench.work();
  return bench.sources.get(bench.siteId, id, { limit: 500 });
}

/** The ledger as `path: state`, with the reason's first words where nothing was stored. */
function ledger(source: SourceDetail): Record<string, string> {
  return Object.fromEntries(
    source.items.map((item) => [
      new URL(item.id).pathname,
      item.state === 'indexed' ? 'indexed' : `${item.state}: ${item.reason ?? ''}`,
    ]),
  );
}

const text =
  'Everything that matters here is said in one sentence of some length, so that it is worth keeping.';

describe('crawling a website', { timeout: 240_000 }, () => {
  it('reads what links and the sitemap lead to, and accounts for every address', async () => {
    const site = await siteWith({
      '/': helpPage('Home', `${text} Home.`, [
        '/a',
        '/gone',
        '/logo.png',
        '/private/x',
        'https://other.example/',
        '/noindex',
        '/a#part',
      ]),
      '/a': helpPage('A', `${text} A.`, ['/b?utm_source=mail', '/']),
      '/b': helpPage('B', `${text} B.`),
      '/from-sitemap': helpPage('S', `${text} S.`),
      '/noindex': `<html><head><meta name="robots" content="noindex"></head><body><p>${text}</p><a href="/behind">x</a></body></html>`,
      '/behind': helpPage('Behind', `${text} Behind.`, [
        '/empty',
        '/script.pdf',
        '/login',
        '/error',
        '/copy',
      ]),
      '/empty': '<html><body><div id="app"></div></body></html>',
      '/script.pdf': {
        headers: { 'content-type': 'application/octet-stream' },
        body: Buffer.from([0, 1, 2, 0, 0, 7]),
      },
      '/login': { status: 401 },
      '/error': { status: 500 },
      '/copy': helpPage('B', `${text} B.`),
      '/robots.txt': {
        headers: { 'content-type': 'text/plain' },
        body: 'User-agent: *\nDisallow: /private\nSitemap: /map.xml',
      },
      '/map.xml': `<sitemapindex><sitemap><loc>/pages.xml</loc></sitemap></sitemapindex>`,
      '/pages.xml': `<urlset><url><loc>/from-sitemap</loc></url><url><loc>https://other.example/z</loc></url></urlset>`,
    });
    const source = await crawl(site);
    expect(source).toMatchObject({ state: 'done', reason: null });
    expect(ledger(source)).toEqual({
      '/': 'indexed',
      '/from-sitemap': 'indexed',
      '/a': 'indexed',
      '/b': 'indexed',
      '/behind': 'indexed',
      '/gone': expect.stringMatching(/^failed: .*404/),
      '/logo.png': expect.stringMatching(/^skipped: Its name/),
      '/private/x': expect.stringMatching(/^skipped: .*robots/),
      '/noindex': expect.stringMatching(/^skipped: .*noindex/),
      '/empty': expect.stringMatching(/^empty/),
      '/script.pdf': expect.stringMatching(/^skipped: It seems to be/),
      '/login': expect.stringMatching(/^blocked: .*login/),
      '/error': expect.stringMatching(/^failed: .*500/),
      '/copy': expect.stringMatching(/^skipped: .*duplicate/),
    });
    expect(site.hits).not.toContain('/private/x');
    expect(site.hits).not.toContain('/logo.png');
    expect(source.counts).toMatchObject({ total: 14, indexed: 5 });
    const document = await bench.documents.get(bench.siteId, `${site.origin}/a`);
    expect(document).toMatchObject({ title: 'A', language: 'en', url: `${site.origin}/a` });
    expect(document.text).not.toContain('Imprint');
    for (const passage of document.passages)
      expect(document.text.slice(passage.start, passage.end)).toBe(passage.text);
  });

  it('follows redirects within the site, once, and names those that leave it', async () => {
    const site = await siteWith({
      '/': helpPage('Home', text, ['/old', '/older', '/away']),
      '/old': { status: 301, headers: { location: '/new' } },
      '/older': { status: 302, headers: { location: '/new' } },
      '/away': { status: 302, headers: { location: 'http://127.0.0.2:1/' } },
      '/new': helpPage('New', `${text} New.`),
    });
    const source = await crawl(site);
    expect(ledger(source)).toMatchObject({
      '/new': 'indexed',
      '/old': expect.stringMatching(/^skipped: It redirects to .*\/new/),
      '/older': expect.stringMatching(/^skipped: It redirects to .*\/new/),
      '/away': expect.stringMatching(/^failed/),
    });
  });

  it('D5: keeps to its page limit, depth and patterns', async () => {
    const chain: Record<string, TestPage> = {};
    for (let n = 0; n < 12; n += 1)
      chain[`/p${String(n)}`] = helpPage(`P${String(n)}`, `${text} ${String(n)}`, [`/p${String(n + 1)}`]);
    const site = await siteWith(chain);
    const limited = await crawl(site, { path: '/p0', maxPages: 3 });
    expect(ledger(limited)).toEqual({
      '/p0': 'indexed',
      '/p1': 'indexed',
      '/p2': 'indexed',
      '/': expect.stringMatching(/^failed/),
      '/p3': expect.stringMatching(/^skipped: The limit of 3 pages/),
    });
    const shallow = await crawl(site, { path: '/p0', maxDepth: 2 });
    expect(ledger(shallow)['/p3']).toMatch(/^skipped: .*more than 2 links/);
    const narrow = await crawl(site, { path: '/p0', exclude: ['/p1'] });
    expect(ledger(narrow)).toMatchObject({ '/p1': expect.stringMatching(/^skipped: .*scope/) });
  });

  it('D5: does not let an endless calendar fill the ledger', async () => {
    const site = await siteWith({});
    site.pages.get = (path) =>
      path.startsWith('/day')
        ? helpPage(
            path,
            `${text} ${path}`,
            Array.from({ length: 600 }, (_, n) => `${path}-${String(n)}`),
          )
        : undefined;
    const source = await crawl(site, { path: '/day', maxPages: 5 });
    expect(source.counts['indexed']).toBe(5);
    expect(source.counts['total']).toBeLessThanOrEqual(5 * 3 + 500);
  });

  it.each([
    ['nothing is there', { '/': { status: 404 } }, /404/],
    [
      'robots.txt forbids it',
      { '/': helpPage('H', text), '/robots.txt': { body: 'User-agent: *\nDisallow: /' } },
      /robots\.txt forbids/,
    ],
    [
      'robots.txt cannot be read',
      { '/': helpPage('H', text), '/robots.txt': { status: 503 } },
      /robots\.txt could not be read.*503/,
    ],
    [
      'it is drawn by script',
      { '/': '<html><body><div id="app"></div><script>go()</script></body></html>' },
      /No text was found/,
    ],
  ])('fails with its cause when %s', async (_name, pages, cause) => {
    const source = await crawl(await siteWith(pages));
    expect(source.state).toBe('failed');
    expect(source.reason).toMatch(cause);
    for (const item of source.items) expect(['found', 'fetched']).not.toContain(item.state);
  });

  it('D1: refuses a private address and says so', async () => {
    const id = await bench.sources.createWebsite(bench.siteId, {
      ...crawlDefaults,
      url: 'http://169.254.169.254/',
    });
    await bench.work();
    const source = await bench.sources.get(bench.siteId, id);
    expect(source.state).toBe('failed');
    expect(source.reason).toMatch(/no public address/);
  });

  it('finds the same in a second crawl and stores nothing anew', async () => {
    const site = await siteWith({
      '/': helpPage('Home', `${text} Again.`, ['/x']),
      '/x': helpPage('X', `${text} X.`),
    });
    await crawl(site);
    const before = await bench.documents.get(bench.siteId, `${site.origin}/x`);
    const again = await crawl(site);
    expect(again).toMatchObject({ state: 'done', counts: { unchanged: 2, total: 2 } });
    const after = await bench.documents.get(bench.siteId, `${site.origin}/x`);
    expect(after.passages.map((passage) => passage.id)).toEqual(before.passages.map((passage) => passage.id));
  });
});

describe('runs', () => {
  it('leaves a run alone that is over, cancelled or unknown', async () => {
    const site = await siteWith({ '/': helpPage('Home', `${text} Run.`) });
    const source = await crawl(site);
    const hits = site.hits.length;
    await bench.pipeline.run({ sourceId: source.id, run: 1 }, new AbortController().signal);
    await bench.pipeline.run({ sourceId: source.id, run: 2 }, new AbortController().signal);
    expect(site.hits).toHaveLength(hits);
  });

  it('D8: stops writing once the source is cancelled, and says so of what is left', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    let reached = () => {};
    const isReached = new Promise<void>((resolve) => (reached = resolve));
    const site = await siteWith({
      '/': helpPage('Home', `${text} Cancel.`, ['/slow', '/later']),
      '/slow': (_request, response) => {
        reached();
        void gate.then(() => response.end(helpPage('Slow', `${text} Slow.`)));
      },
      '/later': helpPage('Later', `${text} Later.`),
    });
    const id = await bench.sources.createWebsite(bench.siteId, { ...crawlDefaults, url: `${site.origin}/` });
    const running = bench.work();
    await isReached;
    expect((await bench.sources.cancel(bench.siteId, id)).state).toBe('cancelled');
    release();
    await running;
    const source = await bench.sources.get(bench.siteId, id);
    expect(source.state).toBe('cancelled');
    expect(ledger(source)['/slow']).toMatch(/^skipped: .*cancelled/);
    await expect(bench.documents.get(bench.siteId, `${site.origin}/slow`)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('D8: goes on where a worker was stopped, without reading anything twice', async () => {
    const stop = new AbortController();
    const site = await siteWith({
      '/': helpPage('Home', `${text} Resume.`, ['/one', '/two']),
      '/one': (_request, response) => {
        response.once('close', () => stop.abort(new Error('shut down')));
        response.end(helpPage('One', `${text} One.`));
      },
    });
    const id = await bench.sources.createWebsite(bench.siteId, { ...crawlDefaults, url: `${site.origin}/` });
    const [job] = bench.jobs.held.splice(0);
    await expect(bench.pipeline.run(job!, stop.signal)).rejects.toThrow('shut down');
    expect((await bench.sources.get(bench.siteId, id)).state).toBe('running');
    site.pages.set('/one', helpPage('One', `${text} One.`));
    site.pages.set('/two', helpPage('Two', `${text} Two.`));
    await bench.pipeline.run(job!, new AbortController().signal);
    const source = await bench.sources.get(bench.siteId, id);
    expect(source.state).toBe('done');
    expect(source.items.every((item) => ['indexed', 'unchanged', 'failed'].includes(item.state))).toBe(true);
    expect(site.hits.filter((path) => path === '/')).toHaveLength(1);
  });
});
