import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { thresholdCurveSchema } from '../../protocol/http-quality.ts';
import { insertAnswer } from '../../store/answer.ts';
import { finalAnswer, startHttpApp, type TestHttpApp } from '../../testing/http-app.ts';

let app: TestHttpApp;
const key = { authorization: 'Bearer dbk_test', 'content-type': 'application/json' };

beforeAll(async () => {
  app = await startHttpApp();
  await app.access.prepare({ owner: null, apiKey: 'dbk_test' });
});
afterAll(() => app.close());

async function addAnswer(siteId: string, confidenceLogit: number): Promise<string> {
  const id = app.ids.uuid();
  await insertAnswer(app.db, {
    ...finalAnswer(),
    id,
    siteId,
    conversationId: null,
    turnId: null,
    question: 'q',
    standaloneQuestion: 'q',
    intent: 'question',
    status: 'complete',
    confidenceLogit,
    model: null,
    promptVersion: null,
    inputTokens: null,
    outputTokens: null,
    cost: null,
    createdAt: new Date(app.clock.now()),
  });
  return id;
}

const judge = (siteId: string, id: string, body: unknown) =>
  app.request(`/api/v1/sites/${siteId}/answers/${id}/judgement`, {
    method: 'POST',
    headers: key,
    body: JSON.stringify(body),
  });
const curve = async (siteId: string) =>
  thresholdCurveSchema.parse(
    await (await app.request(`/api/v1/sites/${siteId}/answers/curve`, { headers: key })).json(),
  );

describe('judgements', () => {
  it('move the curve of their own site only', async () => {
    const ids = await Promise.all([2, 2, 2, -2].map((logit) => addAnswer('demo', logit)));
    const before = await curve('demo');
    expect(before.recentCount).toBe(4);
    for (const id of ids) expect((await judge('demo', id, { isRight: false })).status).toBe(204);
    const after = await curve('demo');
    const wrongAt = (points: typeof after.points) =>
      points.find(({ threshold }) => threshold === 0)?.wrong ?? 0;
    expect(wrongAt(after.points)).toBeGreaterThan(wrongAt(before.points));
    expect(after.points[0]?.judged).toBe(4);
    expect(await curve('default')).toMatchObject({ recentCount: 0 });
  });

  it('of an answer of another site, or of none, are not found', async () => {
    const id = await addAnswer('demo', 1);
    expect((await judge('default', id, { isRight: true })).status).toBe(404);
    expect((await judge('demo', randomUUID(), { isRight: true })).status).toBe(404);
    expect((await judge('demo', id, { isRight: 'yes' })).status).toBe(400);
    expect((await judge('demo', id, { isRight: true, judgedBy: 'visitor' })).status).toBe(400);
  });
});
