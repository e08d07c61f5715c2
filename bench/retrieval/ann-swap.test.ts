import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Embedder } from '../../server/ports.ts';
import { createIndexBuilds } from '../../server/services/index-build.ts';
import { createRetrieve } from '../../server/services/retrieve.ts';
import { findLiveEmbedder } from '../../server/store/index-version.ts';
import { hasAnnIndex, nearestPassagesByAnn } from '../../server/store/passage-ann.ts';
import { nearestPassages, vectorText } from '../../server/store/passage-index.ts';
import { systemClock } from '../../server/system.ts';
import { createTestDatabase } from '../../server/testing/database.ts';
import { serveWith, silentLogger } from '../../server/testing/deps.ts';
import { benchQuestion, createRandom, passagesPerDocument } from './corpus.ts';
import { loadCorpus } from './load.ts';

/** Several sites in one database, one of them beyond what is scanned exactly, while their embedder is changed. */
const sizes = { large: 5_040, other: 600, small: 40 } as const;
const sites = ['large', 'other', 'small'] as const;
const dimensions = 16;
const k = 8;
const signal = new AbortController().signal;
let db: Database;

/** Vectors that a text decides, so that the same text always has the same one. */
function embedderOf(id: string, embed?: () => Promise<void>): Embedder {
  const vectorOf = (text: string) => {
    const random = createRandom(
      createHash('sha256')
        .update(id + text)
        .digest()
        .readUInt32LE(),
    );
    const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5);
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  };
  return {
    id,
    dimensions,
    async embed(texts) {
      await embed?.();
      return texts.map(vectorOf);
    },
  };
}
const old = embedderOf('old');

beforeAll(async () => {
  db = await createTestDatabase();
  for (const siteId of sites)
    await loadCorpus(db, { siteId, passages: sizes[siteId], embedderId: old.id, dimensions });
}, 600_000);
afterAll(() => db.close());

const documentsOf = (siteId: (typeof sites)[number]) => Math.ceil(sizes[siteId] / passagesPerDocument);

/** Searches of every site: always k passages, all of them the site's own. */
async function expectFull(embedder: Embedder): Promise<void> {
  const retrieve = createRetrieve({
    db,
    embedders: serveWith(embedder),
    clock: systemClock,
    logger: silentLogger,
  });
  for (const siteId of sites) {
    for (let number = 0; number < 4; number += 1) {
      const query = benchQuestion(number, documentsOf(siteId));
      const { passages } = await retrieve({ siteId, query, k, history: [] });
      expect(passages, siteId).toHaveLength(k);
      const ids = passages.map((passage) => passage.passageId);
      expect(
        await db.execute('select id from passage where site_id = $1 and id = any($2::bigint[])', [
          siteId,
          ids,
        ]),
      ).toBe(k);
    }
  }
}

describe('many passages of several sites, and another embedder', { timeout: 600_000 }, () => {
  it('the old index serves until the new one is whole; then a large site has its approximate index', async () => {
    const seen = new Set<string | undefined>();
    let isAsked = false;
    const next = embedderOf('next', async () => {
      seen.add((await findLiveEmbedder(db, 'large'))?.id);
      if (isAsked) return;
      isAsked = true;
      await expectFull(old);
    });
    const nothing = () => Promise.resolve();
    const jobs = { enqueue: nothing, work: nothing, close: nothing };
    const builds = createIndexBuilds({ db, jobs, embedder: next, logger: silentLogger });
    await builds.sweep();
    for (const siteId of sites) await builds.build(siteId, signal);
    expect([...seen]).toEqual(expect.arrayContaining([old.id]));
    for (const siteId of sites) expect((await findLiveEmbedder(db, siteId))?.id).toBe(next.id);
    const hasIndex = await Promise.all(sites.map((siteId) => hasAnnIndex(db, { siteId, embedder: next })));
    expect(hasIndex).toEqual([db.kind === 'postgres', false, false]);
    await expectFull(next);
    await expectRecall(next);
  });
});

/** Of the five that an exact scan finds, how many the index finds: the share that the design promises. */
async function expectRecall(embedder: Embedder): Promise<void> {
  if (db.kind !== 'postgres') return;
  const [questions, depth] = [40, 5];
  let found = 0;
  for (let number = 0; number < questions; number += 1) {
    const [made = new Float32Array()] = await embedder.embed([`question ${String(number)}`], 'query');
    const query = { siteId: 'large', embedder, vector: vectorText(made) };
    const exact = await nearestPassages(db, query, depth);
    const near = new Set((await nearestPassagesByAnn(db, query, depth, 0)).map(({ passageId }) => passageId));
    expect(near.size).toBe(depth);
    found += exact.filter(({ passageId }) => near.has(passageId)).length;
  }
  expect(found / (questions * depth)).toBeGreaterThanOrEqual(0.95);
}
