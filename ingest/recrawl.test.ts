import type { RequestListener } from 'node:http';
import { z } from 'zod';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SourceDetail } from '../server/protocol/http-knowledge.ts';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';
import { helpPage, startTestSite, type TestPage, type TestSite } from '../server/testing/web-site.ts';

let bench: Workbench;
let site: TestSite;
beforeAll(async () => {
  bench = await createWorkbench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  site = await startTestSite({});
});
afterEach(() => site.close());

const text =
  'Everything that matters here is said in one sentence of some length, so that it is worth keeping.';
const put = (pages: Record<string, TestPage>) => {
  for (const [path, page] of Object.entries(pages)) site.pages.set(path, page);
};

async function firstCrawl(): Promise<string> {
  const input = {
    type: 'website' as const,
    url: `${site.origin}/`,
    maxPages: 50,
    maxDepth: 9,
    include: [],
    exclude: [],
  };
  const id = await bench.sources.createWebsite(bench.siteId, input);
  await bench.work();
  return id;
}

async function crawlAgain(id: string): Promise<SourceDetail> {
  site.hits.length = 0;
  await bench.sources.rerun(bench.siteId, id);
  await bench.work();
  return bench.sources.get(bench.siteId, id, { limit: 500 });
}

function row(source: SourceDetail, path: string): string {
  const found = source.items.find((item) => new URL(item.id).pathname === path);
  return found === undefined ? 'none' : `${found.state}: ${found.reason ?? ''}`;
}

const isStored = (path: string) =>
  bench.documents.get(bench.siteId, `${site.origin}${path}`).then(
    () => true,
    () => false,
  );

/** A page that answers 304 to its own validator. */
function cached(body: string, etag: string): RequestListener {
  return (request, response) => {
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
    else response.writeHead(200, { 'content-type': 'text/html', etag }).end(body);
  };
}

describe('D7: reading a site again', { timeout: 240_000 }, () => {
  it('asks for changes only, and still finds what just links lead to', async () => {
    put({
      '/': cached(helpPage('Home', `${text} Home.`, ['/a']), '"h1"'),
      '/a': cached(helpPage('A', `${text} A.`, ['/b']), '"a1"'),
      '/b': helpPage('B', `${text} B.`),
    });
    const id = await firstCrawl();
    const before = await bench.documents.get(bench.siteId, `${site.origin}/a`);
    put({ '/b': helpPage('B', `${text} B, in other words.`, ['/c']), '/c': helpPage('C', `${text} C.`) });
    const source = await crawlAgain(id);
    expect(source).toMatchObject({ state: 'done', run: 2, counts: { unchanged: 2, indexed: 2 } });
    expect(row(source, '/b')).toBe('indexed: Stored as 1 passage. 1 of 1 passage was new.');
    expect(row(source, '/c')).toMatch(/^indexed/);
    const after = await bench.documents.get(bench.siteId, `${site.origin}/a`);
    expect(after.passages.map((passage) => passage.id)).toEqual(before.passages.map((passage) => passage.id));
    expect((await bench.documents.get(bench.siteId, `${site.origin}/b`)).text).toContain('other words');
  });

  it('fetches and reads a page whole that another reader read, although it would not be sent anew', async () => {
    const asked: (string | undefined)[] = [];
    const page = cached(helpPage('Home', `${text} Home.`), '"h1"');
    put({
      '/': (request, response) => {
        asked.push(request.headers['if-none-match']);
        page(request, response);
      },
    });
    const id = await firstCrawl();
    // As after an update of Deskbell that reads otherwise.
    await bench.db.execute(`update source_item set read_by = 'an earlier one' where source_id = $1`, [id]);
    await bench.db.execute(`update document set content_hash = 'as it was read' where source_id = $1`, [id]);
    expect(row(await crawlAgain(id), '/')).toMatch(/^indexed: /);
    expect(row(await crawlAgain(id), '/')).toMatch(/^unchanged: /);
    expect(asked).toEqual([undefined, undefined, '"h1"']);
  });

  it('leaves the passages of a changed page that did not change as they are, and says so', async () => {
    const section = (n: number, word: string) =>
      `<h2>Part ${String(n)}</h2><p>${text} Part ${String(n)} is ${word}.</p>`;
    const long = (word: string) =>
      helpPage('Long', text).replace(
        '</main>',
        `${[1, 2, 3].map((n) => section(n, n === 2 ? word : 'old')).join('')}</main>`,
      );
    put({ '/': long('old') });
    const id = await firstCrawl();
    const before = await bench.documents.get(bench.siteId, `${site.origin}/`);
    put({ '/': long('new') });
    const source = await crawlAgain(id);
    const after = await bench.documents.get(bench.siteId, `${site.origin}/`);
    const kept = after.passages.filter(({ id: own }) =>
      before.passages.some((passage) => passage.id === own),
    );
    expect(after.passages.length).toBeGreaterThan(2);
    expect(kept).toHaveLength(after.passages.length - 1);
    const count = String(after.passages.length);
    expect(row(source, '/')).toBe(`indexed: Stored as ${count} passages. 1 of ${count} passages was new.`);
  });

  it.each([
    ['404', { status: 404 }],
    ['410', { status: 410 }],
    ['noindex', { headers: { 'x-robots-tag': 'noindex' }, body: helpPage('A', `${text} A.`) }],
    ['a redirect', { status: 301, headers: { location: '/' } }],
  ])('removes a page at once after %s', async (_name, page) => {
    put({ '/': helpPage('Home', `${text} Gone.`, ['/a']), '/a': helpPage('A', `${text} A.`) });
    const id = await firstCrawl();
    expect(await isStored('/a')).toBe(true);
    put({ '/a': page });
    const source = await crawlAgain(id);
    expect(row(source, '/a')).toMatch(/^removed: .*has been removed/);
    expect(await isStored('/a')).toBe(false);
    expect(await isStored('/')).toBe(true);
    const [left] = await bench.db.query(
      'select count(*) as n from lexical_segment where document_id is not null and not exists (select 1 from document where id = document_id)',
      [],
      z.object({ n: z.number() }),
    );
    expect(left?.n).toBe(0);
  });

  it.each([
    ['an error', { status: 500 }],
    [
      'a login page',
      '<html><title>Sign in</title><body><h1>Sign in</h1><form><input type="password"></form></body></html>',
    ],
    ['a bot check', { status: 403, headers: { 'cf-mitigated': 'challenge' } }],
    [
      'a bot check that says 200',
      '<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>',
    ],
    [
      'an error page that says 200',
      '<html><title>Page not found | Shop</title><body><h1>Sorry</h1><p>Nothing is here.</p></body></html>',
    ],
    ['an empty page', '<html><body></body></html>'],
  ])('keeps a page after one reading that gave %s, and removes it after two', async (_name, page) => {
    put({ '/': helpPage('Home', `${text} Miss.`, ['/a']), '/a': helpPage('A', `${text} A.`) });
    const id = await firstCrawl();
    put({ '/a': page });
    const once = await crawlAgain(id);
    expect(row(once, '/a')).toMatch(/^(?:failed|blocked|empty): .*kept for now/);
    expect(await isStored('/a')).toBe(true);
    const twice = await crawlAgain(id);
    expect(row(twice, '/a')).toMatch(/^removed/);
    expect(await isStored('/a')).toBe(false);
  });

  it('forgets misses once a page is back', async () => {
    put({ '/': helpPage('Home', `${text} Back.`, ['/a']), '/a': helpPage('A', `${text} A.`) });
    const id = await firstCrawl();
    for (const page of [{ status: 500 }, helpPage('A', `${text} A.`), { status: 500 }]) {
      put({ '/a': page });
      await crawlAgain(id);
    }
    expect(await isStored('/a')).toBe(true);
  });

  it('removes nothing because robots.txt is away for once', async () => {
    put({ '/': helpPage('Home', `${text} Robots.`, []) });
    const id = await firstCrawl();
    put({ '/robots.txt': { status: 503 } });
    expect(row(await crawlAgain(id), '/')).toMatch(/kept for now/);
    expect(await isStored('/')).toBe(true);
  });

  it('keeps the canonical one of two addresses, and believes no canonical that is wrong', async () => {
    const page = (title: string, canonical: string) =>
      helpPage(title, `${text} ${title}.`).replace(
        '</head>',
        `<link rel="canonical" href="${canonical}"></head>`,
      );
    put({
      '/': helpPage('Home', `${text} Canon.`, ['/a?print=1', '/wrong']),
      '/a?print=1': page('A', '/a'),
      '/a': page('A', '/a'),
      '/wrong': page('Wrong', '/'),
    });
    const id = await firstCrawl();
    const source = await bench.sources.get(bench.siteId, id);
    const states = Object.fromEntries(
      source.items.map((item) => [item.id.replace(site.origin, ''), item.state]),
    );
    expect(states).toEqual({ '/': 'indexed', '/a': 'indexed', '/a?print=1': 'skipped', '/wrong': 'indexed' });
  });

  it('only reads websites again, and not while they are being read', async () => {
    put({ '/': helpPage('Home', `${text} Twice.`) });
    const id = await firstCrawl();
    await bench.sources.rerun(bench.siteId, id);
    await expect(bench.sources.rerun(bench.siteId, id)).rejects.toMatchObject({ code: 'conflict' });
    await bench.work();
  });
});

describe('control', () => {
  it('pauses, resumes and renames', async () => {
    put({ '/': helpPage('Home', `${text} Pause.`) });
    const id = await firstCrawl();
    await expect(bench.sources.pause(bench.siteId, id)).rejects.toMatchObject({ code: 'conflict' });
    await bench.sources.rerun(bench.siteId, id);
    expect((await bench.sources.pause(bench.siteId, id)).state).toBe('paused');
    site.hits.length = 0;
    await bench.work();
    expect(site.hits).toEqual([]);
    expect((await bench.sources.resume(bench.siteId, id)).state).toBe('queued');
    await bench.work();
    expect((await bench.sources.get(bench.siteId, id)).state).toBe('done');
    expect((await bench.sources.update(bench.siteId, id, { name: 'Help' })).name).toBe('Help');
  });

  it('runs on schedule, when the time has come and not before', async () => {
    put({ '/': helpPage('Home', `${text} Schedule.`) });
    const id = await firstCrawl();
    const scheduled = await bench.sources.update(bench.siteId, id, { schedule: { everyMinutes: 60 } });
    expect(Date.parse(scheduled.nextRunAt ?? '') - Date.now()).toBeGreaterThan(59 * 60_000);
    await bench.sources.sweep();
    expect(bench.jobs.held).toEqual([]);
    await bench.db.execute(`update source set next_run_at = now() - interval '1 minute' where id = $1`, [id]);
    await bench.sources.sweep();
    expect(bench.jobs.held).toEqual([{ sourceId: id, run: 2 }]);
    await bench.work();
    const after = await bench.sources.get(bench.siteId, id);
    expect(after).toMatchObject({ state: 'done', run: 2 });
    expect(Date.parse(after.nextRunAt ?? '')).toBeGreaterThan(Date.now());
    expect((await bench.sources.update(bench.siteId, id, { schedule: null })).nextRunAt).toBeNull();
    for (const cron of ['no cron at all', '* * * * *']) {
      await expect(bench.sources.update(bench.siteId, id, { schedule: { cron } })).rejects.toMatchObject({
        code: 'invalid-request',
      });
    }
  });
});
