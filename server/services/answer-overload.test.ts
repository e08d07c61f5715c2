import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOpenAiChatModel } from '../adapters/llm/openai.ts';
import type { Database } from '../ports.ts';
import { findConversation } from '../store/conversation.ts';
import { listEvents } from '../store/event.ts';
import { systemClock as clock, systemIds as ids } from '../system.ts';
import { createTestDatabase } from '../testing/database.ts';
import { silentLogger as logger } from '../testing/deps.ts';
import { createModelServer, type ModelServer } from '../testing/model-server.ts';
import { foundPassage } from '../testing/passage.ts';
import { createTestWire } from '../testing/socket-bus.ts';
import { addSite, until } from '../testing/socket-stack.ts';
import { createAnswerService, type Retrieve } from './answer.ts';
import { createLive, type Live } from './live.ts';
import { createVisitorSessions } from './visitor-session.ts';

const places = 4;
const line = 16;
const chats = 200;

let db: Database;
let server: ModelServer;
let live: Live;

const retrieve: Retrieve = ({ query }) =>
  Promise.resolve({
    passages: [foundPassage('Standard shipping takes three working days.', { title: 'Shipping' })],
    signals: {
      lexicalCoverage: 0.9,
      ngramCosine: 0.8,
      sentenceOverlap: 0.9,
      documentMargin: 0.6,
      pairProximity: 0.8,
    },
    standaloneQuery: query,
    timings: {},
  });

beforeAll(async () => {
  db = await createTestDatabase();
  await addSite(db);
  // headers only after a minute: longer than this test
  server = await createModelServer({ reply: () => ({ headersDelayMs: 60_000 }) });
  const patient = { firstTokenMs: 90_000, totalMs: 90_000 };
  const chatModel = createOpenAiChatModel({
    ...{ apiKey: 'k', baseUrl: server.url, model: 'scripted', clock, logger, timers: patient },
  });
  const answers = createAnswerService({ db, retrieve, chatModel, clock, ids, logger });
  const bus = createTestWire().bus();
  const limits = { maxAnswers: places, maxWaitingAnswers: line };
  live = createLive({ db, bus, clock, ids, logger, answers, ...limits });
  await live.start();
});
afterAll(async () => {
  await live?.close();
  await server?.close();
  await db?.close();
});

async function begin(): Promise<string> {
  const sessions = createVisitorSessions({ db, clock, ids });
  const { visitorId } = await sessions.open({ siteId: 'default', token: null });
  const conversationId = ids.uuid();
  const visitor = { siteId: 'default', visitorId, name: 'V' };
  const text = 'How long does shipping take?';
  const sent = await live.converse.send({ visitor, conversationId, clientId: ids.uuid(), text });
  expect(sent.ok).toBe(true);
  return conversationId;
}

const stateOf = async (conversationId: string) =>
  (await findConversation(db, conversationId))?.status.state ?? null;

it('E5: a model that keeps 200 chats waiting: the line is bounded, people are called, and people chat on', async () => {
  const conversations: string[] = [];
  for (let index = 0; index < chats; index += 1) conversations.push(await begin());
  const states = await until(
    async () => {
      const found = await Promise.all(conversations.map(stateOf));
      return found.filter((state) => state === 'waiting').length >= chats - places - line && found;
    },
    () => 'the rest was not handed to people',
  );
  // those that have a place or wait for one are still the AI's, all others were shed: nobody waits for nothing
  expect(states.filter((state) => state === 'ai')).toHaveLength(places + line);
  await until(() => server.requests.length === places);

  const agent = { id: ids.uuid(), name: 'Ada' };
  await db.execute(
    `insert into agent (id, email, name, role, password_hash) values ($1, 'ada@shop.test', 'Ada', 'agent', '')`,
    [agent.id],
  );
  const shed = conversations[states.indexOf('waiting')] ?? '';
  const taken = await live.handoff.take({ agent, conversationId: shed, clientId: ids.uuid() });
  if (!taken.ok) throw new Error(taken.message);
  const reply = await live.handoff.reply({
    ...{ agent, conversationId: shed, clientId: ids.uuid(), text: 'Three working days.' },
    seenSeq: taken.seq,
  });
  expect(reply.ok).toBe(true);
  const log = await listEvents(db, { conversationId: shed, after: 0, upTo: 1e6, limit: 1e6 });
  expect(log.at(-1)?.body).toMatchObject({ type: 'message-added', text: 'Three working days.' });
  // while the model still keeps all places
  expect(server.requests).toHaveLength(places);
}, 120_000);
