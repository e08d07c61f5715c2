import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Outbound, OutboundOptions } from '../server/ports.ts';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';
import { helpPage, startTestSite, type TestPage, type TestSite } from '../server/testing/web-site.ts';

/** The site that is crawled, at the one address that the operator listed, and canaries that nobody may reach. */
let bench: Workbench;
let site: TestSite;
let canaries: TestSite[];
const asked = new Map<string, OutboundOptions>();
/** Notes what is asked for, and gives up sooner than the product. */
const inHaste = (outbound: Outbound): Outbound => ({
  get(url, options) {
    asked.set(new URL(url).pathname, options);
    return outbound.get(url, { ...options, timeoutMs: options.timeoutMs / 10 });
  },
});
beforeAll(async () => {
  bench = await createWorkbench({
    allowRanges: ['127.0.0.1/32'],
    pause: () => Promise.resolve(),
    wrapOutbound: inHaste,
  });
});
afterAll(() => bench.close());
beforeEach(async () => {
  canaries = await Promise.all([startTestSite({}, '127.0.0.2'), startTestSite({}, '::1')]);
  site = await startTestSite({});
});
afterEach(() => Promise.all([site, ...canaries].map((each) => each.close())));

const text =
  'Everything that matters here is said in one sentence of some length, so that it is worth keeping.';

async function crawl(pages: Record<string, TestPage>, maxPages = 60) {
  const links = Object.keys(pages);
  site.pages.set('/', helpPage('Start', `${text} Start.`, links));
  for (const [path, page] of Object.entries(pages)) site.pages.set(path, page);
  const input = { type: 'website' as const, url: `${site.origin}/`, maxPages };
  const id = await bench.sources.createWebsite(bench.siteId, input);
  await bench.work();
  const source = await bench.sources.get(bench.siteId, id, { limit: 500 });
  const rows = Object.fromEntries(
    source.items.map((item) => [item.id.replace(site.origin, ''), `${item.state}: ${item.reason ?? ''}`]),
  );
  return { ...source, rows };
}
const canaryHits = () => canaries.flatMap(({ hits }) => hits);

describe('D2: redirects', { timeout: 240_000 }, () => {
  it.each([301, 302, 303, 307, 308])('by %i lead to no address that is not allowed', async (status) => {
    const to = (location: string): TestPage => ({ status, headers: { location } });
    const [other, v6] = canaries.map(({ origin }) => origin);
    const { rows, state } = await crawl({
      '/other': to(`${other ?? ''}/secret`),
      '/v6': to(`${v6 ?? ''}/secret`),
      '/relative': to(`//${new URL(other ?? '').host}/secret`),
      '/metadata': to('http://169.254.169.254/latest/meta-data/'),
      '/mapped': to('http://[::ffff:127.0.0.2]/'),
      '/file': to('file:///etc/passwd'),
      '/stay': to('/other'),
    });
    expect(canaryHits()).toEqual([]);
    expect(state).toBe('done');
    for (const path of ['/other', '/v6', '/relative', '/metadata', '/mapped', '/file', '/stay'])
      expect(rows[path], path).toMatch(/^failed: .+ /);
  });

  it('by meta refresh, base and links lead nowhere else either', async () => {
    const other = canaries[0]?.origin ?? '';
    const { rows } = await crawl({
      '/refresh': `<html><head><meta http-equiv="refresh" content="0; url=${other}/secret"></head><body></body></html>`,
      '/base': `<html><head><base href="${other}/"></head><body><h1>Base</h1><p>${text} Base.</p><a href="secret">x</a></body></html>`,
      '/script': `<html><head><base href="javascript:"></head><body><p>${text} Script.</p><a href="alert(1)">x</a></body></html>`,
      '/link': helpPage('Link', `${text} Link.`, [`${other}/secret`, 'data:text/html,hi', '//[::1]/secret']),
    });
    expect(canaryHits()).toEqual([]);
    expect(rows).toMatchObject({
      '/refresh': expect.stringMatching(/^skipped: It redirects to another site/),
      '/base': expect.stringMatching(/^indexed/),
      '/script': expect.stringMatching(/^indexed/),
      '/link': expect.stringMatching(/^indexed/),
    });
  });

  it('end after five hops, though they go round for ever', async () => {
    const pages: Record<string, TestPage> = {};
    for (let hop = 0; hop < 20; hop += 1)
      pages[`/hop${String(hop)}`] = { status: 302, headers: { location: `/hop${String((hop + 1) % 20)}` } };
    const { rows } = await crawl({ '/hop0': pages['/hop0'] ?? '', '/ok': helpPage('Ok', `${text} Ok.`) });
    for (const [path, page] of Object.entries(pages)) site.pages.set(path, page);
    expect(rows['/ok']).toMatch(/^indexed/);
    const again = await crawl({ '/hop0': pages['/hop0'] ?? '' });
    expect(again.rows['/hop0']).toMatch(/^failed: .*redirects more than 5 times/);
  });
});

describe('D5: a hostile site', { timeout: 240_000 }, () => {
  const bombPart = gzipSync(Buffer.alloc(100_000_000, 'a'));

  it('costs its own rows and nothing else', async () => {
    const before = process.memoryUsage().rss;
    const { rows, state, counts } = await crawl({
      '/endless': (_request, response) => {
        const chunk = Buffer.alloc(65_536, 'a ');
        const push = () => {
          while (!response.destroyed && response.write(chunk));
        };
        response.writeHead(200, { 'content-type': 'text/html' }).on('drain', push);
        push();
      },
      // ten megabytes that say ten gigabytes: members of a gzip file may follow each other
      '/bomb': {
        headers: { 'content-encoding': 'gzip', 'content-type': 'text/html' },
        body: Buffer.concat(Array.from({ length: 100 }, () => bombPart)),
      },
      '/drip': (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' });
        const timer = setInterval(() => response.write('x'), 100);
        response.on('close', () => clearInterval(timer));
      },
      '/long': { headers: { 'content-length': '9000000000' }, body: 'x' },
      '/short': (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html', 'content-length': '1000' });
        response.write('half', () => response.destroy());
      },
      '/deep': `${'<div>'.repeat(50_000)}${text} Deep.`,
      '/charset': {
        headers: { 'content-type': 'text/html; charset=utf-99' },
        body: Buffer.from(`<h1>Größe</h1><p>${text} Charset.</p>`),
      },
      '/bytes': { body: Buffer.from(Array.from({ length: 4_000 }, (_, n) => 128 + (n % 128))) },
      '/links': helpPage(
        'Links',
        `${text} Links.`,
        Array.from({ length: 100_000 }, (_, n) => `/l${String(n)}`),
      ),
      '/ok': helpPage('Ok', `${text} Ok.`),
    });
    expect(state).toBe('done');
    for (const path of ['/endless', '/bomb', '/long'])
      expect(rows[path], path).toMatch(/^failed: .*larger than/);
    expect(rows['/short']).toMatch(/^failed: /);
    expect(rows['/drip']).toMatch(/^failed: .*in time/);
    expect(asked.get('/drip')).toMatchObject({ maxBytes: 5_000_000, timeoutMs: 15_000 });
    for (const path of ['/ok', '/charset', '/links', '/deep']) expect(rows[path], path).toMatch(/^indexed/);
    for (const row of Object.values(rows)) expect(row).not.toMatch(/^(?:found|fetched)/);
    expect(counts['total']).toBeLessThanOrEqual(60 * 3 + 500);
    expect((process.memoryUsage().rss - before) / 1_000_000).toBeLessThan(512);
  });
});
