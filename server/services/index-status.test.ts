import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import { createOpenAiEmbedder } from '../adapters/embedder/openai.ts';
import type { Database, Jobs } from '../ports.ts';
import { watchAnnBuild } from '../testing/ann-build.ts';
import { createTestDatabase } from '../testing/database.ts';
import { silentLogger } from '../testing/deps.ts';
import { addDocument, newDocument } from '../testing/knowledge.ts';
import { createModelServer, type ModelServer, type ModelServerOptions } from '../testing/model-server.ts';
import { createIndexBuilds } from './index-build.ts';
import { createIndexStatuses } from './index-status.ts';
import { createPassageIndex } from './passage-index.ts';

const builtin = createBuiltinEmbedder();
const passages = 400;
const signal = new AbortController().signal;
const jobs: Jobs = { enqueue: async () => {}, work: async () => {}, close: async () => {} };
let db: Database;
let server: ModelServer | null = null;

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await db.execute('delete from site where id <> $1', ['']);
  await db.execute('delete from embedding_cache');
  await db.execute(`insert into site (id, name) values ('shop', 'Shop'), ('empty', 'Empty')`);
  const index = createPassageIndex({ embedder: builtin, logger: silentLogger });
  const texts = Array.from({ length: passages }, (_, n) => `Passage ${String(n)} about tents.`);
  await addDocument(db, index, 'shop', newDocument('guide', texts));
});
afterEach(async () => {
  await server?.close();
  server = null;
});
afterAll(() => db.close());

const status = () => createIndexStatuses({ db }).get('shop');

async function configure(options: ModelServerOptions = {}) {
  server = await createModelServer({ embed: (text) => [text.length, 1, 2], ...options });
  const endpoint = { apiKey: 'k', baseUrl: server.url, model: 'scripted', dimensions: 3, maxAttempts: 1 };
  const embedder = await createOpenAiEmbedder(endpoint);
  return { embedder, builds: createIndexBuilds({ db, jobs, embedder, logger: silentLogger }) };
}

it('names what search reads, and nothing to build', async () => {
  expect(await status()).toEqual({
    live: { embedder: builtin.id, dimensions: builtin.dimensions },
    build: null,
  });
  expect(await createIndexStatuses({ db }).get('empty')).toEqual({ live: null, build: null });
});

it('tells how far another embedder is, how fast, and how long the rest takes', async () => {
  const seen: Awaited<ReturnType<typeof status>>[] = [];
  const { embedder, builds } = await configure({
    beforeEmbed: async () => void seen.push(await status()),
  });
  await builds.sweep();
  expect((await status()).build).toMatchObject({
    state: 'waiting',
    perSecond: null,
    begunAt: null,
    fix: null,
  });
  await builds.build('shop', signal);
  expect(seen[0]?.build).toMatchObject({ state: 'embedding', done: 0, total: passages, perSecond: null });
  const late = seen.at(-1);
  expect(late?.live?.embedder).toBe(builtin.id);
  expect(late?.build).toMatchObject({
    embedder: embedder.id,
    dimensions: 3,
    state: 'embedding',
    done: 384,
    total: passages,
    reason: null,
    fix: null,
    retryAt: null,
  });
  const { perSecond = 0, secondsLeft = 0, done = 0 } = late?.build ?? {};
  expect(perSecond).toBeGreaterThan(0);
  expect((secondsLeft ?? 0) * (perSecond ?? 0)).toBeCloseTo(passages - done);
  expect(await status()).toEqual({ live: { embedder: embedder.id, dimensions: 3 }, build: null });
});

it(
  'tells how far PostgreSQL is with the approximate index over all vectors',
  { timeout: 120_000 },
  async () => {
    const { embedder, builds } = await configure();
    await builds.sweep();
    await db.execute(
      `insert into passage_embedding (site_id, passage_id, embedder, embedding)
     select site_id, passage_id, $1, array[random(), random(), random()]::real[]::vector from passage_embedding`,
      [embedder.id],
    );
    await db.execute(
      `update index_version set begun_at = now(), done = $1, total = $1 where state <> 'live'`,
      [passages],
    );
    const seen = await watchAnnBuild(
      db,
      { space: { siteId: 'shop', embedder }, count: passages },
      async () => (await status()).build,
      (build) => build !== null && build.ann !== null,
    );
    expect(seen.map((build) => build?.state)).toContain('indexing');
    expect(seen.some((build) => typeof build?.ann?.phase === 'string')).toBe(db.kind === 'postgres');
    expect((await status()).build).toMatchObject({ state: 'indexing', ann: null });
  },
);

it('counts the pace of this try alone, not what an earlier one had made', async () => {
  const stop = new AbortController();
  let requests = 0;
  const first = await configure({
    beforeEmbed: async () => {
      requests += 1;
      if (requests > 2) stop.abort(new Error('killed'));
    },
  });
  await first.builds.sweep();
  await expect(first.builds.build('shop', stop.signal)).rejects.toThrow('killed');
  const seen: Awaited<ReturnType<typeof status>>[] = [];
  // The same address, so the same embedder.
  const builds = createIndexBuilds({
    ...{ db, jobs, logger: silentLogger },
    embedder: {
      ...first.embedder,
      embed: async (texts, ...others) => {
        seen.push(await status());
        return first.embedder.embed(texts, ...others);
      },
    },
  });
  await builds.build('shop', signal);
  expect(seen[0]?.build).toMatchObject({ state: 'embedding', done: 192, perSecond: null, secondsLeft: null });
});

it('says why a build broke off, what to do, and when it is tried again', async () => {
  const { builds } = await configure({ embed: () => [0, 0, 0] });
  await builds.sweep();
  await builds.build('shop', signal);
  const { live, build } = await status();
  expect(live?.embedder).toBe(builtin.id);
  expect(build).toMatchObject({ state: 'failed', done: 0, total: passages, perSecond: null });
  expect(build?.reason).toMatch(/unusable vector.*Check EMBEDDING_MODEL/);
  expect(build?.fix).toContain('tried again by itself');
  expect(Date.parse(build?.retryAt ?? '')).toBeGreaterThan(Date.now());
});

it('says so where no worker looks after it', async () => {
  const { embedder, builds } = await configure();
  await builds.sweep();
  await db.execute(
    `update index_version set begun_at = now(), total = 5, deadline_at = now() - interval '2 minutes'
     where state <> 'live'`,
  );
  const { build } = await status();
  expect(build?.state).toBe('waiting');
  expect(build?.fix).toContain(`No worker makes vectors of ${embedder.id}`);
});
