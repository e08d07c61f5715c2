import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenAiEmbedder } from '../adapters/embedder/openai.ts';
import type { Database } from '../ports.ts';
import { createTestDatabase } from '../testing/database.ts';
import { fakeClock, serveWith, silentLogger } from '../testing/deps.ts';
import { addDocument, newDocument } from '../testing/knowledge.ts';
import { createModelServer, type ModelServer } from '../testing/model-server.ts';
import { createPassageIndex } from './passage-index.ts';
import { createRetrieve, type Retrieve } from './retrieve.ts';

/** Words of one meaning in a row: the table that the scripted model embeds from. */
const meanings = [
  ['refund', 'money', 'reimbursed', 'repay'],
  ['delivery', 'parcel', 'shipped', 'courier'],
  ['warranty', 'broken', 'defect', 'faulty'],
  ['bicycle', 'bike', 'cycling'],
  ['child', 'kids', 'toddler'],
  ['cancel', 'withdraw', 'undo'],
];
const pages = [
  ['refunds', 'A refund is paid within five days.'],
  ['delivery', 'Delivery takes three days.'],
  ['warranty', 'The warranty covers five years.'],
  ['bicycles', 'A bicycle may be rented by the day.'],
  ['children', 'A child pays half the price.'],
  ['cancelling', 'You may cancel an order by phone.'],
] as const;
/** In the pages' words, and in others; each pair with the page that answers. */
const plain = [
  ['When is a refund paid?', 'refunds'],
  ['How long does delivery take?', 'delivery'],
  ['What does the warranty cover?', 'warranty'],
  ['Can I cancel an order by phone?', 'cancelling'],
] as const;
const reworded = [
  ['Will I be reimbursed?', 'refunds'],
  ['Has my parcel been shipped?', 'delivery'],
  ['It arrived faulty', 'warranty'],
  ['Do you have bikes? I love cycling', 'bicycles'],
  ['What do kids cost?', 'children'],
] as const;

const wordsOf = (text: string) => text.toLowerCase().match(/[a-z]+/g) ?? [];

/** One dimension a meaning, and a last one that every text has some of. */
const fromTable = (text: string) => [
  ...meanings.map((row) => wordsOf(text).filter((word) => row.some((one) => word.startsWith(one))).length),
  0.2,
];

/** Vectors that have nothing to do with the text: a model gone wrong. */
function fromNothing(text: string): number[] {
  let state = [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7);
  return Array.from({ length: meanings.length + 1 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

let db: Database;
const servers: ModelServer[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  for (const server of servers) await server.close();
  await db.close();
});

async function searchWith(siteId: string, embed: ((text: string) => number[]) | null): Promise<Retrieve> {
  const server = await createModelServer({ embed: embed ?? (() => [1, 0]) });
  servers.push(server);
  const embedder = await createOpenAiEmbedder({ apiKey: 'k', baseUrl: server.url, model: siteId });
  const index = createPassageIndex({ embedder, logger: silentLogger });
  await db.execute('insert into site (id, name) values ($1, $1)', [siteId]);
  for (const [id, text] of pages)
    await addDocument(db, index, siteId, newDocument(id, [text], { title: '' }));
  const logger = silentLogger;
  return createRetrieve({ db, embedders: serveWith(embedder), clock: fakeClock(), logger });
}

async function shareFound(retrieve: Retrieve, siteId: string, questions: typeof plain | typeof reworded) {
  let found = 0;
  for (const [query, expected] of questions) {
    const { passages } = await retrieve({ siteId, query, k: 3, history: [] });
    if (passages[0]?.externalId === expected) found += 1;
  }
  return found / questions.length;
}

describe('a model that embeds', () => {
  it('by meaning finds what other words hide, and loses nothing that words find', async () => {
    const meaning = await searchWith('meaning', fromTable);
    const blank = await searchWith('blank', null);
    // the lists of everyday words know most of them, not all
    expect(await shareFound(blank, 'blank', reworded)).toBeLessThan(1);
    expect(await shareFound(meaning, 'meaning', reworded)).toBe(1);
    expect(await shareFound(blank, 'blank', plain)).toBe(1);
    expect(await shareFound(meaning, 'meaning', plain)).toBe(1);
  });

  it('at random does not take away what words find', async () => {
    const random = await searchWith('random', fromNothing);
    expect(await shareFound(random, 'random', plain)).toBe(1);
  });
});
