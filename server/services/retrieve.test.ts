import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import type { Database, Embedder } from '../ports.ts';
import { createTestDatabase } from '../testing/database.ts';
import { fakeClock, serveWith, silentLogger } from '../testing/deps.ts';
import { addDocument, deleteDocument, newDocument } from '../testing/knowledge.ts';
import { createPassageIndex } from './passage-index.ts';
import type { HistoryTurn } from '../domain/retrieval/conversation.ts';
import { createRetrieve } from './retrieve.ts';

const embedder = createBuiltinEmbedder();
const index = createPassageIndex({ embedder, logger: silentLogger });
let db: Database;

const shop = [
  newDocument('shipping', ['Parcels leave within two days. Express shipping costs nine euros.'], {
    title: 'Shipping and delivery',
  }),
  newDocument('returns', ['You may send anything back within thirty days.', 'Refunds take a week.'], {
    title: 'Returns',
  }),
  newDocument('warranty', ['Our tents have a warranty of five years against broken poles.'], {
    title: 'Warranty',
  }),
];

interface Options {
  siteId?: string;
  k?: number;
  history?: readonly HistoryTurn[];
}

function retriever(other: Embedder = embedder) {
  const retrieve = createRetrieve({
    db,
    embedders: serveWith(other),
    clock: fakeClock(),
    logger: silentLogger,
  });
  return async (query: string, options: Options = {}) =>
    retrieve({ siteId: 'shop', k: 3, history: [], ...options, query });
}

async function found(query: string, options: Options = {}): Promise<string[]> {
  const { passages } = await retriever()(query, options);
  return passages.map((passage) => passage.externalId);
}

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  await db.execute('delete from site where id <> $1', ['']);
  await db.execute(`insert into site (id, name) values ('shop', 'Shop'), ('other', 'Other')`);
  for (const document of shop) await addDocument(db, index, 'shop', document);
});
afterAll(async () => {
  await db.close();
});

describe('retrieve', () => {
  it('finds by stems, by title, and in spite of a misspelling', async () => {
    expect((await found('How long is the guarantee on a tent pole?'))[0]).toBe('warranty');
    expect((await found('delivery'))[0]).toBe('shipping');
    expect((await found('waranty'))[0]).toBe('warranty');
  });

  it('reads a question in English where no page is in its language', async () => {
    const retrieval = await retriever()('Wie lange ist die Garantie?');
    expect(retrieval.passages[0]?.externalId).toBe('warranty');
    expect(retrieval).toMatchObject({
      siteWording: 'how long warranty?',
      standaloneQuery: 'how long warranty?',
    });
    expect(await retriever()('How long is the warranty?')).not.toHaveProperty('siteWording');
  });

  it('reads a question in the words of the pages, where these use others', async () => {
    await addDocument(db, index, 'shop', newDocument('packs', ['A backpack for a day holds twenty litres.']));
    const retrieval = await retriever()('Which rucksack is for a day?');
    expect(retrieval.passages[0]?.externalId).toBe('packs');
    expect(retrieval.siteWording).toBe('Which backpack is for a day?');
    const history: HistoryTurn[] = [{ role: 'user', text: 'Do you have rucksacks?' }];
    expect((await found('And how much does it hold?', { history }))[0]).toBe('packs');
  });

  it('leaves a word that the owner has explained to the owner', async () => {
    await addDocument(db, index, 'shop', newDocument('packs', ['A backpack for a day holds twenty litres.']));
    await addDocument(db, index, 'shop', newDocument('bags', ['Our duffels are made of canvas.']));
    await db.execute(
      `insert into synonym (id, site_id, words, means) values (gen_random_uuid(), 'shop', '{rucksack}', '{duffel}')`,
    );
    const retrieval = await retriever()('rucksack');
    expect(retrieval.passages[0]?.externalId).toBe('bags');
    expect(retrieval).not.toHaveProperty('siteWording');
  });

  it('takes a heading for what a passage is asked by', async () => {
    const headed = { ...newDocument('stay', ['Ten days at most.']) };
    const passages = headed.passages.map((passage) => ({
      ...passage,
      headingPath: ['How long may guests stay?'],
    }));
    await addDocument(db, index, 'shop', { ...headed, passages });
    const { signals } = await retriever()('How long may guests stay?');
    expect(signals.sentenceOverlap).toBe(1);
  });

  it('gives passages with what is needed to cite them, best first', async () => {
    const { passages } = await retriever()('How long do refunds take?');
    expect(passages[0]).toMatchObject({
      externalId: 'returns',
      title: 'Returns',
      url: 'https://shop.test/returns',
      language: 'en',
      text: 'Refunds take a week.',
    });
    const scores = passages.map((passage) => passage.score);
    expect(scores).toEqual(scores.toSorted((first, second) => second - first));
    expect(passages[0]?.cosine).toBeGreaterThan(0.2);
  });

  it('gives k passages whenever the site has k, even when nothing matches', async () => {
    expect(await found('zzz', { k: 4 })).toHaveLength(4);
    expect(await found('tents', { k: 4 })).toHaveLength(4);
    expect(await found('tents', { k: 10 })).toHaveLength(4);
    expect(await found('', { k: 2 })).toHaveLength(2);
  });

  it('never sees another site', async () => {
    await addDocument(db, index, 'other', newDocument('secret', ['The tent warranty of another site.']));
    expect(await found('tent warranty', { k: 10 })).not.toContain('secret');
    expect(await found('tent warranty', { siteId: 'other', k: 10 })).toEqual(['secret']);
    expect(await found('tent warranty', { siteId: 'nobody' })).toEqual([]);
  });

  it('forgets a deleted document at once, in a service that has it cached', async () => {
    const ask = retriever();
    const before = await ask('tent warranty');
    const documentId = before.passages[0]?.documentId ?? 0;
    expect(before.passages[0]?.externalId).toBe('warranty');
    await deleteDocument(db, index, 'shop', documentId);
    const after = await ask('tent warranty');
    expect(after.passages.map((passage) => passage.externalId)).not.toContain('warranty');
    expect(after.passages).toHaveLength(3);
  });

  it('finds the new text of a replaced document, and the old one no more', async () => {
    const ask = retriever();
    await ask('tent warranty');
    await addDocument(db, index, 'shop', newDocument('warranty', ['Kayaks are repaired for free.']));
    expect((await ask('kayaks repaired')).passages[0]?.externalId).toBe('warranty');
    const texts = (await ask('broken poles', { k: 10 })).passages.map((passage) => passage.text);
    expect(texts).not.toContain(shop[2]?.passages[0]?.text);
  });

  it('does not count a document twice that a merge and a new segment both hold', async () => {
    await addDocument(db, index, 'shop', shop[0]!);
    const all = await found('express shipping', { k: 10 });
    expect(all.filter((id) => id === 'shipping')).toHaveLength(1);
  });

  it('searches on, without cosines, when passages were embedded by another embedder', async () => {
    const other: Embedder = { ...embedder, id: 'other-model', dimensions: 3, embed: embedThree };
    const { passages } = await retriever(other)('tent warranty');
    expect(passages[0]).toMatchObject({ externalId: 'warranty', cosine: null });
  });

  it('searches on when the embedder fails', async () => {
    const broken: Embedder = { ...embedder, embed: () => Promise.reject(new Error('down')) };
    const { passages } = await retriever(broken)('tent warranty');
    expect(passages[0]).toMatchObject({ externalId: 'warranty', cosine: null });
  });

  it('resolves a follow-up with the history', async () => {
    const retrieve = createRetrieve({
      db,
      embedders: serveWith(embedder),
      clock: fakeClock(),
      logger: silentLogger,
    });
    const { passages } = await retrieve({
      siteId: 'shop',
      query: 'And how much does it cost?',
      k: 1,
      history: [
        { role: 'user', text: 'Do you offer express shipping?' },
        { role: 'agent', text: 'Yes, we do.' },
      ],
    });
    expect(passages[0]?.externalId).toBe('shipping');
  });

  it('knows more of a question that the site answers than of one that it does not', async () => {
    const ask = retriever();
    const known = (await ask('Do tents have a warranty?')).signals;
    const unknown = (await ask('Who won the football cup?')).signals;
    expect(known.lexicalCoverage).toBeGreaterThan(unknown.lexicalCoverage);
    expect(known.sentenceOverlap).toBeGreaterThan(unknown.sentenceOverlap);
    expect(known.ngramCosine).toBeGreaterThan(unknown.ngramCosine);
    for (const value of Object.values(known)) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
  });
});

function embedThree(texts: readonly string[]): Promise<Float32Array[]> {
  return Promise.resolve(texts.map(() => Float32Array.from([1, 0, 0])));
}
