import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Database } from '../ports.ts';
import { createTestDatabase } from '../testing/database.ts';
import { createAnnIndex, hasAnnIndex, nearestPassagesByAnn } from './passage-ann.ts';
import { insertEmbeddings, nearestPassages } from './passage-index.ts';

const dimensions = 32;
const space = { embedderId: "it's a test", dimensions };
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
  await insertEmbeddings(db, siteId, { id: space.embedderId, dimensions }, ids, vectors);
}

beforeAll(async () => {
  db = await createTestDatabase();
  const random = createRandom(1);
  await addSite('big', passagesPerSite.big, random);
  await addSite('small', passagesPerSite.small, random);
  await createAnnIndex(db, space);
  await db.execute('analyze passage_embedding');
});
afterAll(async () => {
  await db.close();
});

describe('approximate search', () => {
  it('knows whether its index is there', async () => {
    expect(await hasAnnIndex(db, space)).toBe(true);
    expect(await hasAnnIndex(db, { ...space, embedderId: 'another' })).toBe(false);
    await createAnnIndex(db, space);
  });

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
    await nearestPassagesByAnn(db, 'big', space, unitVector(createRandom(2)), 10);
    await db.query('select pg_stat_force_next_flush() is null as done', [], z.unknown());
    await vi.waitFor(async () => expect(await used()).toBeGreaterThan(before), { timeout: 5000 });
  });

  it('gives the exact cosines of other passages that were asked for, once each', async () => {
    const vector = unitVector(createRandom(5));
    const all = await nearestPassages(db, 'big', space.embedderId, vector, passagesPerSite.big);
    const others = [all[0], all[500], all[900]].map((passage) => passage?.passageId ?? 0);
    for (const found of [
      await nearestPassagesByAnn(db, 'big', space, vector, 5, others),
      await nearestPassages(db, 'big', space.embedderId, vector, 5, others),
    ]) {
      expect(found).toHaveLength(7);
      const cosines = new Map(found.map((passage) => [passage.passageId, passage.cosine]));
      expect(cosines.get(others[2] ?? 0)).toBeCloseTo(all[900]?.cosine ?? 9, 4);
    }
  });

  it('finds at least 95 of 100 of the exact neighbours under a site filter', async () => {
    const random = createRandom(3);
    let found = 0;
    for (let question = 0; question < 20; question += 1) {
      const vector = unitVector(random);
      const exact = await nearestPassages(db, 'big', space.embedderId, vector, 5);
      const near = await nearestPassagesByAnn(db, 'big', space, vector, 5);
      const ids = new Set(near.map((passage) => passage.passageId));
      found += exact.filter((passage) => ids.has(passage.passageId)).length;
    }
    expect(found / 100).toBeGreaterThanOrEqual(0.95);
  });

  it('gives k rows of a site that holds 2 % of the vectors, and none of another', async () => {
    const random = createRandom(4);
    for (let question = 0; question < 10; question += 1) {
      const vector = unitVector(random);
      const near = await nearestPassagesByAnn(db, 'small', space, vector, 10);
      const exact = await nearestPassages(db, 'small', space.embedderId, vector, passagesPerSite.small);
      expect(near).toHaveLength(10);
      expect(near.every((passage) => exact.some((own) => own.passageId === passage.passageId))).toBe(true);
    }
  });
});
