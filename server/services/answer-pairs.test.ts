import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { createAnalyzer } from '../domain/analysis/analyze.ts';
import type { Database } from '../ports.ts';
import { insertSite } from '../store/site.ts';
import { createTestDatabase } from '../testing/database.ts';
import { silentLogger } from '../testing/deps.ts';
import { createAnswerPairs } from './answer-pairs.ts';

let db: Database;

beforeAll(async () => {
  db = await createTestDatabase();
  for (const id of ['shop', 'other'])
    await insertSite(db, { id, name: id, settings: {}, createdAt: new Date(0) });
});
beforeEach(() => db.execute('delete from document'));
afterAll(() => db.close());

async function addPair(siteId: string, question: string, aliases: readonly string[] = []): Promise<number> {
  const [row] = await db.query(
    `insert into document (site_id, external_id, title, language, text, content_hash, aliases)
     values ($1, 'qa:s:' || $2, $2, 'en', 'An answer.', 'h', $3::text[]) returning id`,
    [siteId, question, aliases],
    z.object({ id: z.number() }),
  );
  return row?.id ?? 0;
}

const topics = ['gift cards', 'the warranty', 'a size chart', 'an invoice', 'your newsletter', 'spare parts'];

async function addShop(): Promise<number> {
  for (const topic of topics) await addPair('shop', `Where do I find ${topic}?`, [`Looking for ${topic}`]);
  await addPair('shop', 'Do you ship abroad?', ['Delivery to other countries']);
  return addPair('shop', 'How do I return something?', [
    'I want to send my order back',
    'Return a product that I bought',
  ]);
}

it('are matched by what the owner wrote, alternatives included, and by what means the same', async () => {
  const documentId = await addShop();
  const pairs = createAnswerPairs({ db, analyzer: createAnalyzer(), logger: silentLogger });
  const exact = await pairs.match('shop', 'I want to send my order back', 'en');
  expect(exact).toMatchObject({ documentId, certainty: 1 });
  const near = await pairs.match('shop', 'how can i return the product that i bought', 'en');
  expect(near).toMatchObject({ documentId });
  expect(near?.certainty).toBeGreaterThan(0.5);
});

it('are those of the site, as they are now', async () => {
  const documentId = await addShop();
  const pairs = createAnswerPairs({ db, analyzer: createAnalyzer(), logger: silentLogger });
  const ask = (siteId: string) => pairs.match(siteId, 'How do I return something?', 'en');
  expect(await ask('other')).toBeNull();
  expect(await ask('shop')).toMatchObject({ documentId, certainty: 1 });
  await db.execute('delete from document where id = $1', [documentId]);
  expect((await ask('shop'))?.documentId).not.toBe(documentId);
  const added = await addPair('shop', 'How do I return something?');
  expect(await ask('shop')).toMatchObject({ documentId: added, certainty: 1 });
});

it('are learnt once, however many ask at the same moment', async () => {
  const documentId = await addShop();
  let reads = 0;
  const counting: Database = {
    ...db,
    query: (sql, parameters, row) => {
      if (sql.includes('aliases')) reads += 1;
      return db.query(sql, parameters, row);
    },
  };
  const pairs = createAnswerPairs({ db: counting, analyzer: createAnalyzer(), logger: silentLogger });
  const asked = Array.from({ length: 20 }, () => pairs.match('shop', 'Do you ship abroad?', 'en'));
  const matches = await Promise.all(asked);
  expect(new Set(matches.map((match) => match?.certainty))).toEqual(new Set([1]));
  expect(matches.map((match) => match?.documentId)).not.toContain(documentId);
  expect(reads).toBe(1);
});
