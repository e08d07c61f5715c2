import { createOpenAiChatModel } from '../adapters/llm/openai.ts';
import type { ModelTimers } from '../adapters/llm/timers.ts';
import type { AnswerProgress, FinalAnswer } from '../domain/answer.ts';
import type { Retrieval, RetrievalSignals, RetrievedPassage } from '../domain/knowledge.ts';
import type { ChatModel, Database } from '../ports.ts';
import type { AnswerBudget } from '../services/answer-budget.ts';
import {
  createAnswerService,
  type AnswerRequest,
  type AnswerService,
  type Retrieve,
} from '../services/answer.ts';
import { sequentialIds, silentLogger } from './deps.ts';
import type { Scenario } from './model-scenarios.ts';
import { createModelServer, type ModelServer } from './model-server.ts';
import { foundPassage } from './passage.ts';

/** Signals of pages that fit the question. */
export const strong: RetrievalSignals = {
  lexicalCoverage: 0.9,
  ngramCosine: 0.8,
  sentenceOverlap: 0.9,
  documentMargin: 0.6,
  pairProximity: 0.8,
};
/** Signals of pages that fit it badly. */
export const weak: RetrievalSignals = {
  lexicalCoverage: 0.2,
  ngramCosine: 0.15,
  sentenceOverlap: 0.2,
  documentMargin: 0.05,
  pairProximity: 0,
};

/** A passage of a shop's page, found well. */
export function passage(text: string, more: Partial<RetrievedPassage> = {}): RetrievedPassage {
  const page = { externalId: 'shipping', title: 'Shipping', url: 'https://shop.test/shipping' };
  return foundPassage(text, { ...page, score: 10, lexicalScore: 10, ...more });
}

/** A page on shipping. */
export const shipping = passage(
  'Standard shipping takes three working days. Express shipping costs 12 euros. We ship to all of Europe.',
);

/** A search that finds these, whatever is asked. */
export function finds(passages: RetrievedPassage[], signals: RetrievalSignals = strong): Retrieve {
  return (request) =>
    Promise.resolve<Retrieval>({ passages, signals, standaloneQuery: request.query, timings: {} });
}

const clock = { now: () => Date.now() };

export interface AskOptions extends Partial<AnswerRequest> {
  retrieve?: Retrieve;
  budget?: AnswerBudget;
  /** What the model says; without it the built-in answerer quotes. */
  reply?: () => string | Scenario;
  timers?: Partial<ModelTimers>;
}

export interface Asked {
  final: FinalAnswer;
  streamed: string;
  steps: string[];
}

/** Asks the answer service of the site `shop`, over a scripted search and, where wanted, a scripted model. */
export interface AnswerBench {
  ask(question: string, options?: AskOptions): Promise<Asked>;
  /** The service over a model that says so. */
  serviceOver(reply: () => string | Scenario): Promise<AnswerService>;
  /** The model's server of the last question; null where it had none. */
  server(): ModelServer | null;
  /** Ends the model's server. */
  close(): Promise<void>;
}

export function createAnswerBench(db: Database): AnswerBench {
  const ids = sequentialIds();
  let server: ModelServer | null = null;

  async function startModel(
    reply: () => string | Scenario,
    timers: Partial<ModelTimers> = {},
  ): Promise<ChatModel> {
    server = await createModelServer({ reply });
    const options = { apiKey: 'k', baseUrl: server.url, model: 'scripted', clock, logger: silentLogger };
    return createOpenAiChatModel({ ...options, random: () => 0, timers });
  }

  async function ask(
    question: string,
    { retrieve = finds([shipping]), reply, budget, timers, ...request }: AskOptions = {},
  ): Promise<Asked> {
    const chatModel = reply === undefined ? null : await startModel(reply, timers);
    const own = budget === undefined ? {} : { budget };
    const service = createAnswerService({
      db,
      retrieve,
      chatModel,
      clock,
      ids,
      logger: silentLogger,
      ...own,
    });
    const place = { siteId: 'shop', history: [], conversationId: null, turnId: null };
    const progress: AnswerProgress[] = [];
    const signal = new AbortController().signal;
    for await (const item of service.answer({ ...place, question, signal, ...request })) progress.push(item);
    return read(progress);
  }

  return {
    ask,
    async serviceOver(reply) {
      const chatModel = await startModel(reply);
      const deps = { db, retrieve: finds([shipping]), chatModel, clock, ids, logger: silentLogger };
      return createAnswerService(deps);
    },
    server: () => server,
    async close() {
      await server?.close();
      server = null;
    },
  };
}

function read(progress: readonly AnswerProgress[]): Asked {
  const last = progress.at(-1);
  if (last?.type !== 'final') throw new Error('the stream did not end with the final answer');
  return {
    final: last.answer,
    streamed: progress.map((item) => (item.type === 'delta' ? item.text : '')).join(''),
    steps: progress.flatMap((item) => (item.type === 'step' ? [item.step] : [])),
  };
}
