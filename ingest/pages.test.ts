import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';
import { helpPage, startTestSite, type TestSite } from '../server/testing/web-site.ts';

let bench: Workbench;
let site: TestSite;
let other: TestSite;
beforeAll(async () => {
  bench = await createWorkbench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  [site, other] = await Promise.all([startTestSite({}), startTestSite({})]);
});
afterEach(() => Promise.all([site.close(), other.close()]));

const text = 'A customer finds here, in a sentence of some length, what is worth knowing about this.';
const pace = { delayMs: 0, concurrency: 4 };

async function states(id: string): Promise<Record<string, string>> {
  const { items } = await bench.sources.get(bench.siteId, id);
  return Object.fromEntries(items.map((item) => [item.id, `${item.state}: ${item.reason ?? ''}`]));
}

describe('single pages', () => {
  it('are read as they are named, of several sites, and nothing that they link to', async () => {
    site.pages.set('/a', helpPage('A', `${text} A.`, ['/linked']));
    site.pages.set('/linked', helpPage('Linked', `${text} Linked.`));
    site.pages.set('/no', helpPage('No', `${text} No.`));
    site.pages.set('/robots.txt', { body: 'User-agent: *\nDisallow: /no' });
    other.pages.set('/b', helpPage('B', `${text} B.`));
    site.pages.set('/moved', { status: 301, headers: { location: `${other.origin}/b2` } });
    other.pages.set('/b2', helpPage('B2', `${text} B2.`));
    const urls = [
      `${site.origin}/a`,
      `${site.origin}/a#part`,
      `${site.origin}/no`,
      `${site.origin}/moved`,
      `${other.origin}/b`,
    ];
    const id = await bench.sources.createPages(bench.siteId, { type: 'pages', urls, ...pace });
    await bench.work();
    expect(await states(id)).toEqual({
      [`${site.origin}/a`]: expect.stringMatching(/^indexed/),
      [`${site.origin}/no`]: expect.stringMatching(/^skipped: .*robots/),
      [`${site.origin}/moved`]: expect.stringMatching(/^skipped: It redirects to .*\/b2/),
      [`${other.origin}/b2`]: expect.stringMatching(/^indexed/),
      [`${other.origin}/b`]: expect.stringMatching(/^indexed/),
    });
    expect(site.hits).not.toContain('/linked');
    expect(await bench.sources.get(bench.siteId, id)).toMatchObject({
      state: 'done',
      type: 'pages',
      name: '5 pages',
    });
  });

  it('are read again, removed when they are gone, and may have a schedule', async () => {
    site.pages.set('/a', helpPage('A', `${text} A.`));
    site.pages.set('/b', helpPage('B', `${text} B.`));
    const urls = [`${site.origin}/a`, `${site.origin}/b`];
    const id = await bench.sources.createPages(bench.siteId, { type: 'pages', urls, ...pace });
    await bench.work();
    site.pages.delete('/b');
    await bench.sources.rerun(bench.siteId, id);
    await bench.work();
    expect(await states(id)).toEqual({
      [`${site.origin}/a`]: expect.stringMatching(/^unchanged/),
      [`${site.origin}/b`]: expect.stringMatching(/^removed/),
    });
    const changed = await bench.sources.update(bench.siteId, id, { schedule: { everyMinutes: 60 } });
    expect(changed.nextRunAt).not.toBeNull();
  });
});

describe('pace', () => {
  /** Most requests in hand at a time; each is held until the test site has been asked for `expected` or all. */
  function countParallel(pages: number): { most: () => number } {
    let [open, most] = [0, 0];
    for (let n = 0; n < pages; n += 1) {
      site.pages.set(`/p${String(n)}`, (_request, response) => {
        open += 1;
        most = Math.max(most, open);
        setTimeout(() => {
          open -= 1;
          response
            .writeHead(200, { 'content-type': 'text/html' })
            .end(helpPage(`P${String(n)}`, `${text} ${String(n)}.`));
        }, 30);
      });
    }
    return { most: () => most };
  }

  it('fetches no more pages at a time than the source says', async () => {
    const { most } = countParallel(8);
    const urls = Array.from({ length: 8 }, (_, n) => `${site.origin}/p${String(n)}`);
    await bench.sources.createPages(bench.siteId, { type: 'pages', urls, delayMs: 0, concurrency: 2 });
    await bench.work();
    expect(most()).toBeLessThanOrEqual(2);
  });

  it('changes the limits of a website from the next reading on', async () => {
    for (const [path, next] of [
      ['/', '/1'],
      ['/1', '/2'],
      ['/2', '/'],
    ] as const)
      site.pages.set(path, helpPage(path, `${text} ${path}`, [next]));
    const input = { type: 'website' as const, url: `${site.origin}/`, maxPages: 2, exclude: ['/never'] };
    const id = await bench.sources.createWebsite(bench.siteId, input);
    await bench.work();
    expect((await bench.sources.get(bench.siteId, id)).counts).toMatchObject({ indexed: 2, skipped: 1 });
    const changed = await bench.sources.update(bench.siteId, id, { settings: { maxPages: 50 } });
    expect(changed.settings).toMatchObject({
      maxPages: 50,
      maxDepth: 20,
      exclude: ['/never'],
      concurrency: 4,
    });
    await bench.sources.rerun(bench.siteId, id);
    await bench.work();
    expect((await bench.sources.get(bench.siteId, id)).counts).toMatchObject({
      indexed: 1,
      unchanged: 2,
      total: 3,
    });
  });
});
