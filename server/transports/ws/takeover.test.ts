import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AnswerProgress } from '../../domain/answer.ts';
import type { Database } from '../../ports.ts';
import type { AgentClient } from '../../protocol/client.ts';
import { createLive } from '../../services/live.ts';
import type { Live } from '../../services/live.ts';
import { listEvents } from '../../store/event.ts';
import { systemClock, systemIds } from '../../system.ts';
import { createTestDatabase, testDatabaseUrl } from '../../testing/database.ts';
import { silentLogger } from '../../testing/deps.ts';
import { finalAnswer } from '../../testing/socket-answers.ts';
import { createTestWire } from '../../testing/socket-bus.ts';
import { greet, listenRaw } from '../../testing/socket-raw.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';

let database: Database;
let stack: SocketStack;
/** Two further instances whose answers stream by themselves. */
const lives: Live[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  const wire = createTestWire();
  stack = await createSocketStack(database, { bus: wire.bus() });
  const common = { db: database, clock: systemClock, ids: systemIds, logger: silentLogger };
  for (let index = 0; index < 2; index += 1) {
    lives.push(createLive({ ...common, bus: wire.bus(), answers: { answer: dribble } }));
  }
  await Promise.all(lives.map((live) => live.start()));
});
afterAll(async () => {
  await stack?.close();
  await Promise.all(lives.map((live) => live.close()));
  await database?.close();
});

/** Sixty words, a moment apart: several windows in which pieces are shown together. */
async function* dribble({ signal }: { signal: AbortSignal }): AsyncGenerator<AnswerProgress> {
  let text = '';
  for (let index = 0; index < 60; index += 1) {
    await new Promise((resolve) => setTimeout(resolve, 3));
    signal.throwIfAborted();
    text += `word${String(index)} `;
    yield { type: 'delta', text: `word${String(index)} ` };
  }
  yield { type: 'final', answer: finalAnswer(text) };
}

const person = (name: string) => ({ id: systemIds.uuid(), name });
const [ada, bo] = [person('Ada'), person('Bo')];
const events = (conversationId: string) =>
  listEvents(database, { conversationId, after: 0, upTo: 1e6, limit: 1e6 });

async function begin(live: Live, text = 'Hello?'): Promise<string> {
  const { visitorId } = await stack.openVisitor();
  const conversationId = systemIds.uuid();
  const visitor = { siteId: 'default', visitorId, name: 'V' };
  const sent = await live.converse.send({ visitor, conversationId, clientId: systemIds.uuid(), text });
  expect(sent.ok).toBe(true);
  return conversationId;
}

async function waiting(live: Live): Promise<string> {
  const { visitorId } = await stack.openVisitor();
  const conversationId = systemIds.uuid();
  const visitor = { siteId: 'default', visitorId, name: 'V' };
  await live.converse.requestPerson({ visitor, conversationId, clientId: systemIds.uuid() });
  return conversationId;
}

async function addPeople(): Promise<void> {
  for (const { id, name } of [ada, bo]) {
    await database.execute(
      `insert into agent (id, email, name, role, password_hash) values ($1, $2, $3, 'agent', '-')
       on conflict do nothing`,
      [id, `${id}@shop.example`, name],
    );
  }
}

/** As the case asks where a real server can take it; fewer on the embedded one, which is one connection. */
const claims = testDatabaseUrl === null ? 60 : 1_000;
const takeovers = testDatabaseUrl === null ? 60 : 500;

test(`C7 HND-2 of two agents who claim at the same moment, on two instances, exactly one gets it`, async () => {
  await addPeople();
  const [first, second] = lives;
  if (first === undefined || second === undefined) throw new Error('no instances');
  for (let round = 0; round < claims; round += 20) {
    const ids = await Promise.all(Array.from({ length: 20 }, () => waiting(first)));
    await Promise.all(
      ids.map(async (conversationId) => {
        const take = (live: Live, agent: typeof ada) =>
          live.handoff.take({ agent, conversationId, clientId: systemIds.uuid() });
        const [one, two] = await Promise.all([take(first, ada), take(second, bo)]);
        expect([one, two].filter((outcome) => outcome.ok)).toHaveLength(1);
        expect([one, two].find((outcome) => !outcome.ok)).toMatchObject({ code: 'already-taken' });
        const log = await events(conversationId);
        expect(log.filter(({ body }) => body.type === 'conversation-assigned')).toHaveLength(1);
      }),
    );
  }
}, 120_000);

test(`C8 TRN-4 from a takeover at any moment of a stream the AI writes nothing more`, async () => {
  await addPeople();
  const [first, second] = lives;
  if (first === undefined || second === undefined) throw new Error('no instances');
  const cut: string[] = [];
  for (let round = 0; round < takeovers; round += 20) {
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const conversationId = await begin(first);
        // anywhere between before the first word and after the last; the same moments in every run
        await new Promise((resolve) => setTimeout(resolve, ((round + index) * 37) % 230));
        const taken = await second.handoff.take({ agent: ada, conversationId, clientId: systemIds.uuid() });
        const log = await until(async () => {
          const found = await events(conversationId);
          return found.some(({ body }) => body.type === 'turn-ended') && found;
        });
        const takenSeq = taken.ok ? taken.seq : 0;
        const words = log.filter(({ body }) => body.type === 'message-added' && body.author.role === 'ai');
        expect(words.every(({ seq }) => seq < takenSeq)).toBe(true);
        expect(words.length).toBeLessThanOrEqual(1);
        for (const { body } of words)
          if (body.type === 'message-added' && body.status === 'stopped') cut.push(body.text);
      }),
    );
  }
  // late answers have had their chance
  await until(
    async () => (await database.execute('select 1 from conversation where turn_id is not null')) === 0,
  );
  const late = await database.execute(
    `select 1 from event e join event a on a.conversation_id = e.conversation_id and a.seq < e.seq
     where a.body->>'type' = 'conversation-assigned' and e.body->'author'->>'role' = 'ai'`,
  );
  expect(late).toBe(0);
  // the text ends where it was shown last, which is not always the same place
  expect(new Set(cut.map((text) => text.length)).size).toBeGreaterThan(1);
}, 180_000);

test('C7 MSG-9 a reply that missed a colleague is refused, and what was missed comes; then it can be sent', async () => {
  const one = await stack.addAgent('Cy');
  const two = await stack.addAgent('Di');
  const live = stack.live;
  const conversationId = await begin(live);
  const command = () => ({ conversationId, clientId: systemIds.uuid() });
  const act = { cy: { id: one.account.id, name: 'Cy' }, di: { id: two.account.id, name: 'Di' } };
  await live.handoff.take({ agent: act.cy, ...command() });
  const raw = listenRaw(stack.raw('/ws/agent', { origin: stack.origin, cookie: one.cookie }));
  await greet(raw);
  raw.send({ type: 'resume', conversationId, epoch: null, after: 0 });
  const seenSeq = Number((await raw.next((frame) => frame.type === 'resumed'))['upTo']);
  // a colleague was there meanwhile
  await live.handoff.handBack({ agent: act.cy, ...command() });
  await live.handoff.take({ agent: act.di, ...command() });
  await live.handoff.reply({ agent: act.di, text: 'It is on its way.', ...command() });
  await live.handoff.handBack({ agent: act.di, ...command() });
  await live.handoff.take({ agent: act.cy, ...command() });
  const clientId = systemIds.uuid();
  const reply = { type: 'message-send', clientId, conversationId, text: 'We have lost it.', seenSeq };
  raw.send(reply);
  const nack = await raw.next((frame) => frame.type === 'nack');
  expect(nack).toMatchObject({ clientId, code: 'behind', retryAfterMs: null });
  raw.send({ ...reply, seenSeq: (await events(conversationId)).length });
  await raw.next((frame) => frame.type === 'ack' && frame['clientId'] === clientId);
  const said = (await events(conversationId)).flatMap(({ body }) =>
    body.type === 'message-added' && body.author.role === 'agent' ? [body.text] : [],
  );
  expect(said).toEqual(['It is on its way.', 'We have lost it.']);
});

test('C7 MSG-9 the client shows the refused reply as failed, reads what it missed, and sends it again', async () => {
  const one = await stack.addAgent('Ed');
  const two = await stack.addAgent('Flo');
  const { live } = stack;
  const conversationId = await begin(live);
  const command = () => ({ conversationId, clientId: systemIds.uuid() });
  const act = { ed: { id: one.account.id, name: 'Ed' }, flo: { id: two.account.id, name: 'Flo' } };
  await live.handoff.take({ agent: act.ed, ...command() });
  let isDeaf = false;
  const desk = stack.agentClient({
    cookie: one.cookie,
    openSocket: () =>
      deafened(stack.raw('/ws/agent', { origin: stack.origin, cookie: one.cookie }), () => isDeaf),
  });
  desk.connect();
  await until(() => desk.getSnapshot().isInboxLoaded);
  desk.open(conversationId);
  await until(() => desk.getSnapshot().thread?.isLoaded);
  isDeaf = true;
  await live.handoff.handBack({ agent: act.ed, ...command() });
  await live.handoff.take({ agent: act.flo, ...command() });
  await live.handoff.reply({ agent: act.flo, text: 'It is on its way.', ...command() });
  await live.handoff.handBack({ agent: act.flo, ...command() });
  await live.handoff.take({ agent: act.ed, ...command() });
  isDeaf = false;
  desk.send('We have lost it.');
  const failed = await until(() => ownOf(desk).find((entry) => entry.outgoing?.status === 'failed'));
  await until(() => ownOf(desk).some((entry) => entry.text === 'It is on its way.'));
  desk.retry(failed.key);
  await until(() => ownOf(desk).find((entry) => entry.key === failed.key)?.outgoing?.status === 'delivered');
});

const ownOf = (desk: AgentClient) =>
  (desk.getSnapshot().thread?.entries ?? []).flatMap((entry) => (entry.kind === 'message' ? [entry] : []));

/** A socket on which events get lost while `isDeaf`. */
function deafened<Socket extends { onmessage: unknown }>(socket: Socket, isDeaf: () => boolean): Socket {
  return new Proxy(socket, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set(target, key, value: unknown) {
      if (key !== 'onmessage' || typeof value !== 'function') return Reflect.set(target, key, value);
      target.onmessage = (event: { data: unknown }) => {
        if (!isDeaf() || !String(event.data).includes('"event"')) value(event);
      };
      return true;
    },
  });
}
