import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createOpenAiEmbedder } from '../adapters/embedder/openai.ts';
import { maxSingles } from '../domain/retrieval/merge-policy.ts';
import type { Database, Embedder } from '../ports.ts';
import { createTestDatabase } from '../testing/database.ts';
import { fakeClock, serveWith, silentLogger } from '../testing/deps.ts';
import { addDocument, deleteDocument, newDocument } from '../testing/knowledge.ts';
import { createModelServer, type ModelServer } from '../testing/model-server.ts';
import { createPassageIndex, type PassageIndex } from './passage-index.ts';
import { createRetrieve } from './retrieve.ts';

let db: Database;
let server: ModelServer;
let embedder: Embedder;
let index: PassageIndex;
const embedded: string[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  server = await createModelServer({
    embed(text) {
      embedded.push(text);
      return [...text].reduce(
        (sums, letter, at) => {
          sums[at % 4] = (sums[at % 4] ?? 0) + (letter.codePointAt(0) ?? 0);
          return sums;
        },
        [1, 1, 1, 1],
      );
    },
  });
  const endpoint = { apiKey: 'k', baseUrl: server.url, model: 'scripted', dimensions: 4 };
  embedder = await createOpenAiEmbedder(endpoint);
  index = createPassageIndex({ embedder, logger: silentLogger });
});
beforeEach(async () => {
  await db.execute('delete from site where id <> $1', ['']);
  await db.execute(`insert into site (id, name) values ('shop', 'Shop')`);
  await db.execute('delete from embedding_cache');
  embedded.length = 0;
});
afterAll(async () => {
  await Promise.all([db.close(), server.close()]);
});

/** Publishes as the pipeline does: only what is new is prepared. */
async function publish(title: string, texts: string[]) {
  const document = newDocument(title, texts, { title });
  const [row] = await db.query(
    'select id from document where site_id = $1 and external_id = $2',
    ['shop', title],
    z.object({ id: z.number() }),
  );
  const documents = [{ documentId: row?.id ?? null, document }];
  return addDocument(db, index, 'shop', document, await index.prepare(db, { siteId: 'shop', documents }));
}

async function find(query: string, k = 3) {
  const retrieve = createRetrieve({
    db,
    embedders: serveWith(embedder),
    clock: fakeClock(),
    logger: silentLogger,
  });
  return (await retrieve({ siteId: 'shop', query, k, history: [] })).passages.filter(
    (passage) => passage.lexicalScore > 0,
  );
}

const countOf = async (table: string) => {
  const rows = await db.query(`select count(*) as n from ${table}`, [], z.object({ n: z.number() }));
  return rows[0]?.n;
};

const page = ['Tents are pitched on dry ground.', 'Boots are greased in autumn.', 'Ropes are cut to length.'];

describe('a new version of a document', () => {
  it('embeds only what is new; the rest keeps ids and vectors', async () => {
    const first = await publish('guide', page);
    embedded.length = 0;
    const second = await publish('guide', [page[0] ?? '', 'Boots are greased in spring.', page[2] ?? '']);
    expect(embedded).toEqual(['guide\nBoots are greased in spring.']);
    expect(second).toMatchObject({ added: 1, repeated: 0 });
    expect([second.passageIds[0], second.passageIds[2]]).toEqual([first.passageIds[0], first.passageIds[2]]);
    expect(second.passageIds[1]).not.toBe(first.passageIds[1]);
    expect(await countOf('passage_embedding')).toBe(3);
    expect((await find('autumn')).length).toBe(0);
    expect((await find('spring'))[0]?.passageId).toBe(second.passageIds[1]);
  });

  it('finds each passage once, whether what stayed was merged already or not', async () => {
    await publish('guide', page);
    for (let n = 1; n < maxSingles; n += 1)
      await publish(`other-${String(n)}`, [`Filler number ${String(n)}.`]);
    await index.merge(db, 'shop');
    await publish('guide', ['Stoves burn gas.', ...page]);
    await publish('guide', ['Stoves burn gas and spirit.', ...page]);
    for (const query of ['tents ground', 'boots autumn', 'ropes length', 'stoves spirit']) {
      const ids = (await find(query, 20)).map((passage) => passage.passageId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeGreaterThan(0);
    }
    const rows = await db.query(
      `select sum(passage_count) as n from lexical_segment where state = 'live'`,
      [],
      z.object({ n: z.coerce.number() }),
    );
    // One passage, of the version before the merge's next, is dead.
    expect(rows[0]?.n).toBe(maxSingles + 3);
  });

  it('embeds everything anew when the title, which every passage is read with, changes', async () => {
    await publish('guide', page);
    embedded.length = 0;
    const renamed = newDocument('guide', page, { title: 'Another title' });
    await addDocument(db, index, 'shop', renamed);
    expect(embedded).toHaveLength(3);
  });
});

describe('a worker that dies between embedding and publishing', () => {
  it('does not pay twice', async () => {
    const document = newDocument('guide', page, { title: 'guide' });
    const documents = [{ documentId: null, document }];
    await index.prepare(db, { siteId: 'shop', documents });
    expect(embedded).toHaveLength(3);
    await publish('guide', page);
    expect(embedded).toHaveLength(3);
    expect(await countOf('passage_embedding')).toBe(3);
    expect(await countOf('embedding_cache')).toBe(0);
  });

  it('leaves what it wrote of a version behind it, whole or not at all', async () => {
    await publish('guide', page);
    const failing = db.transaction(async (tx) => {
      const document = newDocument('guide', ['Something else.'], { title: 'guide' });
      await addDocument({ ...tx, transaction: (work) => work(tx) }, index, 'shop', document);
      throw new Error('killed');
    });
    await expect(failing).rejects.toThrow('killed');
    expect((await find('tents'))[0]?.text).toBe(page[0]);
  });
});

describe('text that recurs over documents', () => {
  const footer = 'Write to our help desk, open on weekdays from nine to five.';

  it('is embedded and found once, while every document keeps its text', async () => {
    await publish('tents', ['All about tents.', footer]);
    const boots = await publish('boots', ['All about boots.', footer.toUpperCase()]);
    expect(boots).toMatchObject({ added: 2, repeated: 1 });
    expect(embedded).toHaveLength(3);
    expect((await find('help desk weekdays', 10)).map((passage) => passage.externalId)).toEqual(['tents']);
    expect(await countOf('passage')).toBe(4);
  });

  it.each(['deleted', 'changed'])('is found through the next document once its own is %s', async (how) => {
    const { documentId } = await publish('tents', ['All about tents.', footer]);
    await publish('boots', ['All about boots.', footer]);
    await publish('ropes', ['All about ropes.', footer]);
    embedded.length = 0;
    if (how === 'deleted') await deleteDocument(db, index, 'shop', documentId);
    else await publish('tents', ['All about tents.']);
    expect(embedded).toEqual([]);
    const found = await find('help desk weekdays', 10);
    expect(found.map((passage) => passage.externalId)).toEqual(['boots']);
    expect(found[0]?.cosine).not.toBeNull();
  });

  it('leaves every question of an owner findable, also where two have one answer', async () => {
    await publish('Can I send a tent back?', ['Yes, within thirty days.']);
    await publish('Is a refund possible?', ['Yes, within thirty days.']);
    expect((await find('refund possible'))[0]?.externalId).toBe('Is a refund possible?');
    expect((await find('send a tent back'))[0]?.externalId).toBe('Can I send a tent back?');
  });

  it('holds one of two documents that are published at the same moment', async () => {
    await Promise.all(['one', 'two', 'three'].map((title) => publish(title, [`About ${title}.`, footer])));
    expect(await find('help desk weekdays', 10)).toHaveLength(1);
  });
});
