import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noCalibration } from '../domain/confidence-calibration.ts';
import type { Database } from '../ports.ts';
import { insertAnswer } from '../store/answer.ts';
import { insertSite } from '../store/site.ts';
import { createTestDatabase } from '../testing/database.ts';
import { fakeClock, sequentialIds } from '../testing/deps.ts';
import { createAnswerQuality } from './answer-quality.ts';

let db: Database;
const ids = sequentialIds();
beforeAll(async () => {
  db = await createTestDatabase();
  for (const id of ['shop', 'other']) {
    await insertSite(db, { id, name: id, settings: {}, createdAt: new Date(0) });
  }
});
afterAll(() => db.close());

async function addAnswer(confidenceLogit: number | null, siteId = 'shop'): Promise<string> {
  const id = ids.uuid();
  await insertAnswer(db, {
    id,
    siteId,
    conversationId: null,
    turnId: null,
    question: 'q',
    standaloneQuestion: 'q',
    intent: 'question',
    language: 'en',
    text: 'a',
    status: 'complete',
    decision: 'answer',
    handoffReason: null,
    confidence: 0.5,
    confidenceLogit,
    reasons: [],
    citations: [],
    passages: [],
    isQuoted: true,
    model: null,
    promptVersion: null,
    timings: {},
    inputTokens: null,
    outputTokens: null,
    caught: [],
    cost: null,
    createdAt: new Date(0),
  });
  return id;
}

describe('judgements', () => {
  it('move the site’s calibration at once, and only that site’s', async () => {
    const quality = createAnswerQuality({ db, clock: fakeClock() });
    expect(await quality.calibration('shop')).toEqual(noCalibration);
    for (let count = 0; count < 20; count += 1) {
      const answerId = await addAnswer(1);
      await quality.judge({ siteId: 'shop', answerId, judgedBy: 'visitor', isRight: false });
    }
    const { intercept, count } = await quality.calibration('shop');
    expect(count).toBe(20);
    expect(intercept).toBeLessThan(-1);
    expect(await quality.calibration('other')).toEqual(noCalibration);
  });

  it('of an owner outweigh those of a visitor; a later word replaces the same judge’s earlier one', async () => {
    const quality = createAnswerQuality({ db, clock: fakeClock() });
    const answerId = await addAnswer(0, 'other');
    const judge = (judgedBy: 'owner' | 'visitor', isRight: boolean) =>
      quality.judge({ siteId: 'other', answerId, judgedBy, isRight });
    await judge('owner', false);
    await judge('owner', true);
    await judge('visitor', false);
    const { intercept, count } = await quality.calibration('other');
    expect(count).toBe(1);
    expect(intercept).toBeGreaterThan(0);
  });

  it('name an answer of the site', async () => {
    const quality = createAnswerQuality({ db, clock: fakeClock() });
    const answerId = await addAnswer(0, 'other');
    const foreign = quality.judge({ siteId: 'shop', answerId, judgedBy: 'owner', isRight: true });
    await expect(foreign).rejects.toMatchObject({ code: 'not-found' });
  });

  it('made elsewhere are seen after half a minute', async () => {
    const clock = fakeClock();
    const here = createAnswerQuality({ db, clock });
    const there = createAnswerQuality({ db, clock });
    const before = await here.calibration('shop');
    await there.judge({ siteId: 'shop', answerId: await addAnswer(0), judgedBy: 'agent', isRight: true });
    expect(await here.calibration('shop')).toBe(before);
    clock.advance(30_000);
    expect((await here.calibration('shop')).count).toBe(before.count + 1);
  });
});

it('the curve rests on the site’s recent answers and judgements', async () => {
  const quality = createAnswerQuality({ db, clock: fakeClock() });
  await addAnswer(null);
  const { points, recentCount } = await quality.curve('shop');
  expect(recentCount).toBe(21);
  expect(points[0]).toMatchObject({ threshold: 0, automated: 1, judged: 21 });
  expect(points[0]?.wrong).toBeGreaterThan(0.7);
});
