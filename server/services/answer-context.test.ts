import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOpenAiChatModel } from '../adapters/llm/openai.ts';
import type { Retrieval } from '../domain/knowledge.ts';
import type { PromptBudget } from '../domain/prompt.ts';
import type { Database } from '../ports.ts';
import { insertSite } from '../store/site.ts';
import { createTestDatabase } from '../testing/database.ts';
import { sequentialIds, silentLogger } from '../testing/deps.ts';
import { createModelServer, type ModelServer } from '../testing/model-server.ts';
import { foundPassage } from '../testing/passage.ts';
import { createAnswerService } from './answer.ts';

/** How much of the pages a model reads: the site's setting, within what the operator allows. */
let db: Database;
let server: ModelServer;
const clock = { now: () => Date.now() };
const ids = sequentialIds();
const text = 'Standard shipping takes three working days. '.repeat(40).trim();
const found = Array.from({ length: 12 }, (_, index) => {
  const score = 20 - index;
  const name = String(index);
  const page = { externalId: `page-${name}`, title: `Shipping ${name}`, score, lexicalScore: score };
  return foundPassage(text, { ...page, passageId: index + 1, documentId: index + 1 });
});
const signals = {
  lexicalCoverage: 0.9,
  ngramCosine: 0.8,
  sentenceOverlap: 0.9,
  documentMargin: 0.5,
  pairProximity: 0.8,
};

beforeAll(async () => {
  db = await createTestDatabase();
  server = await createModelServer({ reply: () => 'ANSWER: FULL\nThree working days. [1]' });
  const settingsOf = {
    plain: {},
    wide: { passagesPerAnswer: 12, passageTokens: 16_000 },
    short: { passagesPerAnswer: 12, passageTokens: 700 },
  };
  for (const [id, settings] of Object.entries(settingsOf)) {
    await insertSite(db, { id, name: id, settings, createdAt: new Date(0) });
  }
});
afterAll(async () => {
  await server.close();
  await db.close();
});

/** Asks, and reads off what the model was given. */
async function read(siteId: string, promptLimits?: PromptBudget) {
  const wanted: number[] = [];
  const service = createAnswerService({
    db,
    retrieve: ({ query, k }) => {
      wanted.push(k);
      const passages = found.slice(0, k);
      return Promise.resolve<Retrieval>({ passages, signals, standaloneQuery: query, timings: {} });
    },
    chatModel: createOpenAiChatModel({
      apiKey: 'k',
      baseUrl: server.url,
      model: 'scripted',
      clock,
      logger: silentLogger,
    }),
    clock,
    ids,
    logger: silentLogger,
    ...(promptLimits === undefined ? {} : { promptLimits }),
  });
  const progress = service.answer({
    siteId,
    question: 'How many days does standard shipping take?',
    history: [],
    conversationId: null,
    turnId: null,
    signal: new AbortController().signal,
  });
  for await (const item of progress) if (item.type === 'final') break;
  const prompt = (server.requests.at(-1)?.messages ?? []).map(({ content }) => content).join('\n');
  const shown = prompt.match(/<passage number=/gu)?.length ?? 0;
  return { shown, quoted: prompt.split('takes three working days').length - 1, searched: wanted[0] };
}

it('reads five passages where a site chose nothing', async () => {
  expect(await read('plain')).toMatchObject({ shown: 5, searched: 8 });
});

it('reads, and searches for, as many as the site wants', async () => {
  expect(await read('wide')).toMatchObject({ shown: 12, searched: 12 });
});

it('reads as many tokens as the site wants, and cuts the rest off', async () => {
  const { shown, quoted } = await read('short');
  expect(shown).toBe(2);
  expect(quoted).toBeLessThanOrEqual((700 * 3.5) / 'Standard shipping takes three working days.'.length);
});

it('reads no more than the operator allows', async () => {
  expect(await read('wide', { passages: 3, tokens: 500 })).toMatchObject({ shown: 1 });
  expect(await read('wide', { passages: 3, tokens: 16_000 })).toMatchObject({ shown: 3, searched: 8 });
});
