import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Database } from '../../ports.ts';
import type { Thread, VisitorClient } from '../../protocol/client.ts';
import { systemIds } from '../../system.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { createTestWire } from '../../testing/socket-bus.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';

let database: Database;
const stacks: SocketStack[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
});
afterEach(async () => {
  await Promise.all(stacks.splice(0).map((stack) => stack.close()));
});
afterAll(() => database?.close());

const most = { burst: 1e6, perSecond: 1e6 };
const everyone = { person: most, address: most, site: most };
const unlimited = { connect: most, message: everyone, resume: everyone, signal: everyone };

async function instance(options = {}): Promise<SocketStack> {
  const stack = await createSocketStack(database, { allowances: unlimited, ...options });
  stacks.push(stack);
  return stack;
}

/** A visitor in a conversation without the AI, on a line that the test holds. */
async function onALine(stack: SocketStack) {
  const { token, visitorId } = await stack.openVisitor();
  const conversationId = systemIds.uuid();
  const actor = { visitor: { siteId: 'default', visitorId, name: 'V' }, conversationId };
  await stack.live.converse.requestPerson({ ...actor, clientId: systemIds.uuid() });
  const sockets: WebSocket[] = [];
  const frames: { type: string; mode?: string; events?: unknown[] }[] = [];
  let target = stack;
  let isDown = false;
  const visitor = stack.visitorClient({
    token,
    conversationId,
    random: () => 0.05,
    openSocket() {
      if (isDown) throw new Error('There is no network.');
      const socket = new WebSocket(`${target.url}/ws/visitor?site=default`, { origin: target.origin });
      socket.on('message', (data) => frames.push(JSON.parse(data.toString())));
      sockets.push(socket);
      return socket;
    },
  });
  visitor.connect();
  await until(() => visitor.getSnapshot().thread?.isLoaded);
  return {
    token,
    visitor,
    conversationId,
    frames,
    sockets,
    say: (text: string, on = target) => on.live.converse.send({ ...actor, clientId: systemIds.uuid(), text }),
    async cut() {
      isDown = true;
      sockets.at(-1)?.terminate();
      await until(() => visitor.getSnapshot().connection.status !== 'online');
      frames.length = 0;
      sockets.length = 0;
    },
    async restore(to = target) {
      target = to;
      isDown = false;
      await until(() => visitor.getSnapshot().connection.status === 'online');
      await until(() => frames.some((frame) => frame.type === 'resumed'));
    },
  };
}

const shown = (client: VisitorClient): Thread | null => client.getSnapshot().thread;
const entries = (client: VisitorClient) => JSON.stringify(shown(client)?.entries);

/** What somebody sees who loads the conversation now. */
async function freshView(stack: SocketStack, token: string, conversationId: string, lastSeq: number) {
  const fresh = stack.visitorClient({ token, conversationId });
  fresh.connect();
  await until(() => shown(fresh)?.lastSeq === lastSeq);
  return fresh;
}

const absences: [string, number, string][] = [
  ['a second, nothing happened', 0, 'replay'],
  ['two minutes, a little happened', 3, 'replay'],
  ['an hour, more happened than one page holds', 260, 'replay'],
  ['forty days, and the server has another epoch', 5, 'snapshot'],
];

test.each(absences)(
  'H2 RES-2 after %s: in one reconnect the view of a fresh load',
  async (_name, count, mode) => {
    const stack = await instance();
    const line = await onALine(stack);
    await line.say('before');
    await until(() => shown(line.visitor)?.lastSeq === 2);
    await line.cut();
    const say = async (from: number) => {
      for (let index = from; index < count; index += 5) await line.say(`away ${String(index)}`);
    };
    await Promise.all([0, 1, 2, 3, 4].map(say));
    await stack.sockets.close();
    const next = await instance();
    if (mode === 'snapshot') await rewriteLog(line.conversationId);
    const lastSeq = await lastSeqOf(line.conversationId);
    await line.restore(next);
    await until(() => shown(line.visitor)?.lastSeq === lastSeq);
    const fresh = await freshView(next, line.token, line.conversationId, lastSeq);
    expect(entries(line.visitor)).toBe(entries(fresh));
    expect(line.sockets).toHaveLength(1);
    const resumed = line.frames.filter((frame) => frame.type === 'resumed');
    expect(resumed).toHaveLength(1);
    expect(resumed[0]).toMatchObject({ mode });
  },
);

async function lastSeqOf(id: string): Promise<number> {
  return database.execute('select 1 from event where conversation_id = $1', [id]);
}

/** What a restored backup may do: other events under the same numbers, and another epoch. */
async function rewriteLog(id: string): Promise<void> {
  await database.execute('delete from event where conversation_id = $1 and seq > 4', [id]);
  await database.execute(
    `update event set body = jsonb_set(body, '{text}', '"another past"')
     where conversation_id = $1 and body->>'type' = 'message-added'`,
    [id],
  );
  await database.execute("update conversation set last_seq = 4, epoch = 'restored' where id = $1", [id]);
}

test('H6 RES-5 five reconnects with nothing new bring nothing twice', async () => {
  const stack = await instance();
  const line = await onALine(stack);
  for (const text of ['one', 'two', 'three']) await line.say(text);
  await until(() => shown(line.visitor)?.lastSeq === 4);
  const before = entries(line.visitor);
  for (let round = 0; round < 5; round += 1) {
    await line.cut();
    await line.restore();
    const resumed = line.frames.filter((frame) => frame.type === 'resumed');
    expect(resumed).toMatchObject([{ mode: 'replay', events: [] }]);
  }
  expect(entries(line.visitor)).toBe(before);
  expect(line.frames.filter((frame) => frame.type === 'event')).toEqual([]);
});

test('H7 RES-6 with every twentieth message of the bus lost, every screen has everything soon', async () => {
  const wire = createTestWire();
  let count = 0;
  wire.lose = () => (count += 1) % 20 === 7;
  const options = () => ({ bus: wire.bus(), timings: { positionCheckMs: 300 } });
  const [one, two] = [await instance(options()), await instance(options())];
  const line = await onALine(one);
  const other = await freshView(two, line.token, line.conversationId, 1);
  for (let index = 0; index < 60; index += 1)
    await line.say(`m${String(index)}`, index % 2 === 0 ? one : two);
  await until(() => [line.visitor, other].every((screen) => shown(screen)?.lastSeq === 61));
  expect(entries(other)).toBe(entries(line.visitor));
  expect(shown(other)?.entries.filter((entry) => entry.kind === 'message')).toHaveLength(60);
});
