import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBuiltinEmbedder } from '../../adapters/embedder/builtin.ts';
import { searchResponseSchema } from '../../protocol/http.ts';
import { synonymListSchema, synonymSchema } from '../../protocol/http-knowledge.ts';
import { createPassageIndex } from '../../services/passage-index.ts';
import { createRetrieve } from '../../services/retrieve.ts';
import { systemClock } from '../../system.ts';
import { serveWith, silentLogger } from '../../testing/deps.ts';
import { startHttpApp, type TestHttpApp } from '../../testing/http-app.ts';
import { addDocument, newDocument } from '../../testing/knowledge.ts';

let app: TestHttpApp;
const embedder = createBuiltinEmbedder();

beforeAll(async () => {
  app = await startHttpApp(({ db }) => ({
    retrieve: createRetrieve({
      db,
      embedders: serveWith(embedder),
      clock: systemClock,
      logger: silentLogger,
    }),
  }));
  await app.access.prepare({ owner: null, apiKey: 'dbk_test' });
  const index = createPassageIndex({ embedder, logger: silentLogger });
  for (const site of ['default', 'demo']) {
    for (const [id, text] of [
      ['refunds', 'A refund takes five days.'],
      ['money', 'Coins and notes of the country are money.'],
    ] as const) {
      await addDocument(app.db, index, site, newDocument(id, [text], { title: id }));
    }
  }
});
afterAll(() => app.close());

const call = (path: string, method = 'GET', body?: unknown) =>
  app.request(`/api/v1/sites/${path}`, {
    method,
    headers: { authorization: 'Bearer dbk_test', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

async function firstFound(site: string): Promise<string | undefined> {
  const response = await call(`${site}/search`, 'POST', { query: 'money home', k: 2 });
  return searchResponseSchema.parse(await response.json()).passages[0]?.documentId;
}

describe('synonyms', () => {
  it('take part in search from the next question on, on their own site only, until they are removed', async () => {
    expect(await firstFound('default')).toBe('money');
    const added = await call('default/synonyms', 'POST', { words: ['money home', 'refund'] });
    expect(added.status).toBe(201);
    const { id } = synonymSchema.parse(await added.json());
    expect(await firstFound('default')).toBe('refunds');
    expect(await firstFound('demo')).toBe('money');

    const list = async (site: string) =>
      synonymListSchema.parse(await (await call(`${site}/synonyms`)).json()).synonyms;
    expect(await list('default')).toEqual([{ id, words: ['money home', 'refund'], means: [] }]);
    expect(await list('demo')).toEqual([]);
    const other = { words: ['coins'], means: ['refund'] };
    expect((await call(`demo/synonyms/${id}`, 'PATCH', other)).status).toBe(404);
    expect((await call(`default/synonyms/${id}`, 'PATCH', { words: ['coins'] })).status).toBe(400);
    expect(synonymSchema.parse(await (await call(`default/synonyms/${id}`, 'PATCH', other)).json())).toEqual({
      id,
      ...other,
    });
    expect(await firstFound('default')).toBe('money');
    await call(`default/synonyms/${id}`, 'PATCH', { words: ['money home', 'refund'] });
    expect(await firstFound('default')).toBe('refunds');
    expect((await call(`demo/synonyms/${id}`, 'DELETE')).status).toBe(404);
    expect((await call(`default/synonyms/${id}`, 'DELETE')).status).toBe(204);
    expect(await firstFound('default')).toBe('money');
  });

  it('that say nothing are refused', async () => {
    for (const body of [
      { words: [] },
      { words: ['refund'] },
      { words: ['a', ' '] },
      { words: ['a', 'b'], more: 1 },
    ]) {
      expect((await call('default/synonyms', 'POST', body)).status).toBe(400);
    }
    expect(
      (await call('default/synonyms', 'POST', { words: ['voucher'], means: ['gift card'] })).status,
    ).toBe(201);
    expect((await call(`default/synonyms/${randomUUID()}`, 'DELETE')).status).toBe(404);
    expect((await call('nowhere/synonyms')).status).toBe(404);
  });

  it('are limited, with a word on what to do', async () => {
    const insert = `insert into synonym (id, site_id, words) select gen_random_uuid(), 'demo', '{a,b}' from generate_series(1, 500)`;
    await app.db.execute(insert, []);
    const refused = await call('demo/synonyms', 'POST', { words: ['c', 'd'] });
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain('Remove some');
  });
});
