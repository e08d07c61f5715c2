import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../ports.ts';
import { visitorServerFrameSchema } from '../../protocol/visitor.ts';
import { createLogFeed } from '../../services/log-feed.ts';
import { createLogReader } from '../../services/log-reader.ts';
import { findConversation } from '../../store/conversation.ts';
import { listEvents } from '../../store/event.ts';
import { systemIds } from '../../system.ts';
import { createTestDatabase, testDatabaseUrl } from '../../testing/database.ts';
import { silentLogger } from '../../testing/deps.ts';
import { createTestWire } from '../../testing/socket-bus.ts';
import { greet, listenRaw } from '../../testing/socket-raw.ts';
import type { RawSocket } from '../../testing/socket-raw.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';

let database: Database;
const stacks: SocketStack[] = [];
const isReal = testDatabaseUrl !== null;

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

async function instances(databases: readonly Database[]): Promise<SocketStack[]> {
  const wire = createTestWire();
  for (const db of databases) {
    stacks.push(await createSocketStack(db, { bus: wire.bus(), allowances: unlimited }));
  }
  return [...stacks];
}

function at(all: readonly SocketStack[], index: number): SocketStack {
  const stack = all[index];
  if (stack === undefined) throw new Error('no such instance');
  return stack;
}

/** A repeatable source of numbers in [0, 1). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A conversation in which the AI stays silent. */
async function quietConversation(stack: SocketStack) {
  const { visitorId, token } = await stack.openVisitor();
  const conversationId = systemIds.uuid();
  const visitor = { siteId: 'default', visitorId, name: 'V' };
  await stack.live.converse.requestPerson({ visitor, conversationId, clientId: systemIds.uuid() });
  const say = (text: string, on = stack) =>
    on.live.converse.send({ visitor, conversationId, clientId: systemIds.uuid(), text });
  return { visitorId, token, conversationId, say };
}

function seqsIn(frame: object): number[] {
  const parsed = visitorServerFrameSchema.parse(frame);
  if (parsed.type === 'resumed') return parsed.events.map((event) => event.seq);
  return parsed.type === 'event' ? [parsed.event.seq] : [];
}
const seqsOf = (raw: RawSocket): number[] => raw.frames.flatMap(seqsIn);
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
async function follow(stack: SocketStack, token: string, conversationId: string): Promise<RawSocket> {
  const raw = listenRaw(stack.raw('/ws/visitor', { origin: stack.origin }));
  await greet(raw, token);
  raw.send({ type: 'resume', conversationId, epoch: null, after: 0 });
  await raw.next((frame) => frame.type === 'resumed');
  return raw;
}

/** The database with a pause of a few turns of the event loop before and after every read. */
function hesitant(whole: Database, random: () => number): Database {
  const dawdle = async () => {
    for (let turns = Math.floor(random() * 4); turns > 0; turns -= 1)
      await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    ...whole,
    async query(text, values, row) {
      await dawdle();
      const rows = await whole.query(text, values, row);
      await dawdle();
      return rows;
    },
  };
}

/** Moments of writing that are tried. */
const schedules = isReal ? 400 : 200;
const schedulesPerLog = 40;

test('H3 RES-4 whatever the moment of a write, who begins to follow gets every event once and in order', async () => {
  const stack = at(await instances([database]), 0);
  const random = numbers(3);
  const db = hesitant(database, random);
  const read = (id: string) => findConversation(db, id);
  const readLog = createLogReader(db);
  const deps = { readLog, hub: stack.live.hub, logger: silentLogger, findConversation: read };
  for (let log = 0; log < schedules / schedulesPerLog; log += 1) {
    const { conversationId, say } = await quietConversation(stack);
    const epoch = (await findConversation(database, conversationId))?.epoch ?? null;
    let lastSeq = 1;
    for (let schedule = 0; schedule < schedulesPerLog; schedule += 1) {
      const got: number[] = [];
      const after = Math.floor(random() * lastSeq);
      const request = { conversationId, epoch, after, visitorId: null, view: same };
      const feed = createLogFeed(deps, request, {
        send: (frame) => void got.push(...seqsIn(frame)),
        ...sinkOf(random),
      });
      const writes = 1 + Math.floor(random() * 2);
      await Promise.all([feed.start(), pauseThenWrite(random, writes, () => say('x'))]);
      lastSeq += writes;
      await until(
        () => got.at(-1) === lastSeq,
        () => ({ schedule, got, after, lastSeq }),
      );
      feed.stop();
      expect(got).toEqual(upTo(lastSeq).slice(after));
    }
  }
}, 300_000);

const same = <Item>(item: Item): Item => item;
const sinkOf = (random: () => number) => ({ isBusy: () => random() < 0.2, ready: () => Promise.resolve() });

async function pauseThenWrite(
  random: () => number,
  writes: number,
  write: () => Promise<unknown>,
): Promise<void> {
  for (let turns = Math.floor(random() * 6); turns > 0; turns -= 1)
    await new Promise((resolve) => setImmediate(resolve));
  for (let index = 0; index < writes; index += 1) await write();
}

test('H4 MSG-4 a slow commit is not overtaken: who has a number has every number below it', async () => {
  const slow: Database = {
    ...database,
    transaction: (work) =>
      database.transaction(async (tx) => {
        const result = await work(tx);
        await new Promise((resolve) => setTimeout(resolve, 120));
        return result;
      }),
  };
  const all = await instances([slow, database]);
  const [tortoise, hare] = [at(all, 0), at(all, 1)];
  const { token, conversationId, say } = await quietConversation(hare);
  const reader = await follow(hare, token, conversationId);
  for (let round = 0; round < 5; round += 1) {
    const lower = say('slow', tortoise);
    // the lower number is given, and not committed yet
    await new Promise((resolve) => setTimeout(resolve, 40));
    const higher = await say('fast', hare);
    expect(higher.ok).toBe(true);
    const lastSeq = higher.ok ? higher.seq : 0;
    const visible = await listEvents(database, { conversationId, after: 0, upTo: lastSeq, limit: 1_000 });
    expect(visible.map(({ seq }) => seq)).toEqual(upTo(lastSeq));
    await lower;
  }
  await until(() => seqsOf(reader).length === 11);
  expect(seqsOf(reader)).toEqual(upTo(11));
});

test('H5 MSG-4 fifty writers over three instances: no gaps, and the same order for every reader', async () => {
  const all = await instances([database, database, database]);
  const { token, conversationId } = await quietConversation(at(all, 0));
  const writers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => follow(at(all, index % 3), token, conversationId)),
  );
  const each = 4;
  for (let round = 0; round < each; round += 1) {
    for (const [index, writer] of writers.entries()) {
      const text = `${String(index)}/${String(round)}`;
      writer.send({ type: 'message-send', clientId: systemIds.uuid(), conversationId, text });
    }
  }
  const total = 1 + 50 * each;
  await until(
    () => writers.every((writer) => writer.frames.filter(({ type }) => type === 'event').length >= total - 1),
    () => writers.map((writer) => writer.frames.length),
  );
  const orders = writers.map((writer) =>
    writer.frames.flatMap((frame) => (frame.type === 'event' ? [JSON.stringify(frame)] : [])),
  );
  for (const [index, writer] of writers.entries()) {
    expect(seqsOf(writer)).toEqual(upTo(total));
    expect(orders[index]).toEqual(orders[0]);
  }
});
