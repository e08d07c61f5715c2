import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import type { Database, Embedder } from '../ports.ts';
import { createAnnIndex, nearestPassagesByAnn } from '../store/passage-ann.ts';
import { vectorText } from '../store/passage-index.ts';
import { createTestDatabase } from '../testing/database.ts';
import { serveWith, silentLogger } from '../testing/deps.ts';
import { addDocument, deleteDocument, newDocument } from '../testing/knowledge.ts';
import { systemClock } from '../system.ts';
import { createPassageIndex } from './passage-index.ts';
import { createRetrieve, type Retrieve } from './retrieve.ts';

/** Two sites that say the same of the same things, but for a word that only one of them may ever give away. */
const sites = ['north', 'south'] as const;
const canaries = { north: 'osprey', south: 'heron' } as const;
const documentsPerSite = 70;
const dimensions = 8;
const k = 6;

/** Everything is near everything: only the filter by site keeps them apart. */
const embedder: Embedder = {
  id: 'isolation',
  dimensions,
  embed: (texts) =>
    Promise.resolve(
      texts.map((text) => {
        const vector = Float32Array.from(
          { length: dimensions },
          (_, place) => 1 + (text.length % (place + 2)) / 50,
        );
        const length = Math.hypot(...vector);
        return vector.map((value) => value / length);
      }),
    ),
};
const index = createPassageIndex({ embedder, logger: silentLogger });
let db: Database;
/** By words alone, and by vectors too. */
let services: readonly Retrieve[];

const textOf = (site: (typeof sites)[number], number: number) =>
  `Refund number ${String(number)} of the delivery goes by the word ${canaries[site]}.`;

beforeAll(async () => {
  db = await createTestDatabase();
  services = [createBuiltinEmbedder(), embedder].map((own) =>
    createRetrieve({ db, embedders: serveWith(own), clock: systemClock, logger: silentLogger }),
  );
  for (const site of sites) await db.execute('insert into site (id, name) values ($1, $1)', [site]);
  // one after the other, so that ids, segments and vectors of both lie mixed
  for (let number = 0; number < documentsPerSite; number += 1) {
    for (const site of sites) {
      await addDocument(db, index, site, newDocument(`page-${String(number)}`, [textOf(site, number)]));
      await index.merge(db, site);
    }
  }
  for (const siteId of sites) await createAnnIndex(db, { siteId, embedder }, documentsPerSite);
}, 300_000);
afterAll(() => db.close());

async function ask(site: (typeof sites)[number], query: string, wanted = k): Promise<string[][]> {
  const history = [{ role: 'user' as const, text: 'Which word goes with the delivery?' }];
  const asked = services.map((retrieve) => retrieve({ siteId: site, query, k: wanted, history }));
  return (await Promise.all(asked)).map(({ passages }) => passages.map((passage) => passage.text));
}

describe('two sites that say nearly the same', () => {
  const questions = ['Which word has refund number 3?', 'osprey heron', 'unknown words only', 'delivery'];

  it('never give a word of the other, in whatever order they are asked, and always k passages', async () => {
    for (const question of [...questions, ...questions]) {
      for (const site of sites) {
        for (const texts of await ask(site, question)) {
          expect(texts).toHaveLength(k);
          for (const text of texts) expect(text).toContain(canaries[site]);
        }
      }
    }
  });

  it('keep apart under the approximate index too, with k rows for each', async () => {
    const [vector = new Float32Array()] = await embedder.embed([textOf('north', 5)], 'query');
    for (const site of sites) {
      const near = await nearestPassagesByAnn(
        db,
        { siteId: site, embedder, vector: vectorText(vector) },
        k,
        0,
      );
      expect(near).toHaveLength(k);
      const own = await db.query(
        'select id from passage where site_id = $1 and id = any($2::bigint[])',
        [site, near.map((passage) => passage.passageId)],
        z.object({ id: z.number() }),
      );
      expect(own).toHaveLength(k);
    }
  });

  it('keep to themselves what the other lost', async () => {
    const [document] = await db.query(
      `select id from document where site_id = 'north' and external_id = 'page-3'`,
      [],
      z.object({ id: z.number() }),
    );
    await deleteDocument(db, index, 'north', document?.id ?? 0);
    const counts = async (site: (typeof sites)[number]) =>
      (await ask(site, 'refund number 3', documentsPerSite)).map((texts) => texts.length);
    expect(await counts('south')).toEqual([documentsPerSite, documentsPerSite]);
    expect(await counts('north')).toEqual([documentsPerSite - 1, documentsPerSite - 1]);
  });
});
