import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';
import { helpPage, startTestSite, type TestPage, type TestSite } from '../server/testing/web-site.ts';
import { extractHtml } from './extract/html.ts';

let bench: Workbench;
let site: TestSite;
let canary: TestSite;
beforeAll(async () => {
  bench = await createWorkbench({ allowRanges: ['127.0.0.1/32'], pause: () => Promise.resolve() });
});
afterAll(() => bench.close());
beforeEach(async () => {
  [site, canary] = await Promise.all([startTestSite({}), startTestSite({}, '127.0.0.2')]);
});
afterEach(() => Promise.all([site.close(), canary.close()]));

const text =
  'Everything that matters here is said in one sentence of some length, so that it is worth keeping.';
const refresh = (content: string) =>
  `<html><head><meta http-equiv="Refresh" content="${content}"><title>Moved</title></head><body><p>${text} You are sent on.</p></body></html>`;

/** Rows by path of a source that reads these pages and no others. */
async function rowsOf(pages: Record<string, TestPage>, ...paths: string[]): Promise<Record<string, string>> {
  for (const [path, page] of Object.entries(pages)) site.pages.set(path, page);
  const urls = paths.map((path) => `${site.origin}${path}`);
  const source = { type: 'pages' as const, urls, delayMs: 0, concurrency: 1 };
  const id = await bench.sources.createPages(bench.siteId, source);
  await bench.work();
  const { items } = await bench.sources.get(bench.siteId, id);
  return Object.fromEntries(
    items.map((item) => [item.id.replace(site.origin, ''), `${item.state}: ${item.reason ?? ''}`]),
  );
}

describe('D2: meta refresh', () => {
  it('is followed like a redirect, once, and the ledger says so', async () => {
    const rows = await rowsOf(
      {
        '/old': refresh('0; url=/new'),
        '/older': refresh("0;URL='old'"),
        '/new': helpPage('New', `${text} New.`),
      },
      '/old',
      '/older',
    );
    expect(rows).toEqual({
      '/old': expect.stringMatching(/^skipped: It sends its readers on to .*\/new \(meta refresh\)/),
      '/older': expect.stringMatching(/^skipped: It sends its readers on to .*\/old/),
      '/new': expect.stringMatching(/^indexed/),
    });
    expect(site.hits.filter((path) => path === '/new')).toHaveLength(1);
  });

  it('removes what was read of a page before it moved', async () => {
    site.pages.set('/page', helpPage('Page', `${text} Page.`));
    const urls = [`${site.origin}/page`];
    const id = await bench.sources.createPages(bench.siteId, {
      type: 'pages',
      urls,
      delayMs: 0,
      concurrency: 1,
    });
    await bench.work();
    site.pages.set('/page', refresh('1; /target'));
    site.pages.set('/target', helpPage('Target', `${text} Target.`));
    await bench.sources.rerun(bench.siteId, id);
    await bench.work();
    const { items } = await bench.sources.get(bench.siteId, id);
    expect(items.map(({ state }) => state)).toEqual(['removed', 'indexed']);
  });

  it('ends after five, redirects between included, and in a circle', async () => {
    const chain: Record<string, TestPage> = { '/5': helpPage('There', `${text} There.`) };
    for (let hop = 0; hop < 5; hop += 1) chain[`/${String(hop)}`] = refresh(`0; /${String(hop + 1)}`);
    chain['/before'] = { status: 302, headers: { location: '/0' } };
    expect((await rowsOf(chain, '/0'))['/5']).toMatch(/^indexed/);
    const rows = await rowsOf({ ...chain, '/a': refresh('0; /b'), '/b': refresh('0; /a') }, '/before', '/a');
    expect(rows['/5']).toBeUndefined();
    expect(rows['/4']).toMatch(/^failed: It sends its readers on more than 5 times/);
    expect(rows['/b']).toMatch(/^failed: .*in a circle/);
  });

  it('reaches nothing that the client would not reach, and no other site', async () => {
    const secret = `${canary.origin}/secret`;
    const rows = await rowsOf({ '/page': refresh(`0; ${secret}`) }, '/page');
    expect(Object.values(rows)).toEqual([expect.stringMatching(/^skipped: The site's robots.txt could not/)]);
    site.pages.set('/', refresh(`0; ${secret}`));
    site.pages.set('/more', refresh('0; https://other.example/'));
    site.pages.set('/robots.txt', { body: `Sitemap: ${site.origin}/sitemap.xml` });
    site.pages.set('/sitemap.xml', { body: `<urlset><url><loc>${site.origin}/more</loc></url></urlset>` });
    const id = await bench.sources.createWebsite(bench.siteId, { type: 'website', url: `${site.origin}/` });
    await bench.work();
    const source = await bench.sources.get(bench.siteId, id);
    expect(source.state).toBe('failed');
    expect(source.items.map(({ state }) => state)).toEqual(['skipped', 'skipped']);
    expect(source.items[1]?.reason).toContain('It redirects to another site (https://other.example/)');
    expect(canary.hits).toEqual([]);
  });

  it.each([
    ['0; url=/b', '/b'],
    ['0;url="/b"', '/b'],
    [' 3 , /b', '/b'],
    ["0.5; URL = '/b'", '/b'],
    ['0; url=https://other.example/x#part', 'https://other.example/x'],
    ['6; url=/b', null],
    ['300', null],
    ['0', null],
    ['0; url=', null],
    ['0; url=/page', null],
    ['0; url=javascript:alert(1)', null],
    ['soon; url=/b', null],
  ])('with content %j leads to %j', (content, target) => {
    const found = extractHtml(
      `<meta http-equiv=refresh content="${content.replaceAll('"', '&quot;')}">`,
      'https://a.example/page',
    );
    expect(found.refresh).toBe(target === null ? null : new URL(target, 'https://a.example').href);
  });

  it('does not count where it is for readers without scripts', () => {
    const page = `<head><noscript><meta http-equiv="refresh" content="0; url=/plain"></noscript></head><p>${text}</p>`;
    expect(extractHtml(page, 'https://a.example/page').refresh).toBeNull();
  });
});
