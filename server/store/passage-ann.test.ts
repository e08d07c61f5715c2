import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Database } from '../ports.ts';
import { watchAnnBuild } from '../testing/ann-build.ts';
import { createTestDatabase } from '../testing/database.ts';
import {
  createAnnIndex,
  dropUnusedAnnIndexes,
  findAnnBuild,
  hasAnnIndex,
  nearestPassagesByAnn,
} from './passage-ann.ts';
import { cosinesOf, insertEmbeddings, nearestPassages, vectorText } from './passage-index.ts';

const dimensions = 32;
const embedder = { id: "it's a test", dimensions };
const spaceOf = (siteId: string) => ({ siteId, embedder });
const queryOf = (siteId: string, vector: Float32Array) => ({
  siteId,
  embedder,
  vector: vectorText(vector),
});
const passagesPerSite = { big: 1000, small: 20 } as const;
let db: Database;

/** A small linear congruential generator: the same vectors in every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

function unitVector(random: () => number): Float32Array {
  const vector = Float32Array.from({ length: dimensions }, random);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

async function addSite(siteId: string, count: number, random: () => number): Promise<void> {
  await db.execute('insert into site (id, name) values ($1, $1)', [siteId]);
  const [document] = await db.query(
    `insert into document (site_id, external_id, title, text, content_hash)
     values ($1, 'all', '', '', '') returning id`,
    [siteId],
    z.object({ id: z.number() }),
  );
  const rows = await db.query(
    `insert into passage (site_id, document_id, position, heading_path, char_start, char_end, text, content_hash)
     select $1, $2, n, '{}', 0, 0, '', '' from generate_series(1, $3) as n returning id`,
    [siteId, document?.id ?? 0, count],
    z.object({ id: z.number() }),
  );
  const ids = rows.map((row) => row.id);
  const vectors = ids.map(() => unitVector(random));
  await insertEmbeddings(db, siteId, embedder, ids, vectors);
}

beforeAll(async () => {
  db = await createTestDatabase();
  const random = createRandom(1);
  await addSite('big', passagesPerSite.big, random);
  await addSite('small', passagesPerSite.small, random);
  await createAnnIndex(db, spaceOf('big'), passagesPerSite.big);
  await db.execute('analyze passage_embedding');
});
afterAll(async () => {
  await db.close();
});

/** Of the whole table, about. */
const passages = passagesPerSite.big;

describe('approximate search', () => {
  it('knows whether its index is there', async () => {
    expect(await hasAnnIndex(db, spaceOf('big'))).toBe(true);
    expect(await hasAnnIndex(db, spaceOf('small'))).toBe(false);
    expect(await hasAnnIndex(db, { siteId: 'big', embedder: { id: 'another', dimensions } })).toBe(false);
    await createAnnIndex(db, spaceOf('big'), passagesPerSite.big);
  });

  it('tells how far PostgreSQL is with its index, and nothing where none is built', async () => {
    const seen = await watchAnnBuild(
      db,
      { space: spaceOf('big'), count: passagesPerSite.big },
      async () => ({
        big: await findAnnBuild(db, spaceOf('big')),
        small: await findAnnBuild(db, spaceOf('small')),
      }),
      ({ big }) => (big?.share ?? 0) > 0,
    );
    expect(seen.filter(({ small }) => small !== null)).toEqual([]);
    expect(seen.some(({ big }) => big?.phase === 'loading tuples' && (big.share ?? 0) > 0)).toBe(
      db.kind === 'postgres',
    );
    for (const { big } of seen) expect(big?.share ?? 0).toBeLessThanOrEqual(1);
    expect(await findAnnBuild(db, spaceOf('big'))).toBeNull();
    expect(await hasAnnIndex(db, spaceOf('big'))).toBe(true);
  }, 120_000);

  it('uses the index', async () => {
    const used = async () => {
      const rows = await db.query(
        `select coalesce(sum(idx_scan), 0) as scans from pg_stat_user_indexes
         where indexrelname like $1`,
        ['passage_embedding_ann_%'],
        z.object({ scans: z.number() }),
      );
      return rows[0]?.scans ?? 0;
    };
    const before = await used();
    await nearestPassagesByAnn(db, queryOf('big', unitVector(createRandom(2))), 10, passages);
    await db.query('select pg_stat_force_next_flush() is null as done', [], z.unknown());
    await vi.waitFor(async () => expect(await used()).toBeGreaterThan(before), { timeout: 5000 });
  });

  it('searches a very large site more widely, for that call only', async () => {
    const query = queryOf('big', unitVector(createRandom(2)));
    expect(await nearestPassagesByAnn(db, query, 10, 1_000_000)).toHaveLength(10);
    const left = await db.query(
      `select current_setting('hnsw.ef_search') as breadth`,
      [],
      z.object({ breadth: z.string() }),
    );
    expect(left).toEqual([{ breadth: '40' }]);
    const { embedder, siteId, vector } = query;
    const values = [siteId, embedder.id, embedder.dimensions, vector, 10];
    const outOfRange = 'select * from nearest_passages($1, $2, $3, $4, $5, 0)';
    await expect(db.query(outOfRange, values, z.unknown())).rejects.toThrow('hnsw.ef_search');
  });

  it('gives the exact cosines of passages that were asked for', async () => {
    const query = queryOf('big', unitVector(createRandom(5)));
    const all = await nearestPassages(db, query, passagesPerSite.big);
    const asked = [all[0], all[500], all[900]].map((passage) => passage?.passageId ?? 0);
    const found = await cosinesOf(db, query, asked);
    const cosines = new Map(found.map((passage) => [passage.passageId, passage.cosine]));
    expect(cosines.size).toBe(3);
    expect(cosines.get(asked[2] ?? 0)).toBeCloseTo(all[900]?.cosine ?? 9, 4);
    expect(await cosinesOf(db, queryOf('small', unitVector(createRandom(5))), asked)).toEqual([]);
  });

  it('finds at least 95 of 100 of the exact neighbours', async () => {
    const random = createRandom(3);
    let found = 0;
    for (let question = 0; question < 20; question += 1) {
      const query = queryOf('big', unitVector(random));
      const exact = await nearestPassages(db, query, 5);
      const near = await nearestPassagesByAnn(db, query, 5, passages);
      const ids = new Set(near.map((passage) => passage.passageId));
      found += exact.filter((passage) => ids.has(passage.passageId)).length;
    }
    expect(found / 100).toBeGreaterThanOrEqual(0.95);
  });

  it('gives k rows of a site that holds 2 % of the vectors, with an index of its own or without, and none of another', async () => {
    const random = createRandom(4);
    for (const hasOwn of [false, true]) {
      if (hasOwn) await createAnnIndex(db, spaceOf('small'), passagesPerSite.small);
      expect(await hasAnnIndex(db, spaceOf('small'))).toBe(hasOwn);
      for (let question = 0; question < 10; question += 1) {
        const query = queryOf('small', unitVector(random));
        const near = await nearestPassagesByAnn(db, query, 10, passages);
        const exact = await nearestPassages(db, query, passagesPerSite.small);
        expect(near).toHaveLength(10);
        expect(near.every((passage) => exact.some((own) => own.passageId === passage.passageId))).toBe(true);
      }
    }
  });

  it('gives k rows where more passages were deleted since than a scan looks at', async () => {
    const query = queryOf('big', unitVector(createRandom(6)));
    const nearest = await nearestPassagesByAnn(db, query, 300, passages);
    await db.execute('delete from passage where id = any($1::bigint[])', [
      nearest.map((passage) => passage.passageId),
    ]);
    const left = await nearestPassagesByAnn(db, query, 100, passages);
    expect(left).toHaveLength(100);
    const gone = new Set(nearest.map((passage) => passage.passageId));
    expect(left.some((passage) => gone.has(passage.passageId))).toBe(false);
  });

  it('drops the index of a site that is gone, and no other', async () => {
    await db.execute(`delete from site where id = 'small'`);
    await dropUnusedAnnIndexes(db);
    expect(await hasAnnIndex(db, spaceOf('small'))).toBe(false);
    expect(await hasAnnIndex(db, spaceOf('big'))).toBe(true);
  });
});
