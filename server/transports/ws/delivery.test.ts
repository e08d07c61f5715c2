import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../ports.ts';
import { visitorServerFrameSchema } from '../../protocol/visitor.ts';
import { systemIds } from '../../system.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { greet, listenRaw, seqsOf } from '../../testing/socket-raw.ts';
import type { RawFrame, RawSocket } from '../../testing/socket-raw.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';
import { defaultAllowances } from './keyed-limit.ts';

let database: Database;
let stack: SocketStack;

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  await addSite(database, 'other');
  const most = { burst: 1e6, perSecond: 1e6 };
  const message = { ...defaultAllowances.message, person: most };
  stack = await createSocketStack(database, { allowances: { message } });
});
afterAll(async () => {
  await stack?.close();
  await database?.close();
});

async function enter(token: string, site = 'default'): Promise<RawSocket> {
  const raw = listenRaw(stack.raw('/ws/visitor', { origin: stack.origin }));
  await greet(raw, token, site);
  return raw;
}

async function newcomer(site = 'default') {
  const session = await stack.openVisitor(site);
  return { ...session, raw: await enter(session.token, site) };
}

const uuid = () => systemIds.uuid();
const message = (conversationId: string, text: string, clientId = uuid()) => ({
  type: 'message-send',
  clientId,
  conversationId,
  text,
});
const resume = (conversationId: string, after = 0, epoch: string | null = null) => ({
  type: 'resume',
  conversationId,
  epoch,
  after,
});
const is = (type: string) => (frame: RawFrame) => frame.type === type;

async function acked(raw: RawSocket, frame: { clientId: string }): Promise<number> {
  raw.send(frame);
  const ack = await raw.next((got) => got.type === 'ack' && got['clientId'] === frame.clientId);
  return Number(ack['seq']);
}

describe('sending', () => {
  test('MSG-2 a repeat gets the same ack and makes nothing, on any connection, whatever it says', async () => {
    const { token, raw } = await newcomer();
    const id = uuid();
    const first = message(id, 'once');
    const seq = await acked(raw, first);
    const second = await enter(token);
    expect(await acked(second, { ...first, ...{ text: 'changed' } })).toBe(seq);
    const many = await enter(token);
    for (let index = 0; index < 5; index += 1) many.send(first);
    await until(() => many.frames.filter(is('ack')).length === 5);
    expect(new Set(many.frames.filter(is('ack')).map((ack) => ack['seq']))).toEqual(new Set([seq]));
    raw.send(resume(id));
    const resumed = visitorServerFrameSchema.parse(await raw.next(is('resumed')));
    if (resumed.type !== 'resumed') throw new Error('not resumed');
    expect(resumed.events.filter(({ body }) => body.type === 'message-added')).toHaveLength(1);
  });

  test('MSG-6 the first message, or the first call for a person, begins the conversation that it names', async () => {
    for (const begin of [
      (id: string) => message(id, 'Hello'),
      (id: string) => ({ type: 'handoff-request', clientId: uuid(), conversationId: id }),
    ]) {
      const { token, raw } = await newcomer();
      const id = uuid();
      raw.send(resume(id));
      expect(await raw.next(is('error'))).toMatchObject({ code: 'not-found', conversationId: id });
      expect(await acked(raw, begin(id))).toBe(1);
      const next = listenRaw(stack.raw('/ws/visitor', { origin: stack.origin }));
      expect(await greet(next, token)).toMatchObject({ conversationId: id });
    }
  });

  test('MSG-4 writers on many connections get numbers without gaps, in the same order for all readers', async () => {
    const { token, raw } = await newcomer();
    const id = uuid();
    await acked(raw, message(id, 'start'));
    const sockets = await Promise.all([1, 2, 3, 4].map(() => enter(token)));
    for (const socket of sockets) {
      socket.send(resume(id));
      await socket.next(is('resumed'));
    }
    for (let index = 0; index < 5; index += 1) {
      for (const [at, socket] of sockets.entries())
        socket.send(message(id, `m${String(at)}-${String(index)}`));
    }
    await until(() => sockets.every((socket) => socket.frames.filter(is('ack')).length === 5));
    const rows = await database.execute('select 1 from event where conversation_id = $1', [id]);
    await until(
      () => sockets.every((socket) => seqsOf(socket).at(-1) === rows),
      () => [rows, sockets.map(seqsOf)],
    );
    for (const socket of sockets)
      expect(seqsOf(socket)).toEqual(Array.from({ length: rows }, (_, i) => i + 1));
  });

  test('CON-7 every frame of the server fits the schemas', async () => {
    const { raw } = await newcomer();
    const id = uuid();
    await acked(raw, message(id, 'hello'));
    raw.send(resume(id));
    await raw.next(is('resumed'));
    raw.send({ type: 'handoff-request', clientId: uuid(), conversationId: id });
    raw.send({ type: 'handoff-request', clientId: uuid(), conversationId: id });
    raw.send({ type: 'ping' });
    raw.send(resume(uuid()));
    await raw.next(is('error'));
    await raw.next(is('nack'));
    await raw.next(is('pong'));
    for (const frame of raw.frames) expect(visitorServerFrameSchema.parse(frame)).toEqual(frame);
  });
});

describe('resuming', () => {
  test('RES-2 the known epoch gives the rest, anything else the whole log', async () => {
    const { raw } = await newcomer();
    const id = uuid();
    await acked(raw, message(id, 'one'));
    raw.send(resume(id));
    const whole = await raw.next(is('resumed'));
    expect(whole['mode']).toBe('snapshot');
    const epoch = String(whole['epoch']);
    const upTo = Number(whole['upTo']);
    const cases = [
      [resume(id, upTo - 1, epoch), 'replay', [upTo]],
      [resume(id, upTo, epoch), 'replay', []],
      [resume(id, upTo + 1, epoch), 'snapshot', seqsOf(raw)],
      [resume(id, upTo - 1, 'another'), 'snapshot', seqsOf(raw)],
      [resume(id, 1, null), 'snapshot', seqsOf(raw)],
    ] as const;
    for (const [frame, mode, seqs] of cases) {
      raw.frames.length = 0;
      raw.send(frame);
      const resumed = await raw.next(is('resumed'));
      expect(resumed).toMatchObject({ mode, upTo, epoch });
      expect(seqsOf(raw)).toEqual(seqs);
    }
  });

  test('RES-3 a long log comes whole and in order, though no frame holds it', async () => {
    const { raw, visitorId } = await newcomer();
    const id = uuid();
    await acked(raw, message(id, 'one'));
    await fill(id, 950);
    raw.send(resume(id));
    const resumed = await raw.next(is('resumed'));
    const total = Number(resumed['upTo']);
    expect(total).toBeGreaterThan(950);
    await until(
      () => seqsOf(raw).length === total,
      () => seqsOf(raw).length,
    );
    expect(seqsOf(raw)).toEqual(Array.from({ length: total }, (_, index) => index + 1));
    expect(visitorId).toBeTypeOf('string');
  });

  test('RES-4 what is written while a client resumes comes exactly once', async () => {
    const { token, raw } = await newcomer();
    const id = uuid();
    await acked(raw, message(id, 'start'));
    const readers: RawSocket[] = [];
    for (let round = 0; round < 8; round += 1) {
      const reader = await enter(token);
      readers.push(reader);
      const writing = acked(raw, message(id, `round ${String(round)}`));
      reader.send(resume(id));
      await writing;
    }
    const rows = await database.execute('select 1 from event where conversation_id = $1', [id]);
    const all = Array.from({ length: rows }, (_, index) => index + 1);
    await until(
      () => readers.every((reader) => seqsOf(reader).length >= rows),
      () => readers.map(seqsOf),
    );
    for (const reader of readers) expect(seqsOf(reader)).toEqual(all);
  });

  /** Makes the log longer without talking. */
  async function fill(id: string, count: number): Promise<void> {
    await database.execute(
      `insert into event (conversation_id, seq, at, body)
       select $1, last_seq + n, now(), '{"type":"conversation-reopened"}'
       from conversation, generate_series(1, $2::int) as n where id = $1`,
      [id, count],
    );
    await database.execute('update conversation set last_seq = last_seq + $2 where id = $1', [id, count]);
  }
});

describe('isolation', () => {
  test('SEE-1 another visitor, or the same person on another site, finds nothing, whatever ids they know', async () => {
    const owner = await newcomer();
    const id = uuid();
    const own = message(id, 'my secret order 4711');
    const seq = await acked(owner.raw, own);
    owner.raw.send(resume(id));
    await owner.raw.next(is('resumed'));
    const strangers = [await newcomer(), await newcomer('other')];
    for (const stranger of strangers) {
      stranger.raw.send(resume(id));
      const refused = await stranger.raw.next(is('error'));
      expect(refused).toMatchObject({ code: 'not-found', conversationId: id });
      for (const frame of [
        message(id, 'me too'),
        own,
        { type: 'handoff-request', clientId: uuid(), conversationId: id },
      ]) {
        stranger.raw.send(frame);
        const nack = await stranger.raw.next(
          (got) => got.type === 'nack' && got['clientId'] === Reflect.get(frame, 'clientId'),
        );
        expect(nack).toMatchObject({ code: 'not-found', retryAfterMs: null });
      }
      stranger.raw.send({ type: 'typing-set', conversationId: id, isTyping: true });
      stranger.raw.send({ type: 'seen-mark', conversationId: id, seq });
      stranger.raw.send({ type: 'answer-stop', conversationId: id, turnId: uuid() });
      await until(() => stranger.raw.frames.filter(is('error')).length === 3);
      expect(JSON.stringify(stranger.raw.frames)).not.toContain('4711');
    }
    const again = await acked(owner.raw, message(id, 'still mine'));
    await until(() => seqsOf(owner.raw).includes(again));
    expect(seqsOf(owner.raw)).toEqual(Array.from({ length: again + 1 }, (_, index) => index + 1));
    expect(owner.raw.frames.some(is('typing'))).toBe(false);
  });
});
