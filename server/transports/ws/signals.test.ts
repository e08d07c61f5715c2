import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../ports.ts';
import { agentServerFrameSchema } from '../../protocol/agent.ts';
import type { AgentClient } from '../../protocol/client.ts';
import { createTypingPreview } from '../../services/typing-preview.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { createTestWire } from '../../testing/socket-bus.ts';
import { greet, listenRaw } from '../../testing/socket-raw.ts';
import type { RawSocket } from '../../testing/socket-raw.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';

let database: Database;
const stacks: SocketStack[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  await addSite(database, 'open');
  await addSite(database, 'changing');
  await setPreview('open', true);
});
afterEach(async () => {
  await Promise.all(stacks.splice(0).map((stack) => stack.close()));
});
afterAll(() => database?.close());

const setPreview = (site: string, isOn: boolean) =>
  database.execute('update site set settings = $2::jsonb where id = $1', [
    site,
    JSON.stringify({ typingPreview: isOn }),
  ]);

/** Two instances over one database and one bus. */
async function pair(timings = {}): Promise<[SocketStack, SocketStack]> {
  const wire = createTestWire();
  const start = () => createSocketStack(database, { bus: wire.bus(), timings });
  const [first, second] = await Promise.all([start(), start()]);
  stacks.push(first, second);
  return [first, second];
}

/** A visitor of one instance with a conversation that an agent of the other has on screen. */
async function scene(site: string, timings = {}) {
  const [first, second] = await pair(timings);
  const { token, visitorId } = await first.openVisitor(site);
  const visitor = first.visitorClient({ token, site });
  visitor.connect();
  visitor.send('Hello?');
  await until(() => (visitor.getSnapshot().thread?.lastSeq ?? 0) >= 2);
  const conversationId = await until(() => visitor.getSnapshot().thread?.conversationId);
  const desk = second.agentClient(await second.addAgent('Ada'));
  desk.connect();
  await until(() => lineOf(desk, conversationId));
  desk.open(conversationId);
  await until(() => desk.getSnapshot().thread?.isLoaded);
  return { first, second, token, visitorId, visitor, desk, conversationId };
}

const lineOf = (desk: AgentClient, id: string) =>
  desk.getSnapshot().inbox.find((line) => line.conversationId === id);
const typingOf = (desk: AgentClient) => desk.getSnapshot().thread?.typing;

test('SIG-5 by default agents see that a visitor types, never what, whatever the visitor sends', async () => {
  const { first, visitor, desk, token, conversationId } = await scene('default');
  expect(visitor.getSnapshot().isTypingShown).toBe(false);
  visitor.setTyping('my secret');
  await until(() => typingOf(desk)?.role === 'visitor');
  expect(typingOf(desk)?.text).toBeNull();
  visitor.setTyping('');
  await until(() => typingOf(desk) === null);
  const raw = listenRaw(first.raw('/ws/visitor', { origin: first.origin }));
  await greet(raw, token);
  raw.send({ type: 'resume', conversationId, epoch: null, after: 0 });
  await raw.next((frame) => frame.type === 'resumed');
  raw.send({ type: 'typing-set', conversationId, isTyping: true, text: 'my secret' });
  await until(() => typingOf(desk)?.role === 'visitor');
  expect(typingOf(desk)?.text).toBeNull();
});

test('SIG-5 where the site wants it, the visitor is told and agents see the text until it is sent or left', async () => {
  const { first, token, visitor, desk, conversationId } = await scene('open');
  await until(() => visitor.getSnapshot().isTypingShown);
  const otherTab = listenRaw(first.raw('/ws/visitor', { origin: first.origin }));
  await greet(otherTab, token, 'open');
  otherTab.send({ type: 'resume', conversationId, epoch: null, after: 0 });
  await otherTab.next((frame) => frame.type === 'resumed');
  visitor.setTyping('Where');
  await until(() => typingOf(desk)?.text === 'Where');
  visitor.setTyping('Where is ');
  visitor.setTyping('Where is my parcel');
  await until(() => typingOf(desk)?.text === 'Where is my parcel');
  visitor.setTyping(`${'x'.repeat(900)}end`);
  await until(() => typingOf(desk)?.text?.endsWith('end'));
  expect(typingOf(desk)?.text).toHaveLength(500);
  visitor.send('Where is my parcel?');
  await until(() => typingOf(desk) === null);
  desk.setTyping(true);
  await otherTab.next((frame) => frame.type === 'typing' && frame['role'] === 'agent');
  expect(otherTab.frames.filter((frame) => frame['role'] === 'visitor')).toEqual([]);
});

test('SIG-5 the server drops text of a visitor who was not told, and for a site that wants it no more', async () => {
  const { first, token, desk, conversationId } = await scene('changing');
  const enter = async () => {
    const raw = listenRaw(first.raw('/ws/visitor', { origin: first.origin }));
    const { isTypingShown } = await greet(raw, token, 'changing');
    raw.send({ type: 'resume', conversationId, epoch: null, after: 0 });
    await raw.next((frame) => frame.type === 'resumed');
    return { raw, isTypingShown };
  };
  /** What the agent sees of a text. */
  const shown = async ({ raw }: { raw: RawSocket }, text: string) => {
    raw.send({ type: 'typing-set', conversationId, isTyping: true, text });
    await until(() => typingOf(desk)?.role === 'visitor');
    const seen = typingOf(desk)?.text;
    raw.send({ type: 'typing-set', conversationId, isTyping: false });
    await until(() => typingOf(desk) === null);
    return seen;
  };
  const change = async (isOn: boolean) => {
    await setPreview('changing', isOn);
    await until(async () => (await first.live.typingPreview.isOn('changing')) === isOn);
  };
  const untold = await enter();
  await change(true);
  expect(untold.isTypingShown).toBe(false);
  expect(await shown(untold, 'my secret')).toBeNull();
  const told = await enter();
  expect(told.isTypingShown).toBe(true);
  expect(await shown(told, 'for your eyes')).toBe('for your eyes');
  await change(false);
  expect(await shown(told, 'my secret')).toBeNull();
}, 60_000);

test('SIG-5 a site that changes its mind is obeyed within five seconds', async () => {
  let now = 0;
  const preview = createTypingPreview({ db: database, clock: { now: () => now } });
  expect(await preview.isOn('open')).toBe(true);
  await setPreview('open', false);
  now = 5_001;
  expect(await preview.isOn('open')).toBe(false);
  await setPreview('open', true);
});

test('SIG-6 agents of every instance see whether the visitor is there; a reload is no coming and going', async () => {
  const { first, second, token, visitorId, visitor, desk, conversationId } = await scene('default', {
    visitorGraceMs: 1_500,
  });
  const isOnline = () => lineOf(desk, conversationId)?.isVisitorOnline;
  const seen: (boolean | undefined)[] = [];
  desk.subscribe(() => void (seen.at(-1) === isOnline() || seen.push(isOnline())));
  await until(() => isOnline() === true);
  visitor.close();
  const reloaded = first.visitorClient({ token });
  reloaded.connect();
  const elsewhere = second.visitorClient({ token });
  elsewhere.connect();
  const rows = () => database.execute('select 1 from visitor_presence where visitor_id = $1', [visitorId]);
  await until(async () => (await rows()) === 2);
  reloaded.close();
  await until(async () => (await rows()) === 1);
  expect(isOnline()).toBe(true);
  expect(seen.filter((state) => state === false)).toEqual([]);
  elsewhere.close();
  await until(() => isOnline() === false);
});

test('SIG-6 what the bus loses is found at the next look; visitors of a dead instance are not there', async () => {
  const wire = createTestWire();
  wire.lose = (_channel, message) =>
    typeof message === 'object' && message !== null && Reflect.get(message, 'type') === 'visitors-changed';
  const timings = { visitorGraceMs: 50, presenceRenewMs: 200 };
  const [first, second] = await Promise.all(
    [1, 2].map(() => createSocketStack(database, { bus: wire.bus(), timings })),
  );
  if (first === undefined || second === undefined) throw new Error('no instances');
  stacks.push(first, second);
  const { token, visitorId } = await first.openVisitor();
  const visitor = first.visitorClient({ token });
  visitor.connect();
  visitor.send('Hello?');
  const desk = second.agentClient(await second.addAgent('Bo'));
  desk.connect();
  const line = await until(() => desk.getSnapshot().inbox.find((one) => one.visitorId === visitorId));
  const isOnline = () => lineOf(desk, line.conversationId)?.isVisitorOnline;
  await until(() => isOnline() === true);
  visitor.close();
  await until(() => isOnline() === false);
  const dead = '01900000-0000-7000-8000-00000000dead';
  await database.execute("insert into live_instance values ($1, now() + interval '1 hour')", [dead]);
  await database.execute('insert into visitor_presence values ($1, $2)', [visitorId, dead]);
  await until(() => isOnline() === true);
  await database.execute('update live_instance set expires_at = now() where id = $1', [dead]);
  await until(() => isOnline() === false);
});

test('SIG-3 an agent whose instance died is offline when their presence runs out', async () => {
  const [first] = await pair({ presenceRenewMs: 100 });
  const { account } = await first.addAgent('Cy');
  await database.execute(
    `insert into agent_presence (agent_id, instance_id, presence, expires_at)
     values ($1, $1, 'online', now() + interval '1 hour')`,
    [account.id],
  );
  const { token } = await first.openVisitor();
  const visitor = first.visitorClient({ token });
  visitor.connect();
  await until(() => visitor.getSnapshot().agents === 'online');
  await database.execute('update agent_presence set expires_at = now() where agent_id = $1', [account.id]);
  await until(() => visitor.getSnapshot().agents === 'offline');
});

test('SIG-4 an agent gets the inbox after the welcome, then each change, numbered by its log', async () => {
  const { second, visitor, conversationId } = await scene('default');
  const { cookie } = await second.addAgent('Di');
  const raw = listenRaw(second.raw('/ws/agent', { origin: second.origin, cookie }));
  await greet(raw);
  await raw.next((frame) => frame.type === 'inbox');
  const linesOf = () =>
    raw.frames
      .map((frame) => agentServerFrameSchema.parse(frame))
      .flatMap((frame) => {
        if (frame.type === 'inbox') return frame.conversations;
        return frame.type === 'inbox-changed' ? [frame.conversation] : [];
      })
      .filter((line) => line.conversationId === conversationId);
  expect(linesOf()).toMatchObject([{ state: 'ai' }]);
  visitor.requestPerson();
  await until(() => linesOf().at(-1)?.state === 'waiting');
  visitor.send('Anybody?');
  await until(() => linesOf().at(-1)?.preview === 'Anybody?');
  const seqs = linesOf().map(({ lastSeq }) => lastSeq);
  expect(seqs).toEqual([...seqs].sort((left, right) => left - right));
  expect(seqs.at(-1)).toBe(visitor.getSnapshot().thread?.lastSeq);
});

test('SIG-3 an agent who stays is there for as long as their instance says so', async () => {
  const { visitor, second } = await scene('default', { presenceRenewMs: 100 });
  await until(() => visitor.getSnapshot().agents === 'online');
  const { instanceId } = second.live.hub;
  await database.execute('update agent_presence set expires_at = now() where instance_id = $1', [instanceId]);
  const renewed = `select 1 from agent_presence where instance_id = $1 and expires_at > now() + interval '20 seconds'`;
  await until(async () => (await database.execute(renewed, [instanceId])) === 1);
  await until(() => visitor.getSnapshot().agents === 'online');
});

test('SIG-1 typing that is not repeated ends, by the server, on every instance', async () => {
  const { first, desk, token, conversationId } = await scene('default', { typingLifeMs: 400 });
  const raw = listenRaw(first.raw('/ws/visitor', { origin: first.origin }));
  await greet(raw, token);
  raw.send({ type: 'resume', conversationId, epoch: null, after: 0 });
  await raw.next((frame) => frame.type === 'resumed');
  raw.send({ type: 'typing-set', conversationId, isTyping: true });
  await until(() => typingOf(desk)?.role === 'visitor');
  await until(() => typingOf(desk) === null);
});
