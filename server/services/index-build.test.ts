import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import { createOpenAiEmbedder } from '../adapters/embedder/openai.ts';
import type { Database, Embedder, Jobs } from '../ports.ts';
import { findLiveEmbedder, listIndexVersions, swapIndexVersion } from '../store/index-version.ts';
import { createTestDatabase } from '../testing/database.ts';
import { fakeClock, silentLogger } from '../testing/deps.ts';
import { addDocument, newDocument } from '../testing/knowledge.ts';
import { createModelServer, type ModelServer, type ModelServerOptions } from '../testing/model-server.ts';
import { createEmbedders } from './embedders.ts';
import { createIndexBuilds } from './index-build.ts';
import { createPassageIndex } from './passage-index.ts';
import { createRetrieve } from './retrieve.ts';

const builtin = createBuiltinEmbedder();
const passages = 500;
const signal = new AbortController().signal;
let db: Database;
let server: ModelServer | null = null;
let embedded: string[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await db.execute('delete from site where id <> $1', ['']);
  await db.execute('delete from embedding_cache');
  await db.execute(`insert into site (id, name) values ('shop', 'Shop')`);
  const index = createPassageIndex({ embedder: builtin, logger: silentLogger });
  const texts = Array.from(
    { length: passages },
    (_, n) => `Passage ${String(n)} of the old index about tents.`,
  );
  await addDocument(db, index, 'shop', newDocument('guide', texts));
  embedded = [];
});
afterEach(async () => {
  await server?.close();
  server = null;
});
afterAll(() => db.close());

/** What a process with another embedder in its configuration has. */
async function configure(options: ModelServerOptions = {}) {
  const embed = (text: string) => {
    embedded.push(text);
    return [text.length, 1, text.codePointAt(8) ?? 1];
  };
  server = await createModelServer({ embed, ...options });
  const endpoint = { apiKey: 'k', baseUrl: server.url, model: 'scripted', dimensions: 3, maxAttempts: 1 };
  const embedder = await createOpenAiEmbedder(endpoint);
  const held: unknown[] = [];
  const jobs: Jobs = {
    enqueue: (name, payload) => Promise.resolve(void held.push([name, payload])),
    work: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const openEmbedder = (id: string) => Promise.resolve(id === builtin.id ? builtin : null);
  const embedders = createEmbedders({ embedder, openEmbedder, logger: silentLogger });
  const builds = createIndexBuilds({ db, jobs, embedder, logger: silentLogger });
  const retrieve = createRetrieve({ db, embedders, clock: fakeClock(), logger: silentLogger });
  const ask = () => retrieve({ siteId: 'shop', query: 'tents', k: 3, history: [] });
  return { embedder, embedders, builds, held, ask };
}

async function vectorsOf(embedder: Embedder): Promise<number> {
  const rows = await db.query(
    'select count(*) as n from passage_embedding where embedder = $1',
    [embedder.id],
    z.object({ n: z.number() }),
  );
  return rows[0]?.n ?? -1;
}

const versions = async () =>
  (await listIndexVersions(db)).map(({ embedder, state, done, total }) => [embedder, state, done, total]);

describe('another embedder', () => {
  it('is built beside the old one, which serves until the swap', async () => {
    let servingMeanwhile: string | undefined;
    const set = await configure({
      beforeEmbed: async () => {
        servingMeanwhile = (await set.embedders.serving(await findLiveEmbedder(db, 'shop')))?.id;
      },
    });
    await set.builds.sweep();
    expect(set.held).toEqual([['index-build', { siteId: 'shop' }]]);
    expect((await set.ask()).passages[0]?.cosine).not.toBeNull();
    await set.builds.build('shop', signal);
    expect(servingMeanwhile).toBe(builtin.id);
    expect(await versions()).toEqual([[set.embedder.id, 'live', passages, passages]]);
    expect(await vectorsOf(set.embedder)).toBe(passages);
    expect(await vectorsOf(builtin)).toBe(0);
    expect((await set.embedders.serving(await findLiveEmbedder(db, 'shop')))?.id).toBe(set.embedder.id);
    expect((await set.ask()).passages[0]?.cosine).not.toBeNull();
    set.held.length = 0;
    await set.builds.sweep();
    expect(set.held).toEqual([]);
  });

  it('goes on after a stop without asking again for what it had', async () => {
    const stop = new AbortController();
    let requests = 0;
    const set = await configure({
      beforeEmbed: () => {
        requests += 1;
        if (requests > 3) stop.abort(new Error('killed'));
        return Promise.resolve();
      },
    });
    await set.builds.sweep();
    await expect(set.builds.build('shop', stop.signal)).rejects.toThrow('killed');
    const before = await vectorsOf(set.embedder);
    expect(before).toBeGreaterThan(0);
    expect((await findLiveEmbedder(db, 'shop'))?.id).toBe(builtin.id);
    embedded = [];
    await set.builds.build('shop', signal);
    expect(embedded).toHaveLength(passages - before);
    expect(await vectorsOf(set.embedder)).toBe(passages);
  });

  it('covers what is published while it is built', async () => {
    const set = await configure();
    await set.builds.sweep();
    const index = createPassageIndex({ embedder: set.embedder, logger: silentLogger });
    const old = createPassageIndex({ embedder: builtin, logger: silentLogger });
    await addDocument(
      db,
      index,
      'shop',
      newDocument('new', ['Published by a process with the new embedder.']),
    );
    await addDocument(
      db,
      old,
      'shop',
      newDocument('late', ['Published by a process with the old embedder.']),
    );
    await set.builds.build('shop', signal);
    expect(await vectorsOf(set.embedder)).toBe(passages + 2);
    expect(await vectorsOf(builtin)).toBe(0);
  });

  it('is not swapped in while a passage has no vector of it', async () => {
    const set = await configure();
    await set.builds.sweep();
    expect(await db.transaction((tx) => swapIndexVersion(tx, 'shop', set.embedder))).toBe(false);
    expect((await findLiveEmbedder(db, 'shop'))?.id).toBe(builtin.id);
    expect(await vectorsOf(builtin)).toBe(passages);
  });

  it.each([
    ['zeros', () => [0, 0, 0]],
    ['another length', () => [1, 2]],
    ['infinity', () => [1, Number.MAX_VALUE, Number.MAX_VALUE * 10]],
  ])('E7: that gives %s fails, loudly, and the old index serves on', async (_name, embed) => {
    const set = await configure({ embed });
    await set.builds.sweep();
    await set.builds.build('shop', signal);
    const failed = (await listIndexVersions(db)).find(({ embedder }) => embedder === set.embedder.id);
    expect(failed).toMatchObject({ state: 'failed', done: 0, total: passages });
    expect(failed?.reason).toMatch(/unusable vector.*Check EMBEDDING_MODEL/);
    expect((await findLiveEmbedder(db, 'shop'))?.id).toBe(builtin.id);
    expect(await vectorsOf(set.embedder)).toBe(0);
    expect((await set.ask()).passages[0]?.cosine).not.toBeNull();
  });

  it('is tried again after its deadline, not before', async () => {
    const set = await configure({ embed: () => [0, 0, 0] });
    await set.builds.sweep();
    await set.builds.build('shop', signal);
    set.held.length = 0;
    await set.builds.sweep();
    expect(set.held).toEqual([]);
    await db.execute(
      `update index_version set deadline_at = now() - interval '1 second' where state = 'failed'`,
    );
    await set.builds.sweep();
    expect(set.held).toEqual([['index-build', { siteId: 'shop' }]]);
  });

  it('leaves search to the words where the former one cannot be asked', async () => {
    const { embedder } = await configure();
    const openEmbedder = () => Promise.reject(new Error('gone'));
    const embedders = createEmbedders({ embedder, openEmbedder, logger: silentLogger });
    const retrieve = createRetrieve({ db, embedders, clock: fakeClock(), logger: silentLogger });
    const found = await retrieve({ siteId: 'shop', query: 'tents', k: 3, history: [] });
    expect(found.passages).toHaveLength(3);
    expect(found.passages[0]?.cosine).toBeNull();
  });
});
