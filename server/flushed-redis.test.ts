import path from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from './ports.ts';
import { readInstallationId } from './store/installation.ts';
import {
  createFreshDatabase,
  type FreshDatabase,
  openDatabase,
  testDatabaseUrl,
} from './testing/database.ts';
import { makeTempFolder, startProcess, type TestProcess } from './testing/process.ts';
import { testRedisUrl } from './testing/redis.ts';
import { helpPage, startTestSite, type TestSite } from './testing/web-site.ts';

/** What the map allows for work to be there again; a machine that does ten other things gets more. */
const rebuiltMs = 120_000;
/** More by hand: REDIS_LOSSES=500 vitest run server/flushed-redis.test.ts. */
const losses = Number(process.env['REDIS_LOSSES'] ?? 15);
const text = 'A sentence that is long enough to be kept, and that says something that somebody asks about.';

/** A web process and a worker on one PostgreSQL and one Redis, which is emptied as FLUSHALL would empty it. */
function describeFlushed(databaseUrl: string, redisUrl: string): void {
  let temp: Awaited<ReturnType<typeof makeTempFolder>>;
  let fresh: FreshDatabase;
  let db: Database;
  let redis: Redis;
  let site: TestSite;
  let web: TestProcess;
  const workers: TestProcess[] = [];
  let environment: Record<string, string>;

  beforeAll(async () => {
    temp = await makeTempFolder();
    fresh = await createFreshDatabase(databaseUrl, false);
    redis = new Redis(redisUrl);
    site = await startTestSite({});
    environment = {
      DATABASE_URL: fresh.url,
      REDIS_URL: redisUrl,
      LOG_LEVEL: 'error',
      FETCH_ALLOW: '127.0.0.0/8',
    };
    web = startProcess({ ...environment, DESKBELL_ROLE: 'web', DATA_DIR: path.join(temp.folder, 'web') });
    await web.ready;
    db = await openDatabase(fresh.url);
  });
  afterAll(async () => {
    for (const { child, exited } of [...workers, web]) {
      child.kill('SIGKILL');
      await exited;
    }
    await flush();
    await redis.quit();
    await site.close();
    await db.close();
    await fresh.drop();
    await temp.remove();
  });

  async function startWorker(): Promise<TestProcess> {
    const DATA_DIR = path.join(temp.folder, `worker-${String(workers.length)}`);
    const worker = startProcess({ ...environment, DATA_DIR }, 'server/worker.ts');
    workers.push(worker);
    await worker.ready;
    return worker;
  }

  /** Takes every key of this installation in one step; others who test on this server keep theirs. */
  async function flush(): Promise<number> {
    const pattern = `deskbell:${await readInstallationId(db)}:*`;
    const script = `local keys = redis.call('keys', ARGV[1])
      for _, key in ipairs(keys) do redis.call('del', key) end return #keys`;
    return z.number().parse(await redis.eval(script, 0, pattern));
  }

  async function create(body: unknown): Promise<string> {
    const answer = await web.api('POST', '/sites/default/sources', JSON.stringify(body));
    expect(answer.status).toBe(202);
    return z.object({ sourceId: z.string() }).parse(answer.body).sourceId;
  }
  const sourceSchema = z.object({ state: z.string(), run: z.number() });
  const look = async (id: string) =>
    sourceSchema.parse((await web.api('GET', `/sites/default/sources/${id}`)).body);
  const reaches = (id: string, expected: Partial<z.infer<typeof sourceSchema>>) =>
    expect.poll(() => look(id), { timeout: rebuiltMs, interval: 250 }).toMatchObject(expected);
  const pair = { question: 'What was lost?', answer: text };

  it('F4: work that waits is put into the queue again', async () => {
    const id = await create({ type: 'qa', pairs: [pair] });
    expect(await flush()).toBeGreaterThan(0);
    await startWorker();
    await reaches(id, { state: 'done' });
  });

  it(`F5: nothing that was accepted is lost when the queue forgets it at once, ${String(losses)} times`, async () => {
    const ids = [];
    for (let round = 0; round < losses; round += 1) {
      ids.push(
        await create({ type: 'qa', pairs: [{ ...pair, question: `Accepted as number ${String(round)}?` }] }),
      );
      await flush();
    }
    if (workers.length === 0) await startWorker();
    for (const id of ids) await reaches(id, { state: 'done' });
  });

  it('F4: work that runs goes on, the queue is usable after it, and a schedule keeps its time', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    site.pages.set('/', (_request, response) => {
      void gate.then(() => response.end(helpPage('Home', text)));
    });
    const id = await create({ type: 'website', url: `${site.origin}/`, maxPages: 3 });
    await expect.poll(() => site.hits.includes('/'), { timeout: rebuiltMs }).toBe(true);
    await flush();
    release();
    await reaches(id, { state: 'done' });
    await web.api(
      'PATCH',
      `/sites/default/sources/${id}`,
      JSON.stringify({ schedule: { everyMinutes: 60 } }),
    );
    await flush();
    await db.execute(`update source set next_run_at = now() - interval '1 second' where id = $1`, [id]);
    await reaches(id, { state: 'done', run: 2 });
  });

  it('F4: work whose worker dies as well is taken up by another', async () => {
    site.pages.set('/slow', () => {});
    const id = await create({ type: 'website', url: `${site.origin}/slow`, maxPages: 3 });
    await expect.poll(() => site.hits.includes('/slow'), { timeout: rebuiltMs }).toBe(true);
    for (const { child, exited } of workers) {
      child.kill('SIGKILL');
      await exited;
    }
    await flush();
    site.pages.set('/slow', helpPage('Slow', text));
    await startWorker();
    await reaches(id, { state: 'done' });
  });

  it('F4: work that waits for its next try is tried again', async () => {
    // What a run leaves whose attempt failed: open, in nobody's hands, its job delayed in the queue that is lost.
    const id = await create({ type: 'qa', pairs: [{ ...pair, question: 'And what was delayed?' }] });
    await reaches(id, { state: 'done' });
    await db.execute(
      `update source set state = 'running', worker = gen_random_uuid(), deadline_at = now() + interval '5 seconds'
       where id = $1`,
      [id],
    );
    await flush();
    await reaches(id, { state: 'done' });
  });
}

describe('a Redis that is emptied', { timeout: 400_000 }, () => {
  if (testDatabaseUrl !== null && testRedisUrl !== null) describeFlushed(testDatabaseUrl, testRedisUrl);
  else {
    it('needs PostgreSQL and Redis, which CI starts', () => {
      expect([testDatabaseUrl, testRedisUrl]).toContain(null);
    });
  }
});
