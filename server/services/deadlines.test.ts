import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import type { Embedder } from '../ports.ts';
import { silentLogger } from '../testing/deps.ts';
import { createWorkbench, type Workbench } from '../testing/ingest.ts';
import { createIndexBuilds, type IndexBuilds } from './index-build.ts';

/**
 * A state without a deadline does not exist. Every state that is not final, and what ends it:
 *
 * | row, state | ends by | after |
 * | --- | --- | --- |
 * | source, queued without all its input | sweeper: failed | 10 min without a line |
 * | source, queued | sweeper: into the queue again | 15 s |
 * | source, running | lease; sweeper: into the queue again | 20 s without a renewal |
 * | source, queued or running, no item ends | sweeper: failed | 24 h |
 * | source, paused | sweeper: cancelled | 30 days |
 * | source_item, found or fetched | its source's end; 28 attempts | see above |
 * | job, waiting, active, delayed | its row above; claim 20 s, 5 attempts, `jobs.ts` for each attempt | 30 s |
 * | index_version, building or failed | sweeper: into the queue again | 20 s; 300 s |
 * | index_version of an embedder that nobody has configured any more | sweeper: dropped | 1 h |
 * | embedding_cache | sweeper: dropped | 24 h |
 * | lexical_segment, building; retired | sweeper: dropped | 1 h; 1 min |
 * | host_slot, host_visit; host_pace | they expire, sweeper: dropped | 30 s; 24 h |
 * | conversation, turn_id | sweeper: begun again, then a person is called | 10 s |
 *
 * Turns, hosts and jobs have their tests in `converse`, `ingest/host.test.ts` and the contract of `Jobs`.
 */
const signal = new AbortController().signal;
let bench: Workbench;
let builds: IndexBuilds;
let held: unknown[] = [];
const embedder: Embedder = { ...createBuiltinEmbedder(), id: 'next' };

beforeAll(async () => {
  bench = await createWorkbench();
  const jobs = { ...bench.jobs, enqueue: (name: string) => Promise.resolve(void held.push(name)) };
  builds = createIndexBuilds({ db: bench.db, jobs, embedder, logger: silentLogger });
});
afterAll(() => bench.close());

const pair = (question: string) => ({ question, answer: `The answer to ${question}.`, alternatives: [] });
async function newSource(question: string): Promise<string> {
  return bench.sources.createQa(bench.siteId, { type: 'qa', pairs: [pair(question)] });
}
/** Lets time pass for a row: everything that it says of the past and of its deadline is so much earlier. */
const age = (id: string, interval: string) =>
  bench.db.execute(
    `with items as (update source_item set updated_at = updated_at - $2::interval where source_id = $1)
     update source set begun_at = begun_at - $2::interval, deadline_at = deadline_at - $2::interval where id = $1`,
    [id, interval],
  );
const look = (id: string) => bench.sources.get(bench.siteId, id);
const count = async (sql: string) => {
  const [row] = await bench.db.query(`select count(*) as n from ${sql}`, [], z.object({ n: z.number() }));
  return row?.n;
};

describe('no state is for ever', () => {
  it.each(['queued', 'running'])('source, %s: the sweeper puts it into the queue again', async (state) => {
    const id = await newSource(state);
    bench.jobs.held.length = 0;
    if (state === 'running')
      await bench.db.execute(
        `update source set state = 'running', worker = gen_random_uuid() where id = $1`,
        [id],
      );
    await bench.sources.sweep();
    expect(bench.jobs.held).toEqual([]);
    await age(id, '16 seconds');
    await bench.sources.sweep();
    expect(bench.jobs.held).toEqual([{ sourceId: id, run: 1 }]);
    await bench.work();
    expect((await look(id)).state).toBe('done');
  });

  it.each(['queued', 'running'])(
    'source, %s, of which nothing ends for a day: failed, and its rows',
    async (state) => {
      const id = await newSource(`stuck ${state}`);
      bench.jobs.held.length = 0;
      // A worker that hangs may well go on saying that it is there.
      await bench.db.execute(
        `update source set state = $2, worker = gen_random_uuid(), deadline_at = now() + interval '2 days' where id = $1`,
        [id, state],
      );
      await age(id, '23 hours');
      await bench.sources.sweep();
      expect((await look(id)).state).toBe(state);
      await age(id, '2 hours');
      await bench.sources.sweep();
      const ended = await look(id);
      expect(ended).toMatchObject({ state: 'failed', reason: expect.stringMatching(/whole day.*log/) });
      expect(ended.items.map((item) => item.state)).toEqual(['failed']);
      await bench.pipeline.run({ sourceId: id, run: 1 }, signal);
      expect((await look(id)).state).toBe('failed');
    },
  );

  it('source that gets on, however slowly: left alone', async () => {
    const id = await newSource('slow');
    bench.jobs.held.length = 0;
    await age(id, '25 hours');
    await bench.db.execute('update source_item set updated_at = now() where source_id = $1', [id]);
    await bench.sources.sweep();
    expect((await look(id)).state).toBe('queued');
    await bench.work();
  });

  it('source, paused: cancelled after a month, with its reason', async () => {
    const id = await newSource('paused');
    bench.jobs.held.length = 0;
    await bench.sources.pause(bench.siteId, id);
    await age(id, '29 days');
    await bench.sources.sweep();
    expect((await look(id)).state).toBe('paused');
    await age(id, '2 days');
    await bench.sources.sweep();
    const ended = await look(id);
    expect(ended).toMatchObject({
      state: 'cancelled',
      reason: expect.stringContaining('paused for 30 days'),
    });
    expect(ended.items.map((item) => item.state)).toEqual(['skipped']);
  });

  it('a pause that was long does not count as standing still', async () => {
    const id = await newSource('resumed');
    bench.jobs.held.length = 0;
    await bench.sources.pause(bench.siteId, id);
    await age(id, '20 days');
    await bench.sources.resume(bench.siteId, id);
    await bench.sources.sweep();
    await bench.work();
    expect((await look(id)).state).toBe('done');
  });

  it('index version, building: into the queue again; of no configured embedder: dropped with its vectors', async () => {
    await newSource('index');
    await bench.work();
    await builds.sweep();
    expect(held).toEqual(['index-build']);
    held = [];
    await builds.sweep();
    expect(held).toEqual([]);
    await bench.db.execute(
      `update index_version set deadline_at = now() - interval '1 second' where embedder = 'next'`,
    );
    await builds.sweep();
    expect(held).toEqual(['index-build']);
    await bench.db.execute(
      `insert into index_version (site_id, embedder, dimensions, state, deadline_at)
       values ($1, 'given up', 3, 'building', now() - interval '2 hours')`,
      [bench.siteId],
    );
    await builds.sweep();
    expect(await count(`index_version where embedder = 'given up'`)).toBe(0);
  });

  it('vectors that were put by: dropped after a day', async () => {
    await bench.db.execute(
      `insert into embedding_cache (embedder, text_hash, embedding, created_at) values
       ('next', '\\x01', '[1,2,3]', now() - interval '25 hours'), ('next', '\\x02', '[1,2,3]', now())`,
    );
    await builds.sweep();
    expect(await count('embedding_cache')).toBe(1);
  });

  it('segments that a merge left half, or replaced: dropped', async () => {
    const half = `insert into lexical_segment (site_id, state, state_at, passage_count, bytes, block_bits, info, passage_ids)
      values ($1, $2, now() - $3::interval, 1, 1, 0, '\\x', '\\x')`;
    await bench.db.execute(half, [bench.siteId, 'building', '2 hours']);
    await bench.db.execute(half, [bench.siteId, 'retired', '2 minutes']);
    const left = "lexical_segment where state <> 'live'";
    expect(await count(left)).toBe(2);
    await builds.sweep();
    expect(await count(left)).toBe(0);
  });
});
