import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../ports.ts';
import { systemIds } from '../../system.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { greet, listenRaw, seqsOf } from '../../testing/socket-raw.ts';
import type { RawFrame, RawSocket } from '../../testing/socket-raw.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';
import { defaultAllowances } from './keyed-limit.ts';

let database: Database;
let stack: SocketStack;
/** An instance on which nobody earns anything while the test runs, however long that takes. */
let strict: SocketStack;
const few = (burst: number) => ({ burst, perSecond: 0.001 });

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  stack = await createSocketStack(database);
  const { message, resume } = defaultAllowances;
  const allowances = {
    message: { ...message, person: few(12) },
    resume: { ...resume, person: few(60) },
  };
  strict = await createSocketStack(database, { allowances });
});
afterAll(async () => {
  await strict?.close();
  await stack?.close();
  await database?.close();
});

const uuid = () => systemIds.uuid();
const is = (type: string) => (frame: RawFrame) => frame.type === type;

async function enter(token: string, on = stack): Promise<RawSocket> {
  const raw = listenRaw(on.raw('/ws/visitor', { origin: on.origin }));
  await greet(raw, token);
  return raw;
}

const message = (conversationId: string) => ({
  type: 'message-send',
  clientId: uuid(),
  conversationId,
  text: 'Hello there',
});

/** Sends one message as a visitor of their own and waits until it is kept. */
async function talk(): Promise<void> {
  const raw = await enter((await stack.openVisitor()).token);
  raw.send(message(uuid()));
  await raw.next(is('ack'));
  raw.socket.terminate();
}

/** A conversation whose log has this many long messages. */
async function longConversation(token: string, count: number): Promise<string> {
  const raw = await enter(token);
  const id = uuid();
  raw.send(message(id));
  await raw.next(is('ack'));
  raw.socket.terminate();
  const body = {
    type: 'message-added',
    messageId: uuid(),
    author: { role: 'agent', id: uuid(), name: 'Ada' },
  };
  const rest = { text: 'x'.repeat(4_000), citations: [], status: 'complete', turnId: null, answer: null };
  await database.execute(
    `insert into event (conversation_id, seq, at, body)
     select $1, last_seq + n, now(), $3::jsonb from conversation, generate_series(1, $2::int) as n where id = $1`,
    [id, count, JSON.stringify({ ...body, ...rest })],
  );
  await database.execute('update conversation set last_seq = last_seq + $2 where id = $1', [id, count]);
  return id;
}

test('I2 CON-11 readers that stop are closed at their backlog; others are served, and they resume later', async () => {
  const { token } = await stack.openVisitor();
  const conversationId = await longConversation(token, 195);
  const resume = { type: 'resume', conversationId, epoch: null, after: 0 };
  const readers = await Promise.all(Array.from({ length: 5 }, () => enter(token)));
  const before = stack.sockets.count().visitors;
  for (const reader of readers) {
    reader.socket.pause();
    // each answer has some 500 kB; the kernel takes several megabytes before the server keeps any
    for (let times = 0; times < 18; times += 1) reader.send(resume);
  }
  await until(() => stack.sockets.count().visitors === before - readers.length);
  await talk();
  const back = await enter(token);
  back.send(resume);
  const { upTo } = await back.next(is('resumed'));
  await until(() => seqsOf(back).length === Number(upTo));
  expect(seqsOf(back)).toEqual(Array.from({ length: Number(upTo) }, (_, index) => index + 1));
}, 120_000);

describe('I3 floods', () => {
  test('I3 one that sends as fast as it can is refused, then cut off; others are served', async () => {
    const { token, visitorId } = await stack.openVisitor();
    const flooder = await enter(token, strict);
    const id = uuid();
    for (let index = 0; index < 5_000; index += 1) flooder.send(message(id));
    expect(await flooder.closed).toEqual({ code: 4008, reason: 'rate-limited' });
    await talk();
    const kept = await database.execute(
      `select 1 from event e join conversation c on c.id = e.conversation_id
       where c.visitor_id = $1 and e.client_id is not null`,
      [visitorId],
    );
    expect(kept).toBeLessThanOrEqual(12);
  });

  test('I3 many tabs of one visitor share an allowance', async () => {
    const { token } = await stack.openVisitor();
    const tabs = await Promise.all(Array.from({ length: 20 }, () => enter(token, strict)));
    const id = uuid();
    for (const tab of tabs) for (let index = 0; index < 10; index += 1) tab.send(message(id));
    await until(() =>
      tabs.every((tab) => tab.frames.filter((f) => f.type === 'ack' || f.type === 'nack').length >= 10),
    );
    const refused = tabs.flatMap((tab) => tab.frames.filter(is('nack')));
    expect(refused).toHaveLength(20 * 10 - 12);
    expect(new Set(refused.map((nack) => nack['code']))).toEqual(new Set(['rate-limited']));
    for (const tab of tabs) tab.socket.terminate();
    await talk();
  });

  test('I3 what is asked for too often by one visitor over all tabs is not read', async () => {
    const { token } = await stack.openVisitor();
    const conversationId = await longConversation(token, 1);
    const tabs = await Promise.all(Array.from({ length: 10 }, () => enter(token, strict)));
    const resume = { type: 'resume', conversationId, epoch: null, after: 0 };
    for (const tab of tabs) for (let index = 0; index < 18; index += 1) tab.send(resume);
    await until(() =>
      tabs.some((tab) => tab.frames.some((f) => f.type === 'error' && f['code'] === 'rate-limited')),
    );
    for (const tab of tabs) tab.socket.terminate();
  });
});

describe('I5 one frame cannot hold the others up', () => {
  const deep = '['.repeat(32_000) + ']'.repeat(32_000);
  const nested = '{"type":'.repeat(6_000) + '1' + '}'.repeat(6_000);
  test.each([
    ['1 MB of JSON', JSON.stringify({ type: 'message-send', text: 'x'.repeat(1_000_000) }), 1009],
    ['lists in lists', deep, 4006],
    ['objects in objects', nested, 4006],
    [
      'thousands of keys',
      JSON.stringify(Object.fromEntries(Array.from({ length: 6_000 }, (_, i) => [`k${String(i)}`, 1]))),
      4006,
    ],
    ['one long number', `{"type":${'1'.repeat(60_000)}}`, 4006],
  ])('I5 %s ends its own connection', async (_name, text, code) => {
    const raw = await enter((await stack.openVisitor()).token);
    raw.send(text);
    expect((await raw.closed).code).toBe(code);
    await talk();
  });

  test.each(['[', '*', '<', '`', '\\'])(
    'I5 a message of nothing but %s is kept like any other',
    async (unit) => {
      const raw = await enter((await stack.openVisitor()).token);
      raw.send({ ...message(uuid()), text: unit.repeat(4_000) });
      await raw.next(is('ack'));
      raw.socket.terminate();
    },
  );
});
