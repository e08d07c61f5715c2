import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listAnswers } from '../store/answer.ts';
import { createAnswerBench, finds, shipping, weak, type AnswerBench } from '../testing/answer-bench.ts';
import { scenarios } from '../testing/model-scenarios.ts';
import type { AnswerBudget } from './answer-budget.ts';
import type { Retrieve } from './answer.ts';
import type { Database } from '../ports.ts';
import { insertSite } from '../store/site.ts';
import { createTestDatabase } from '../testing/database.ts';

let db: Database;
let bench: AnswerBench;
const ask: AnswerBench['ask'] = (question, options) => bench.ask(question, options);

beforeAll(async () => {
  db = await createTestDatabase();
  await insertSite(db, { id: 'shop', name: 'Shop', settings: {}, createdAt: new Date(0) });
  bench = createAnswerBench(db);
});
afterEach(() => bench.close());
afterAll(() => db.close());

describe('with a model', () => {
  const question = 'How long does shipping take?';

  it('streams its text, takes the verdict off and resolves the marks', async () => {
    const { final, streamed, steps } = await ask(question, {
      reply: () => 'ANSWER: FULL\nStandard shipping takes three working days [1]. Nothing more [7].',
    });
    expect(streamed).toBe(final.text);
    expect(final.text).toBe('Standard shipping takes three working days [1]. Nothing more.');
    expect(final).toMatchObject({ decision: 'answer', isQuoted: false });
    expect(final.citations).toMatchObject([{ marker: 1, documentId: 'shipping' }]);
    expect(steps).toEqual(['searching', 'reading', 'writing', 'checking']);
    const [stored] = await listAnswers(db, 'shop', 1);
    expect(stored).toMatchObject({ model: 'scripted', inputTokens: 100 });
    expect(stored?.promptVersion).toMatch(/^[0-9a-f]{64}$/u);
  });

  it('leaves out what it invents, and is less sure', async () => {
    const reply =
      'ANSWER: FULL\nShipping takes three working days [1]. It costs 99 euros. I will refund you. Call +1 555 0100 200.';
    const { final, streamed } = await ask(question, { reply: () => reply });
    expect(streamed).toBe(final.text);
    expect(final.text).toMatch(/^Shipping takes three working days \[1\]\./u);
    expect(final.text).not.toMatch(/99|refund|555/u);
    expect(final.reasons.map(({ code }) => code)).toContain('invented');
    const honest = await ask(question, {
      reply: () => 'ANSWER: FULL\nShipping takes three working days [1].',
    });
    expect(final.confidence).toBeLessThan(honest.final.confidence);
  });

  it('hands off when it finds no answer, unless the pages hold the question nearly word for word', async () => {
    const reply = () => 'ANSWER: NONE';
    const { final } = await ask(question, { reply, retrieve: finds([shipping], weak) });
    expect(final).toMatchObject({ decision: 'handoff', handoffReason: 'low-confidence' });
    expect(final.text).toContain('could not find');
    expect((await ask(question, { reply })).final).toMatchObject({ isQuoted: true });
  });

  it('asks back when it finds several meanings', async () => {
    const { final } = await ask('How long?', {
      reply: () => 'ANSWER: CLARIFY\nDo you mean standard shipping or express shipping?',
    });
    expect(final).toMatchObject({ decision: 'clarify', handoffReason: null });
  });

  it('E1: quotes and asks a person when it falls silent before its first word', async () => {
    const { final, streamed } = await ask(question, {
      reply: () => scenarios.silence(0),
      timers: { firstTokenMs: 300 },
    });
    expect(streamed).toBe(final.text);
    expect(final).toMatchObject({ decision: 'handoff', handoffReason: 'model-unavailable', isQuoted: true });
    expect(final.text).toContain('Standard shipping takes three working days.');
  });

  it('E2: marks a text that broke off as incomplete', async () => {
    const { final, streamed } = await ask(question, {
      reply: () => ({
        ...scenarios.reset(5),
        text: 'Standard shipping takes usually three working days [1].',
      }),
    });
    expect(streamed).toBe(final.text);
    expect(final).toMatchObject({
      decision: 'handoff',
      handoffReason: 'model-unavailable',
      status: 'incomplete',
    });
    expect(final.text).toMatch(/^Standard shipping takes usually/u);
    const [stored] = await listAnswers(db, 'shop', 1);
    expect(stored?.status).toBe('incomplete');
  });

  it('resolves a follow-up before it searches', async () => {
    const queries: string[] = [];
    const retrieve: Retrieve = (request) => {
      queries.push(`${request.query}/${String(request.history.length)}`);
      return finds([shipping])(request);
    };
    let calls = 0;
    await ask('And express?', {
      retrieve,
      history: [{ role: 'user', text: 'What does shipping cost?' }],
      reply: () =>
        calls++ === 0 ? 'What does express shipping cost?' : 'Express shipping costs 12 euros [1].',
    });
    expect(queries).toEqual(['What does express shipping cost?/0']);
  });

  it('E8: quotes instead of calling it when the budget is spent', async () => {
    const spent: AnswerBudget = { reserve: () => Promise.resolve(null) };
    const { final } = await ask(question, { reply: () => 'never', budget: spent });
    expect(final).toMatchObject({ decision: 'answer', isQuoted: true });
    expect(bench.server()?.requests).toHaveLength(0);
  });

  it('ends with the signal’s reason when the visitor stops it', async () => {
    const controller = new AbortController();
    const service = await bench.serviceOver(() => ({ ...scenarios.silence(3), text: 'one two three four' }));
    const reading = (async () => {
      const request = { siteId: 'shop', question, history: [], conversationId: null, turnId: null };
      for await (const item of service.answer({ ...request, signal: controller.signal })) {
        if (item.type === 'delta') controller.abort(new Error('taken over'));
      }
    })();
    await expect(reading).rejects.toThrow('taken over');
  });
});
