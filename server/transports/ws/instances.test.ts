import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../ports.ts';
import type { Thread } from '../../protocol/client.ts';
import { sessionRevokedChannel } from '../../services/access-revoked.ts';
import { systemIds } from '../../system.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { createTestWire } from '../../testing/socket-bus.ts';
import type { TestWire } from '../../testing/socket-bus.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import { greet, listenRaw } from '../../testing/socket-raw.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';
import { defaultSessionCheckMs } from './session-watch.ts';

let database: Database;
let wire: TestWire;
const stacks: SocketStack[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
});
afterEach(async () => {
  await Promise.all(stacks.splice(0).map((stack) => stack.close()));
});
afterAll(() => database?.close());

/** Two instances over one database and one bus. */
async function pair(timings = {}): Promise<[SocketStack, SocketStack]> {
  wire = createTestWire();
  const start = () => createSocketStack(database, { bus: wire.bus(), timings });
  const [first, second] = await Promise.all([start(), start()]);
  stacks.push(first, second);
  return [first, second];
}

interface Screen {
  getSnapshot(): { thread: Thread | null };
}
const texts = (screen: Screen): string[] =>
  (screen.getSnapshot().thread?.entries ?? []).flatMap((entry) =>
    entry.kind === 'message' ? [entry.text] : [],
  );
const state = (screen: Screen) => screen.getSnapshot().thread?.state;

async function talk(first: SocketStack, second: SocketStack) {
  const { token } = await first.openVisitor();
  const visitor = first.visitorClient({ token });
  visitor.connect();
  visitor.send('Hello?');
  const turn = await until(() => first.answers.turns.at(-1));
  const desk = second.agentClient(await second.addAgent('Ada'));
  desk.connect();
  await until(() => desk.getSnapshot().inbox.length > 0);
  const id = await until(() => visitor.getSnapshot().thread?.conversationId);
  desk.open(id);
  await until(() => desk.getSnapshot().thread?.isLoaded);
  return { visitor, token, desk, turn, id };
}

test('any instance serves any screen: the answer streams, the takeover stops it, replies arrive', async () => {
  const { visitor, desk, turn } = await talk(...(await pair()));
  turn.say('Well, ');
  turn.say('let me ');
  await until(() => texts(desk).includes('Well, let me '));
  desk.take();
  await until(() => state(visitor) === 'human');
  await until(() => turn.request.signal.aborted);
  expect(texts(visitor)).toEqual(['Hello?', 'Well, let me ']);
  desk.send('A person here.');
  await until(() => texts(visitor).includes('A person here.'));
  visitor.setTyping('I');
  await until(() => desk.getSnapshot().thread?.typing?.role === 'visitor');
});

test('RES-1 a screen that joins on the other instance in the middle gets the text from its start', async () => {
  const [first, second] = await pair();
  const { visitor, token, turn } = await talk(first, second);
  wire.lose = () => true;
  turn.say('Nobody else heard this, ');
  await until(() => texts(visitor).includes('Nobody else heard this, '));
  // the pieces go over the bus in bundles: let the lost one pass first
  await until(() => new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 80)));
  wire.lose = () => false;
  const tab = second.visitorClient({ token });
  tab.connect();
  await until(() => tab.getSnapshot().thread?.isLoaded);
  turn.say('but this.');
  await until(() => texts(tab).includes('Nobody else heard this, but this.'));
  turn.finish();
  await until(() => tab.getSnapshot().thread?.turn === null);
  expect(texts(tab)).toEqual(texts(visitor));
});

test('RES-6 with a bus that loses everything, screens and inbox still get it all, a little later', async () => {
  const { visitor, desk, turn, id } = await talk(...(await pair({ positionCheckMs: 150 })));
  wire.lose = () => true;
  turn.finish({ text: 'All there is to say.' });
  await until(() => texts(desk).includes('All there is to say.'));
  visitor.requestPerson();
  await until(() => desk.getSnapshot().inbox.find((line) => line.conversationId === id)?.state === 'waiting');
  desk.take();
  desk.send('Here I am.');
  await until(() => texts(visitor).includes('Here I am.'));
  expect(texts(visitor)).toEqual(texts(desk));
});

test('TRN-6 the turn of an instance that died is made again by another; when that dies too, a person is called', async () => {
  const [first, second] = await pair({ turnLeaseMs: 2_000, turnSweepMs: 200 });
  const { visitorId } = await first.openVisitor();
  const conversationId = systemIds.uuid();
  const visitor = { siteId: 'default', visitorId, name: 'V' };
  const clientId = systemIds.uuid();
  await first.live.converse.send({ visitor, conversationId, clientId, text: 'Is anybody there?' });
  const lost = await until(() => first.answers.turns[0]);
  stacks.splice(0, 1);
  await first.close();
  const again = await until(() => second.answers.turns[0]);
  expect(again.request).toMatchObject({ conversationId, question: 'Is anybody there?', history: [] });
  expect(again.request.turnId).not.toBe(lost.request.turnId);
  const third = await createSocketStack(database, {
    bus: wire.bus(),
    timings: { turnLeaseMs: 2_000, turnSweepMs: 200 },
  });
  stacks.splice(0, 1, third);
  await second.close();
  const isWaiting = `select 1 from conversation where id = $1 and state = 'waiting' and turn_id is null`;
  await until(async () => (await database.execute(isWaiting, [conversationId])) === 1);
  expect(third.answers.turns).toEqual([]);
});

test('CON-12 when a session ends, its sockets close on every instance, and only they', async () => {
  const [first, second] = await pair();
  const ada = await first.addAgent('Ada');
  const bo = await second.addAgent('Bo');
  const [adaOne, adaTwo, other] = [first.agentClient(ada), second.agentClient(ada), second.agentClient(bo)];
  for (const desk of [adaOne, adaTwo, other]) {
    desk.connect();
    await until(() => desk.getSnapshot().connection.status === 'online');
  }
  await wire.bus().publish(sessionRevokedChannel, { agentId: ada.account.id, sessionHash: null });
  for (const desk of [adaOne, adaTwo]) {
    await until(() => desk.getSnapshot().connection.status === 'refused');
    expect(desk.getSnapshot().connection).toEqual({ status: 'refused', reason: 'session-revoked' });
  }
  expect(other.getSnapshot().connection.status).toBe('online');
});

test('CON-12 C2 a session that ends is noticed on every instance though the bus loses the news', async () => {
  const [first, second] = await pair();
  const ada = await first.addAgent('Ada');
  const bo = await first.addAgent('Bo');
  const desks = [first.agentClient(ada), second.agentClient(ada)];
  const other = second.agentClient(bo);
  for (const desk of [...desks, other]) {
    desk.connect();
    await until(() => desk.getSnapshot().connection.status === 'online');
  }
  wire.lose = () => true;
  await database.execute('delete from agent_session where agent_id = $1', [ada.account.id]);
  await until(() => desks.every((desk) => desk.getSnapshot().connection.status === 'refused'));
  expect(other.getSnapshot().connection.status).toBe('online');
  // with the check every 1.5 s, ends are noticed within the 2 s of case C2
  expect(defaultSessionCheckMs).toBeLessThanOrEqual(1_500);
});

test('SIG-3 visitors hear whether agents are there, over all instances', async () => {
  const [first, second] = await pair();
  const { token } = await first.openVisitor();
  const visitor = first.visitorClient({ token });
  visitor.connect();
  await until(() => visitor.getSnapshot().agents === 'offline');
  const desk = second.agentClient(await second.addAgent('Ada'));
  desk.connect();
  await until(() => visitor.getSnapshot().agents === 'online');
  desk.setPresence('away');
  await until(() => visitor.getSnapshot().agents === 'away');
  desk.close();
  await until(() => visitor.getSnapshot().agents === 'offline');
});

test('CON-10 a server that goes away tells its clients when to come back, and takes nobody new', async () => {
  const [first] = await pair();
  const { token } = await first.openVisitor();
  const visitor = first.visitorClient({
    token,
    openSocket: () => first.raw('/ws/visitor', { origin: first.origin }),
  });
  // A refused attempt is over too soon to be seen by looking now and then.
  const states: string[] = [];
  visitor.subscribe(() => {
    const { status } = visitor.getSnapshot().connection;
    if (states.at(-1) !== status) states.push(status);
  });
  visitor.connect();
  await until(() => states.at(-1) === 'online');
  await first.sockets.drain();
  await until(() => states.at(-1) === 'waiting');
  expect(first.sockets.count()).toEqual({ visitors: 0, agents: 0 });
  await until(() =>
    states.slice(states.indexOf('online')).join(' ').startsWith('online waiting connecting waiting'),
  );
});

test('CON-10 G3 all who are connected hear when to come back, spread over time, and are closed with 1012', async () => {
  const [first] = await pair();
  const { token } = await first.openVisitor();
  const sockets = await Promise.all(
    Array.from({ length: 60 }, async () => {
      const raw = listenRaw(first.raw('/ws/visitor', { origin: first.origin }));
      await greet(raw, token);
      return raw;
    }),
  );
  await first.sockets.drain();
  const closes = await Promise.all(sockets.map(({ closed }) => closed));
  expect(new Set(closes.map(({ code }) => code))).toEqual(new Set([1012]));
  const delays = sockets.map(({ frames }) =>
    Number(frames.find(({ type }) => type === 'draining')?.['reconnectAfterMs']),
  );
  expect(Math.max(...delays)).toBeLessThan(1_000);
  expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(300);
  expect(await listenRaw(first.raw('/ws/visitor', { origin: first.origin })).status).toBe(503);
});
