import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '../server/ports.ts';
import { forgetOldVisits, renewVisit, takeSlot } from '../server/store/host-visit.ts';
import { createTestDatabase } from '../server/testing/database.ts';
import { silentLogger } from '../server/testing/deps.ts';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';
import { helpPage, startTestSite, type TestSite } from '../server/testing/web-site.ts';
import { createHost, type Host, type HostTuning } from './host.ts';

const text =
  'Everything that matters here is said in one sentence of some length, so that it is worth keeping.';
const pageCount = 12;
let db: Database;
let bench: Workbench;
let site: TestSite;
/** When each turn is due: the time at which its pause began, and the pause. */
let turns: number[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  const pause = (ms: number) => Promise.resolve(void turns.push(performance.now() + ms));
  bench = await createWorkbench({ db, pause });
});
afterAll(() => bench.close());
beforeEach(async () => {
  turns = [];
  site = await startTestSite({});
});
afterEach(() => site.close());

const links = Array.from({ length: pageCount }, (_, n) => `/p${String(n)}`);

/** Pages that take a while each; says how many were being fetched at the same time at most. */
function servePages(): { most: () => number } {
  let [open, most] = [0, 0];
  for (const path of ['/', ...links]) {
    site.pages.set(path, (_request, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end(helpPage(path, `${text} ${site.origin} ${path}.`, links));
      }, 40);
    });
  }
  return { most: () => most };
}

const settings = { type: 'website' as const, maxPages: 100, maxDepth: 5, include: [], exclude: [] };

/** Two sources of one host, each read by a worker of its own at the same time: they share the database only. */
async function readTwice(limits: { concurrency: number; delayMs: number }): Promise<string[]> {
  const ids = [];
  for (const path of ['/', '/p3'])
    ids.push(
      await bench.sources.createWebsite(bench.siteId, { ...settings, ...limits, url: site.origin + path }),
    );
  const signal = new AbortController().signal;
  await Promise.all(bench.jobs.held.splice(0).map((job) => bench.pipeline.run(job, signal)));
  const ended = await Promise.all(ids.map((id) => bench.sources.get(bench.siteId, id)));
  return ended.map(({ state }) => state);
}

const leftRows = async () => {
  const count = z.object({ n: z.number() });
  const sql = 'select (select count(*) from host_slot) + (select count(*) from host_visit) as n';
  return (await db.query(sql, [], count))[0]?.n;
};

/** Turns that are closer together than half of the pause: clocks and round trips are no exact thing. */
function tooClose(delayMs: number): number {
  const due = turns.toSorted((left, right) => left - right);
  return due.filter((at, place) => place > 0 && at - (due[place - 1] ?? 0) < delayMs / 2).length;
}

describe('two workers at one host', () => {
  it('fetch no more pages at a time together than one of them may', async () => {
    const { most } = servePages();
    expect(await readTwice({ concurrency: 3, delayMs: 0 })).toEqual(['done', 'done']);
    expect(most()).toBeGreaterThan(1);
    expect(most()).toBeLessThanOrEqual(3);
    expect(await leftRows()).toBe(0);
  });

  it('leave the time that a source asks for between any two fetches', async () => {
    servePages();
    expect(await readTwice({ concurrency: 4, delayMs: 60_000 })).toEqual(['done', 'done']);
    expect(turns).toHaveLength(2 * (pageCount + 1));
    expect(tooClose(60_000)).toBe(0);
  });

  it("leave the time that robots.txt asks for, where it is longer than the source's", async () => {
    servePages();
    site.pages.set('/robots.txt', { body: 'User-agent: *\nCrawl-delay: 9' });
    expect(await readTwice({ concurrency: 4, delayMs: 50 })).toEqual(['done', 'done']);
    expect(tooClose(9_000)).toBe(0);
  });

  it('also wait before they try a page again', async () => {
    let tries = 0;
    site.pages.set('/', (_request, response) => {
      tries += 1;
      response.writeHead(tries < 3 ? 503 : 200, { 'content-type': 'text/html', 'retry-after': '0' });
      response.end(helpPage('Home', `${text} ${site.origin} again.`));
    });
    await bench.sources.createWebsite(bench.siteId, { ...settings, delayMs: 60_000, url: `${site.origin}/` });
    await bench.work();
    expect(tries).toBe(3);
    expect(turns).toHaveLength(3);
    expect(tooClose(60_000)).toBe(0);
  });
});

describe('places at a host', () => {
  const quick: HostTuning = { lifeSeconds: 30, refreshMs: 10, pollMs: 5 };
  const hosts: Host[] = [];
  afterEach(async () => {
    for (const host of hosts.splice(0)) host.close();
    await db.execute('delete from source');
  });

  async function visitor(host: string): Promise<{ host: string; sourceId: string; worker: string }> {
    const sourceId = randomUUID();
    await db.execute(
      `insert into source (id, site_id, type, name, state) values ($1, $2, 'website', 'x', 'running')`,
      [sourceId, bench.siteId],
    );
    return { host, sourceId, worker: randomUUID() };
  }
  async function open(name: string, limit: number, signal = new AbortController().signal): Promise<Host> {
    const context = { db, logger: silentLogger, signal };
    const host = createHost(context, await visitor(name), limit, () => Promise.resolve(), quick);
    hosts.push(host);
    return host;
  }

  it('go round when there are more runs than places', async () => {
    const stop = new AbortController();
    const runs: Host[] = [];
    for (let run = 0; run < 3; run += 1) runs.push(await open('crowded:1', 1, stop.signal));
    /** So often a run comes in at most before the others have: one that kept its place would keep them out. */
    const patience = 200;
    let [inside, most] = [0, 0];
    const order: number[] = [];
    const visit = (run: number) =>
      runs[run]?.visit(async () => {
        inside += 1;
        most = Math.max(most, inside);
        order.push(run);
        await new Promise((resolve) => setTimeout(resolve, 10));
        inside -= 1;
      });
    const isOver = () => [0, 1, 2].every((run) => order.includes(run));
    await Promise.allSettled(
      runs.map(async (_host, run) => {
        for (let visits = 0; !isOver() && visits < patience; visits += 1) await visit(run);
        if (!isOver()) stop.abort();
      }),
    );
    expect(new Set(order)).toEqual(new Set([0, 1, 2]));
    expect(most).toBe(1);
  });

  it('of a worker that died are free again after their time, and their rows go', async () => {
    const dead = await visitor('dead:1');
    await renewVisit(db, dead, 30);
    expect(await takeSlot(db, dead, 1, 30)).toBe(1);
    const next = await visitor('dead:1');
    expect(await takeSlot(db, next, 1, 30)).toBeNull();
    expect((await renewVisit(db, next, 30)).runs).toBe(2);
    for (const table of ['host_slot', 'host_visit'])
      await db.execute(`update ${table} set expires_at = now() - interval '1 second' where worker = $1`, [
        dead.worker,
      ]);
    expect((await renewVisit(db, next, 30)).runs).toBe(1);
    expect(await takeSlot(db, next, 1, 30)).toBe(1);
    expect((await renewVisit(db, dead, 30)).slots).toEqual([]);
    await db.execute(`update host_visit set expires_at = now() - interval '1 second'`);
    await db.execute(`update host_slot set expires_at = now() - interval '1 second'`);
    await forgetOldVisits(db);
    expect(await leftRows()).toBe(0);
  });
});
