import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import { maxSingles } from '../domain/retrieval/merge-policy.ts';
import type { Database } from '../ports.ts';
import { createTestDatabase } from '../testing/database.ts';
import { fakeClock, serveWith, silentLogger } from '../testing/deps.ts';
import { addDocument, deleteDocument, newDocument } from '../testing/knowledge.ts';
import { createPassageIndex } from './passage-index.ts';
import { createRetrieve } from './retrieve.ts';

const embedder = createBuiltinEmbedder();
const index = createPassageIndex({ embedder, logger: silentLogger });
const topics = ['tent', 'kayak', 'boot', 'stove', 'rope', 'lamp', 'jacket'];
const verbs = ['repair', 'return', 'exchange', 'clean', 'store'];
let db: Database;

function page(number: number, version = 1) {
  const topic = topics[number % topics.length] ?? '';
  const verb = verbs[number % verbs.length] ?? '';
  return newDocument(
    `page-${String(number)}`,
    [
      `How to ${verb} your ${topic}, as page ${String(number)} tells it.`,
      `Page ${String(number)}, version ${String(version)} of the ${topic} guide.`,
    ],
    { title: `${verb} a ${topic}` },
  );
}

function ask(query: string, k = 8) {
  const retrieve = createRetrieve({
    db,
    embedders: serveWith(embedder),
    clock: fakeClock(),
    logger: silentLogger,
  });
  return retrieve({ siteId: 'shop', query, k, history: [] });
}

async function scores(query: string): Promise<[number, number][]> {
  const { passages } = await ask(query);
  return passages.map((passage) => [passage.passageId, Number(passage.score.toFixed(9))]);
}

async function segments(): Promise<{ state: string; passages: number; bits: number }[]> {
  return db.query(
    `select state, passage_count as passages, block_bits as bits from lexical_segment
     where site_id = $1 order by id`,
    ['shop'],
    z.object({ state: z.string(), passages: z.number(), bits: z.number() }),
  );
}

const live = async () => (await segments()).filter((segment) => segment.state === 'live');

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await db.execute('delete from site where id <> $1', ['']);
  await db.execute(`insert into site (id, name) values ('shop', 'Shop')`);
});
afterAll(async () => {
  await db.close();
});

describe('merging segments', () => {
  const questions = ['how to repair a kayak', 'return boots', 'page 12 guide', 'jacket cleaning', 'xyz'];

  it('does nothing while few documents wait', async () => {
    for (let number = 0; number < 5; number += 1) await addDocument(db, index, 'shop', page(number));
    await index.merge(db, 'shop');
    expect(await live()).toHaveLength(5);
  });

  it('gathers single documents into one segment and changes no score', async () => {
    for (let number = 0; number < maxSingles; number += 1) await addDocument(db, index, 'shop', page(number));
    const before = await Promise.all(questions.map(scores));
    await index.merge(db, 'shop');
    expect(await live()).toEqual([{ state: 'live', passages: maxSingles * 2, bits: expect.any(Number) }]);
    expect(await Promise.all(questions.map(scores))).toEqual(before);
  });

  it('merges merged segments again, and still changes no score', async () => {
    for (let number = 0; number < maxSingles * 4; number += 1) {
      await addDocument(db, index, 'shop', page(number));
      if (number === maxSingles * 4 - 1) break;
      await index.merge(db, 'shop');
    }
    const before = await Promise.all(questions.map(scores));
    expect((await live()).length).toBeGreaterThan(1);
    await index.merge(db, 'shop');
    expect(await live()).toHaveLength(1);
    expect(await Promise.all(questions.map(scores))).toEqual(before);
  });

  it('drops the dead: deleted and replaced documents leave the index with the next merge', async () => {
    const ids: number[] = [];
    for (let number = 0; number < maxSingles; number += 1) {
      ids.push((await addDocument(db, index, 'shop', page(number))).documentId);
    }
    await index.merge(db, 'shop');
    await deleteDocument(db, index, 'shop', ids[3] ?? 0);
    await addDocument(db, index, 'shop', page(4, 2));
    const { passages } = await ask('page 4 version guide tent', 200);
    expect(passages).toHaveLength((maxSingles - 1) * 2);
    expect(passages.map((passage) => passage.externalId)).not.toContain('page-3');
    for (let number = 100; number < 100 + maxSingles * 3; number += 1) {
      await addDocument(db, index, 'shop', page(number));
      await index.merge(db, 'shop');
    }
    const total = (await live()).reduce((sum, segment) => sum + segment.passages, 0);
    expect(total).toBe((maxSingles * 4 - 1) * 2);
  });

  it('gives k passages although the best hundreds were deleted since the merge', async () => {
    const ids: number[] = [];
    for (let number = 0; number < maxSingles * 2; number += 1) {
      const isDoomed = number < 70;
      const text = isDoomed ? 'tent tent tent' : 'A tent among many other things that one may want.';
      const texts = ['first', 'second'].map((which) => `${text} ${which} ${String(number)}`);
      const document = newDocument(`page-${String(number)}`, texts, { title: 'Help' });
      ids.push((await addDocument(db, index, 'shop', document)).documentId);
    }
    await index.merge(db, 'shop');
    for (const id of ids.slice(0, 70)) await deleteDocument(db, index, 'shop', id);
    const { passages } = await ask('tent', 20);
    expect(passages).toHaveLength(20);
    expect(passages.every((passage) => passage.lexicalScore > 0)).toBe(true);
  });

  it('gives one of two merges at once the win, and loses nothing', async () => {
    const other = createPassageIndex({ embedder, logger: silentLogger });
    for (let number = 0; number < maxSingles; number += 1) await addDocument(db, index, 'shop', page(number));
    await Promise.all([index.merge(db, 'shop'), other.merge(db, 'shop')]);
    expect(await live()).toHaveLength(1);
    expect((await segments()).filter((segment) => segment.state === 'building')).toEqual([]);
    expect((await ask('guide', 200)).passages).toHaveLength(maxSingles * 2);
  });

  it('survives a document that is replaced while its segment is being merged', async () => {
    for (let number = 0; number < maxSingles; number += 1) await addDocument(db, index, 'shop', page(number));
    const [, published] = await Promise.all([
      index.merge(db, 'shop'),
      addDocument(db, index, 'shop', page(7, 2)),
    ]);
    const { passages } = await ask('page 7 version 2 guide', 200);
    expect(passages).toHaveLength(maxSingles * 2);
    const own = passages.filter((passage) => passage.externalId === 'page-7');
    expect(own.map((passage) => passage.passageId).toSorted()).toEqual(published.passageIds.toSorted());
  });

  it('stops when told to, leaving nothing half done', async () => {
    for (let number = 0; number < maxSingles; number += 1) await addDocument(db, index, 'shop', page(number));
    await expect(index.merge(db, 'shop', AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    expect((await segments()).filter((segment) => segment.state !== 'live')).toEqual([]);
  });
});
