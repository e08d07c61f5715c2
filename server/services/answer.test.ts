import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createOpenAiChatModel } from '../adapters/llm/openai.ts';
import type { ModelTimers } from '../adapters/llm/timers.ts';
import type { AnswerProgress, FinalAnswer } from '../domain/answer.ts';
import type { Retrieval, RetrievalSignals, RetrievedPassage } from '../domain/knowledge.ts';
import type { Database } from '../ports.ts';
import { findAnswer, listAnswers } from '../store/answer.ts';
import { insertSite } from '../store/site.ts';
import { createTestDatabase } from '../testing/database.ts';
import { sequentialIds, silentLogger } from '../testing/deps.ts';
import { scenarios, type Scenario } from '../testing/model-scenarios.ts';
import { createModelServer, type ModelServer } from '../testing/model-server.ts';
import type { AnswerBudget } from './answer-budget.ts';
import { createAnswerService, type AnswerRequest, type Retrieve } from './answer.ts';

const strong: RetrievalSignals = {
  lexicalCoverage: 0.9,
  ngramCosine: 0.8,
  sentenceOverlap: 0.9,
  documentMargin: 0.6,
  pairProximity: 0.8,
};
const weak: RetrievalSignals = {
  lexicalCoverage: 0.2,
  ngramCosine: 0.15,
  sentenceOverlap: 0.2,
  documentMargin: 0.05,
  pairProximity: 0,
};

function passage(text: string, more: Partial<RetrievedPassage> = {}): RetrievedPassage {
  return {
    passageId: 1,
    documentId: 1,
    externalId: 'shipping',
    title: 'Shipping',
    url: 'https://shop.test/shipping',
    headingPath: [],
    anchor: null,
    page: null,
    language: 'en',
    text,
    score: 10,
    lexicalScore: 10,
    cosine: null,
    ...more,
  };
}

const shipping = passage(
  'Standard shipping takes three working days. Express shipping costs 12 euros. We ship to all of Europe.',
);

function finds(passages: RetrievedPassage[], signals: RetrievalSignals = strong): Retrieve {
  return (request) =>
    Promise.resolve<Retrieval>({ passages, signals, standaloneQuery: request.query, timings: {} });
}

let db: Database;
let server: ModelServer | null = null;
const ids = sequentialIds();
const clock = { now: () => Date.now() };

beforeAll(async () => {
  db = await createTestDatabase();
  await insertSite(db, { id: 'shop', name: 'Shop', settings: {}, createdAt: new Date(0) });
});
afterEach(async () => {
  await server?.close();
  server = null;
});
afterAll(() => db.close());

interface AskOptions extends Partial<AnswerRequest> {
  retrieve?: Retrieve;
  budget?: AnswerBudget;
  reply?: () => string | Scenario;
  timers?: Partial<ModelTimers>;
}

async function ask(
  question: string,
  { retrieve = finds([shipping]), reply, budget, timers, ...request }: AskOptions = {},
) {
  const chatModel = reply === undefined ? null : await startModel(reply, timers);
  const service = createAnswerService({
    db,
    retrieve,
    chatModel,
    clock,
    ids,
    logger: silentLogger,
    ...(budget === undefined ? {} : { budget }),
  });
  const progress: AnswerProgress[] = [];
  const stream = service.answer({
    siteId: 'shop',
    question,
    history: [],
    conversationId: null,
    turnId: null,
    signal: new AbortController().signal,
    ...request,
  });
  for await (const item of stream) progress.push(item);
  return read(progress);
}

async function startModel(reply: () => string | Scenario, timers: Partial<ModelTimers> = {}) {
  server = await createModelServer({ reply });
  return createOpenAiChatModel({
    apiKey: 'k',
    baseUrl: server.url,
    model: 'scripted',
    clock,
    logger: silentLogger,
    random: () => 0,
    timers,
  });
}

function read(progress: readonly AnswerProgress[]): {
  final: FinalAnswer;
  streamed: string;
  steps: string[];
} {
  const last = progress.at(-1);
  if (last?.type !== 'final') throw new Error('the stream did not end with the final answer');
  return {
    final: last.answer,
    streamed: progress.map((item) => (item.type === 'delta' ? item.text : '')).join(''),
    steps: progress.flatMap((item) => (item.type === 'step' ? [item.step] : [])),
  };
}

describe('the built-in answerer', () => {
  it('quotes the page word for word, with a citation', async () => {
    const { final, streamed } = await ask('How much does express shipping cost?');
    expect(streamed).toBe(final.text);
    expect(final.text).toMatch(/^From our pages:\n\n.*Express shipping costs 12 euros\..* \[1\]$/su);
    expect(final).toMatchObject({ decision: 'answer', handoffReason: null, isQuoted: true, language: 'en' });
    expect(final.citations).toMatchObject([
      { marker: 1, documentId: 'shipping', url: 'https://shop.test/shipping' },
    ]);
    expect(shipping.text).toContain(final.citations[0]?.quote);
  });

  it('says so in the visitor’s language', async () => {
    const { final } = await ask('Wie lange dauert der Versand?', {
      retrieve: finds([passage('Der Versand dauert drei Tage.', { language: 'de' })]),
    });
    expect(final.language).toBe('de');
    expect(final.text).toBe('Von unseren Seiten:\n\nDer Versand dauert drei Tage. [1]');
  });

  it('stores the answer with all that led to it, the page of a PDF too', async () => {
    const question = 'How much does express shipping cost?';
    const { final } = await ask(question, { retrieve: finds([{ ...shipping, url: null, page: 3 }]) });
    expect(await findAnswer(db, 'shop', final.answerId)).toMatchObject({
      ...{ question, text: final.text, status: 'complete', decision: 'answer' },
      confidence: expect.closeTo(final.confidence, 5),
      reasons: final.reasons,
      passages: [{ documentId: 'shipping', text: shipping.text }],
      citations: [{ marker: 1, url: null, page: 3 }],
      model: null,
    });
    expect(await findAnswer(db, 'another', final.answerId)).toBeNull();
  });
});

describe('an owner’s question and answer', () => {
  const pair = (title: string, documentId: number) =>
    passage('Returns are free for 60 days.', { externalId: 'qa:s:1', title, documentId });

  async function addPair(): Promise<number> {
    const [row] = await db.query(
      `insert into document (site_id, external_id, title, text, content_hash)
       values ('shop', 'qa:s:1', 'Are returns free?', 'Returns are free for 60 days. Keep the receipt.', 'h')
       on conflict (site_id, external_id) do update set title = excluded.title returning id`,
      [],
      z.object({ id: z.number() }),
    );
    return row?.id ?? 0;
  }

  it('wins over everything else, the model too', async () => {
    const retrieve = finds([shipping, pair('Are returns free?', await addPair())], weak);
    const { final } = await ask('are returns FREE', { retrieve, reply: () => 'never' });
    expect(final).toMatchObject({ decision: 'answer', isQuoted: true });
    expect(final.text).toBe('Returns are free for 60 days. Keep the receipt. [1]');
    expect(final.citations).toMatchObject([{ marker: 1, documentId: 'qa:s:1' }]);
    expect(server?.requests).toHaveLength(0);
  });

  it.each(['Are returns not free?', 'Are returns free of charge?', 'How are returns free?'])(
    'is not given to another question: %s',
    async (question) => {
      const retrieve = finds([pair('Are returns free?', await addPair())]);
      const { final } = await ask(question, { retrieve });
      expect(final.reasons.map(({ code }) => code)).not.toContain('owners-answer');
    },
  );

  it('is not given once it is deleted', async () => {
    await db.execute(`delete from document where external_id = 'qa:s:1'`);
    const { final } = await ask('Are returns free?', {
      retrieve: finds([pair('Are returns free?', 999_999)]),
    });
    expect(final.reasons.map(({ code }) => code)).not.toContain('owners-answer');
  });

  it('is given although the search did not find it', async () => {
    await addPair();
    const { final } = await ask('are returns free', { retrieve: finds([]) });
    expect(final.reasons.map(({ code }) => code)).toContain('owners-answer');
    expect(final.decision).toBe('answer');
  });
});

describe('handing off', () => {
  it('asks a person when the pages fit badly, and claims nothing', async () => {
    const { final, streamed } = await ask('Can I pay with seashells?', { retrieve: finds([shipping], weak) });
    expect(final).toMatchObject({ decision: 'handoff', handoffReason: 'low-confidence', citations: [] });
    expect(streamed).toBe(final.text);
    expect(final.text).not.toContain('shipping');
    expect(final.passages).toHaveLength(1);
  });

  it('asks a person when nothing was found', async () => {
    await db.execute(
      `insert into document (site_id, external_id, title, text, content_hash) values ('shop', 'd', 't', 'x', 'h')`,
    );
    await db.execute(
      `insert into passage (site_id, document_id, position, heading_path, char_start, char_end, text, content_hash)
       select 'shop', id, 0, '{}', 0, 1, 'x', 'h' from document`,
    );
    const { final } = await ask('Do you sell tents?', { retrieve: finds([]) });
    expect(final).toMatchObject({ decision: 'handoff', handoffReason: 'nothing-found', confidence: 0 });
    expect(final.text).toContain('could not find');
  });

  it('says that a site without content has none', async () => {
    await insertSite(db, { id: 'empty', name: 'Empty', settings: {}, createdAt: new Date(0) });
    const { final } = await ask('Do you sell tents?', { siteId: 'empty', retrieve: finds([]) });
    expect(final).toMatchObject({ decision: 'handoff', handoffReason: 'nothing-found' });
    expect(final.text).toContain('no content yet');
  });

  it.each(['Can I talk to a human please?', 'Ich möchte mit einem Mitarbeiter sprechen', 'agent'])(
    'does as the visitor asks: %s',
    async (question) => {
      const { final, steps } = await ask(question);
      expect(final).toMatchObject({ decision: 'handoff', handoffReason: 'visitor-asked' });
      expect(steps).toEqual([]);
    },
  );

  it('follows the threshold that the owner chose', async () => {
    await insertSite(db, {
      id: 'strict',
      name: 'S',
      settings: { handoffThreshold: 1 },
      createdAt: new Date(0),
    });
    const { final } = await ask('How much does express shipping cost?', { siteId: 'strict' });
    expect(final).toMatchObject({ decision: 'handoff', handoffReason: 'low-confidence', citations: [] });
  });
});

it('answers politeness without searching or handing off', async () => {
  const never: Retrieve = () => Promise.reject(new Error('searched'));
  for (const question of ['Hello!', 'Vielen Dank', 'bye', 'ok thanks']) {
    const { final } = await ask(question, { retrieve: never });
    expect(final).toMatchObject({ decision: 'answer', confidence: 1, citations: [] });
  }
});

it('refuses a site that does not exist', async () => {
  await expect(ask('Hi there, where?', { siteId: 'nowhere' })).rejects.toMatchObject({ code: 'not-found' });
});

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
    expect(server?.requests).toHaveLength(0);
  });

  it('ends with the signal’s reason when the visitor stops it', async () => {
    const controller = new AbortController();
    const chatModel = await startModel(() => ({ ...scenarios.silence(3), text: 'one two three four' }));
    const service = createAnswerService({
      db,
      retrieve: finds([shipping]),
      chatModel,
      clock,
      ids,
      logger: silentLogger,
    });
    const reading = (async () => {
      const request = { siteId: 'shop', question, history: [], conversationId: null, turnId: null };
      for await (const item of service.answer({ ...request, signal: controller.signal })) {
        if (item.type === 'delta') controller.abort(new Error('taken over'));
      }
    })();
    await expect(reading).rejects.toThrow('taken over');
  });
});
