import { z } from 'zod';
import type { Database } from '../../server/ports.ts';
import { createModelServer } from '../../server/testing/model-server.ts';
import type { Scenario } from '../../server/testing/model-scenarios.ts';
import { benchDocument, benchQuestion } from '../retrieval/corpus.ts';
import type { Servers } from '../chaos/servers.ts';
import { spreadOf, wait } from '../sockets/load.ts';
import type { Expectations } from '../expectations.ts';
import { openStage, openVisitorsOf, say, until } from './stage.ts';
import type { Stage, Visitor } from './stage.ts';

const documents = 60;
const people = 50;

/** Ways in which a model is away. */
const faults: Record<string, Scenario> = {
  'answers nothing': { headersDelayMs: 600_000 },
  'is silent after its first word': { silenceAfter: 1 },
  'refuses (503)': { raw: { status: 503, body: '{"error":{"message":"Overloaded."}}' } },
  'refuses the key (401)': { raw: { status: 401, body: '{"error":{"code":"invalid_api_key"}}' } },
};

/**
 * Fifty visitors ask within a second while the model is away; each is told, and offered a person, within 20 s. A
 * product of its own for each way, since one that has seen a fault does not ask the model for a while.
 */
export async function modelAway(servers: Servers, db: Database, expectations: Expectations): Promise<void> {
  for (const [name, scenario] of Object.entries(faults)) {
    const model = await createModelServer({ reply: () => scenario });
    const stage = await openStage(servers, {
      OPENAI_BASE_URL: model.url,
      CHAT_MODEL: 'scripted',
      EMBEDDING_MODEL: 'builtin',
    });
    try {
      await fill(stage);
      const visitors = await openVisitorsOf(stage, db, people);
      const outcomes = await Promise.all(visitors.map(askOne));
      for (const { client } of visitors) client.close();
      const times = outcomes.map(({ ms }) => ms);
      const slowestMs = Math.max(...times);
      const called = outcomes.filter(({ isPersonCalled }) => isPersonCalled).length;
      const row = { people, modelAsked: model.requests.length, ...spreadOf(times), slowestMs, called };
      expectations.report(`the model ${name}`, row, {
        'each is told within 20 s': slowestMs <= 20_000,
        'each is offered a person': called === people,
        'the model was asked': model.requests.length > 0,
      });
    } finally {
      await stage.close();
      await model.close();
    }
  }
}

/** Asks, and waits until the question has found its end. */
async function askOne(visitor: Visitor, index: number): Promise<{ ms: number; isPersonCalled: boolean }> {
  await wait((index / people) * 1_000);
  say(visitor, benchQuestion(index, documents));
  const thread = () => visitor.client.getSnapshot().thread;
  const isOver = (): boolean => {
    const now = thread();
    if (now === null || !now.isLoaded || now.turn !== null) return false;
    return now.state === 'waiting' || now.entries.some((entry) => isWholeAnswer(entry));
  };
  const ms = await until('the end of a question', isOver, 100);
  return { ms, isPersonCalled: thread()?.state === 'waiting' };
}

type Entry = NonNullable<ReturnType<Visitor['client']['getSnapshot']>['thread']>['entries'][number];

function isWholeAnswer(entry: Entry): boolean {
  return entry.kind === 'message' && entry.author.role === 'ai' && entry.status !== 'streaming';
}

async function fill({ products }: Stage): Promise<void> {
  const lines = Array.from({ length: documents }, (_, number) => {
    const { externalId, title, text } = benchDocument(number);
    return JSON.stringify({ id: externalId, title, text });
  });
  const api = products[0]?.api;
  const type = 'application/x-ndjson';
  const sent = await api?.('POST', '/sites/default/documents', lines.join('\n'), type);
  const { sourceId } = z.object({ sourceId: z.string() }).parse(sent?.body);
  const isDone = async (): Promise<boolean> => {
    const answer = await api?.('GET', `/sites/default/sources/${sourceId}`);
    return z.object({ state: z.string() }).parse(answer?.body).state === 'done';
  };
  await until('the documents', isDone, 120);
}
