import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createOpenAiChatModel } from '../adapters/llm/openai.ts';
import type { FinalAnswer } from '../domain/answer.ts';
import type { ChatModel, Clock, Database } from '../ports.ts';
import { listAnswers } from '../store/answer.ts';
import { insertSite } from '../store/site.ts';
import { createTestDatabase } from '../testing/database.ts';
import { fakeClock, sequentialIds, silentLogger } from '../testing/deps.ts';
import { scenarios, type Scenario } from '../testing/model-scenarios.ts';
import { createModelServer, type ModelServer, type ModelServerMessage } from '../testing/model-server.ts';
import { foundPassage } from '../testing/passage.ts';
import { createAnswerBudget } from './answer-budget.ts';
import { createAnswerReports } from './answer-report.ts';
import { createAnswerService, type AnswerDeps } from './answer.ts';

/** Section E of the reliability map where it is about whole answers: outage and return, budgets, what it cost. */

let db: Database;
let server: ModelServer | null = null;
const ids = sequentialIds();

beforeAll(async () => {
  db = await createTestDatabase();
  const settings = {
    tone: 'Warm and brief.',
    examples: [{ question: 'Do you ship to Mars?', answer: 'Sadly no, friend, our rockets cost 77 euros.' }],
    linkHosts: ['status.shop.test'],
  };
  await insertSite(db, { id: 'shop', name: 'Shop', settings, createdAt: new Date(0) });
});
afterEach(async () => {
  await server?.close();
  server = null;
});
afterAll(() => db.close());

const shipping = foundPassage(
  'Standard shipping takes three working days. Express shipping costs 12 euros.',
  { externalId: 'shipping', title: 'Shipping', url: 'https://shop.test/shipping' },
);
const signals = {
  lexicalCoverage: 0.9,
  ngramCosine: 0.8,
  sentenceOverlap: 0.9,
  documentMargin: 0.6,
  pairProximity: 0.8,
};
const sound = 'ANSWER: FULL\nStandard shipping takes three working days [1].';

type Reply = (messages: readonly ModelServerMessage[]) => string | Scenario;

async function startModel(reply: Reply, clock: Clock): Promise<ChatModel> {
  server = await createModelServer({ reply });
  return createOpenAiChatModel({
    apiKey: 'k',
    baseUrl: server.url,
    model: 'scripted',
    clock,
    logger: silentLogger,
    random: () => 0,
  });
}

function createAsker(more: Partial<AnswerDeps> & Pick<AnswerDeps, 'chatModel' | 'clock'>) {
  const service = createAnswerService({
    db,
    retrieve: (request) =>
      Promise.resolve({ passages: [shipping], signals, standaloneQuery: request.query, timings: {} }),
    ids,
    logger: silentLogger,
    ...more,
  });
  return async (visitorId: string): Promise<FinalAnswer> => {
    const stream = service.answer({
      siteId: 'shop',
      question: 'How long does shipping take?',
      history: [],
      conversationId: null,
      turnId: null,
      visitorId,
      signal: new AbortController().signal,
    });
    for await (const part of stream) if (part.type === 'final') return part.answer;
    throw new Error('no final answer');
  };
}

describe('E6: the provider is down, then back', () => {
  it('people are called meanwhile, the provider is left alone, and the AI answers again by one probe', async () => {
    const clock = fakeClock();
    let isDown = true;
    const chatModel = await startModel(() => (isDown ? scenarios.failing(503) : sound), clock);
    const ask = createAsker({ chatModel, clock });
    const outage: FinalAnswer[] = [];
    for (let index = 0; index < 8; index += 1) outage.push(await ask('v'));
    // nobody is left without a word: the pages are quoted, and a person is called
    for (const answer of outage) {
      expect(answer).toMatchObject({ decision: 'handoff', handoffReason: 'model-unavailable' });
      expect(answer.text).toContain('Standard shipping takes three working days.');
    }
    const triedInOutage = server?.requests.length ?? 0;
    expect(triedInOutage).toBeLessThan(8);
    await ask('v');
    expect(server?.requests).toHaveLength(triedInOutage);
    isDown = false;
    clock.advance(30_000);
    expect(await ask('v')).toMatchObject({ decision: 'answer', isQuoted: false });
    expect(server?.requests).toHaveLength(triedInOutage + 1);
  });
});

describe('E8: cost abuse', () => {
  it('the tokens that a provider counts stay within 5 % of a visitor’s budget', async () => {
    const clock = fakeClock();
    const chatModel = await startModel(() => sound, clock);
    const limit = 6000;
    const limits = { visitor: limit, address: 1e9, site: 1e9, all: 1e9 };
    const ask = createAsker({
      chatModel,
      clock,
      budget: createAnswerBudget({ db, clock, limits, estimate: 200 }),
    });
    const answers: FinalAnswer[] = [];
    for (let index = 0; index < 15; index += 1) {
      answers.push(...(await Promise.all(Array.from({ length: 6 }, () => ask('greedy')))));
    }
    const spent = answers.reduce(
      (sum, { usage }) => sum + (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0),
      0,
    );
    expect(spent).toBeGreaterThan(limit * 0.95);
    expect(spent).toBeLessThanOrEqual(limit * 1.05);
    expect(server?.requests).toHaveLength(answers.filter(({ usage }) => usage !== null).length);
    // who has none left still gets the pages
    expect(answers.at(-1)).toMatchObject({ decision: 'answer', isQuoted: true, usage: null });
    // and others are not touched
    expect((await ask('modest')).usage).not.toBeNull();
  });

  it('a reply that goes on forever is cut off, at the provider too', async () => {
    const clock = fakeClock();
    const tokens = Array.from({ length: 20_000 }, () => 'again and again ');
    const chatModel = await startModel(() => ({ tokens }), clock);
    const answer = await createAsker({ chatModel, clock })('v');
    expect(answer).toMatchObject({ decision: 'handoff', status: 'incomplete' });
    expect(answer.text.length).toBeLessThan(13_000);
    await expect.poll(() => server?.requests.at(-1)?.wasAborted, { timeout: 20_000 }).toBe(true);
  });
});

describe('what the owner set, and what it cost', () => {
  it('tone and examples go along, for the manner only: their facts are caught', async () => {
    const clock = fakeClock();
    const invented = 'ANSWER: FULL\nShipping takes three working days [1]. A rocket costs 77 euros [1].';
    const chatModel = await startModel(() => invented, clock);
    const answer = await createAsker({ chatModel, clock })('v');
    const prompt = server?.requests[0]?.messages.find(({ role }) => role === 'system')?.content ?? '';
    expect(prompt).toContain('Warm and brief.');
    expect(prompt).toContain('Visitor: Do you ship to Mars?\nYou: Sadly no, friend');
    expect(answer.text).not.toContain('77');
    expect(answer.caught).toMatchObject([{ text: 'A rocket costs 77 euros [1].', isLeftOut: true }]);
    expect(answer.caught[0]?.findings).toContain('number');
    const report = await createAnswerReports({ db, clock }).report('shop');
    expect(report.caught[0]).toMatchObject({
      question: 'How long does shipping take?',
      sentences: answer.caught,
    });
    expect(report.days[0]?.caught).toBeGreaterThan(0);
  });

  it('links may go to the hosts that the owner allows', async () => {
    const clock = fakeClock();
    const reply =
      'ANSWER: FULL\nShipping takes three working days [1]. See https://status.shop.test/now or https://evil.test/x [1].';
    const chatModel = await startModel(() => reply, clock);
    expect((await createAsker({ chatModel, clock })('v')).text).not.toContain('evil');
    await server?.close();
    const allowed = reply.replace(' or https://evil.test/x', '');
    const other = await startModel(() => allowed, clock);
    expect((await createAsker({ chatModel: other, clock })('v')).text).toContain(
      'https://status.shop.test/now',
    );
  });

  it('the cost is stored with the answer, of all its calls', async () => {
    const clock = fakeClock();
    const chatModel = await startModel(() => sound, clock);
    const prices = { currency: 'EUR', models: { scripted: { input: 1000, output: 10_000 } } };
    const answer = await createAsker({ chatModel, clock, prices })('v');
    const { inputTokens = 0, outputTokens = 0 } = answer.usage ?? {};
    expect(inputTokens).toBe(100);
    expect(answer.usage?.cost).toBeCloseTo((inputTokens * 1000 + outputTokens * 10_000) / 1e6, 9);
    const stored = (await listAnswers(db, 'shop', 100)).find(({ id }) => id === answer.answerId);
    expect(stored).toMatchObject({ inputTokens, outputTokens, cost: answer.usage?.cost });
    const { currency, days } = await createAnswerReports({ db, clock, prices }).report('shop');
    expect(currency).toBe('EUR');
    expect(days[0]?.cost).toBeGreaterThan(0);
  });
});
