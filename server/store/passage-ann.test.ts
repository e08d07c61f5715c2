import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '../ports.ts';
import { createTestDatabase } from '../testing/database.ts';
import { createAnnIndex, hasAnnIndex, nearestPassagesByAnn } from './passage-ann.ts';
import { insertEmbeddings, nearestPassages } from './passage-index.ts';

const dimensions = 32;
const space = { embedderId: "it's a test", dimensions };
const passagesPerSite = { big: 1500, small: 30 } as const;
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
  await insertEmbeddings(db, siteId, space.embedderId, ids, vectors);
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
    const seen: string[] = [];
    await db.transaction(async (tx) => {
      await nearestPassagesByAnn(
        {
          ...db,
          transaction: (work) =>
            work({
              ...tx,
              query: (sql, parameters, row) => {
                seen.push(sql);
                return tx.query(sql, parameters, row);
              },
            }),
        },
        'big',
        space,
        unitVector(createRandom(2)),
        10,
      );
      const vector = `[${unitVector(createRandom(2)).join(',')}]`;
      const plan = await tx.query(
        `explain ${seen[0] ?? ''}`,
        ['big', vector, 10],
        z.object({ 'QUERY PLAN': z.string() }),
      );
      expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('passage_embedding_ann_');
    });
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
