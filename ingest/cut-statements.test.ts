import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createDyingDatabase } from '../server/testing/dying-database.ts';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';
import { startTestSite, helpPage, type TestSite } from '../server/testing/web-site.ts';
import { findHalves } from '../server/testing/whole-documents.ts';

let bench: Workbench;
let site: TestSite | null = null;
beforeAll(async () => {
  bench = await createWorkbench();
});
afterEach(async () => {
  await site?.close();
  site = null;
});
afterAll(() => bench.close());

const signal = new AbortController().signal;

/** Runs the next job in a process that dies at a step of its database; gives the job, and whether it did die. */
async function dieAt(step: number) {
  const [job] = bench.jobs.held.splice(0);
  if (job === undefined) throw new Error('there is no job');
  const dying = createDyingDatabase(bench.db, step);
  await bench
    .pipelineOn(dying.db)
    .run(job, signal)
    .catch(() => {});
  return { job, isDead: dying.isDead() };
}

/** The versions that the passages of each document speak of. */
const versionsOf = () =>
  bench.db.query(
    `select document.external_id as id, array_agg(distinct substring(passage.text from 'version ([0-9]+)')) as versions
     from document join passage on passage.document_id = document.id group by 1`,
    [],
    z.object({ id: z.string(), versions: z.array(z.string().nullable()) }),
  );

async function handIn(version: number): Promise<void> {
  const section = (document: number) => (n: number) =>
    `## Section ${String(n)}\n\nThis is version ${String(version)} of text ${String(document)}, and it goes on for a while.`;
  const lines = [0, 1, 2].map((n) =>
    JSON.stringify({ id: `d${String(n)}`, title: 'Doc', markdown: [1, 2].map(section(n)).join('\n\n') }),
  );
  await bench.sources.createDocuments(
    bench.siteId,
    String(version),
    Readable.from([Buffer.from(lines.join('\n'))]),
  );
}

describe('D8: a worker that dies at any of its statements', { timeout: 300_000 }, () => {
  it('leaves every document of an import in its old version or its new one, and the next worker ends it', async () => {
    await handIn(0);
    await bench.work();
    let deaths = 0;
    for (let step = 1; ; step += 1) {
      await handIn(step);
      const { job, isDead } = await dieAt(step);
      expect(await findHalves(bench.db), `step ${String(step)}`).toEqual([]);
      const allowed = [[String(step - 1)], [String(step)]];
      for (const { versions } of await versionsOf()) expect(allowed).toContainEqual(versions);
      await bench.pipeline.run(job, signal);
      expect((await bench.sources.get(bench.siteId, job.sourceId)).state).toBe('done');
      expect((await versionsOf()).map(({ versions }) => versions)).toEqual(
        [0, 1, 2].map(() => [String(step)]),
      );
      if (!isDead) break;
      deaths = step;
    }
    expect(deaths).toBeGreaterThan(10);
  });

  it('leaves no page of a crawl in its hands, and none half', async () => {
    const text = 'This sentence is long enough that it is worth keeping for whoever asks about it one day.';
    site = await startTestSite({ '/old': { status: 301, headers: { location: '/new' } } });
    const { origin } = site;
    for (let step = 1; ; step += 1) {
      site.pages.set('/', helpPage('Home', `${text} Home.`, ['/old']));
      site.pages.set('/new', helpPage('New', `${text} New.`));
      const id = await bench.sources.createWebsite(bench.siteId, {
        type: 'website',
        url: `${origin}/`,
        maxPages: 9,
        delayMs: 0,
      });
      const { job, isDead } = await dieAt(step);
      expect(await findHalves(bench.db), `step ${String(step)}`).toEqual([]);
      await bench.pipeline.run(job, signal);
      const { state, items } = await bench.sources.get(bench.siteId, id);
      const rows = Object.fromEntries(items.map((item) => [item.id.replace(origin, ''), item.state]));
      const ended = { '/': 'indexed', '/old': 'skipped', '/new': 'indexed' };
      expect({ step, state, rows }).toEqual({ step, state: 'done', rows: ended });
      await bench.sources.remove(bench.siteId, id);
      expect(await findHalves(bench.db), `after ${String(step)}`).toEqual([]);
      if (!isDead) break;
    }
  });
});
