import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { problemSchema } from '../../protocol/http.ts';
import { pairSchema, sourceAcceptedSchema, sourceDetailSchema } from '../../protocol/http-knowledge.ts';
import { startHttpApp, type TestHttpApp } from '../../testing/http-app.ts';

let app: TestHttpApp;
let list: string;
const headers = { authorization: 'Bearer dbk_test', 'content-type': 'application/json' };
const question = 'Open on 24/12? 100 % sure?';

beforeAll(async () => {
  app = await startHttpApp();
  await app.access.prepare({ owner: null, apiKey: 'dbk_test' });
  const pairs = [{ question, answer: 'At *nine*.', alternatives: ['On Christmas Eve?'] }];
  const body = JSON.stringify({ type: 'qa', pairs });
  const response = await app.request('/api/v1/sites/default/sources', { method: 'POST', headers, body });
  const { sourceId } = sourceAcceptedSchema.parse(await response.json());
  list = `/api/v1/sites/default/sources/${sourceId}`;
});
afterAll(() => app.close());

const pathOf = (pair: string) => `${list}/pairs/${encodeURIComponent(pair)}`;
const patch = (path: string, change: unknown) =>
  app.request(path, { method: 'PATCH', headers, body: JSON.stringify(change) });

it('a pair is given as it was written, and not changed while it waits to be read', async () => {
  expect(pairSchema.parse(await (await app.request(pathOf(question), { headers })).json())).toEqual({
    id: question,
    question,
    answer: 'At *nine*.',
    alternatives: ['On Christmas Eve?'],
    url: null,
  });
  const waiting = await patch(pathOf(question), { answer: 'At ten.' });
  expect(waiting.status).toBe(409);
  expect(problemSchema.parse(await waiting.json()).fix).toContain('cancel the reading');
});

it('a pair is changed in part, under the id that it has', async () => {
  await app.request(`${list}/cancel`, { method: 'POST', headers });
  const change = { question: 'Are you open on Christmas Eve?', answer: 'At **ten**.' };
  const response = await patch(pathOf(question), change);
  expect(response.status).toBe(200);
  expect(pairSchema.parse(await response.json())).toMatchObject({
    ...change,
    id: question,
    alternatives: ['On Christmas Eve?'],
  });
  const { items } = sourceDetailSchema.parse(await (await app.request(list, { headers })).json());
  expect(items).toMatchObject([{ id: question, title: change.question, state: 'indexed' }]);
});

it('what is no change, or of no pair, is refused with its field or its cure', async () => {
  const empty = await patch(pathOf(question), { answer: '  ' });
  expect(empty.status).toBe(400);
  expect(JSON.stringify(await empty.json())).toContain('answer');
  expect((await patch(pathOf(question), { surprise: 1 })).status).toBe(400);
  expect((await patch(pathOf('Another?'), { answer: 'x' })).status).toBe(404);
  const nowhere = `/api/v1/sites/default/sources/${randomUUID()}/pairs/x`;
  expect((await patch(nowhere, { answer: 'x' })).status).toBe(404);
  expect((await patch(`/api/v1/sites/default/sources/odd/pairs/x`, { answer: 'x' })).status).toBe(404);
});
