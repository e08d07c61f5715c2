import { afterAll, beforeAll, test } from 'vitest';
import type { Database } from '../../ports.ts';
import { createSlots } from '../../services/slots.ts';
import { systemIds } from '../../system.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { greet, listenRaw } from '../../testing/socket-raw.ts';
import type { RawFrame, RawSocket } from '../../testing/socket-raw.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';

let database: Database;
let stack: SocketStack;
let hold: Promise<void> | null = null;
/** Reads of logs that have reached the database and are not through. */
let reading = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  // as many as a pool has; whoever finds none waits in line
  const connections = createSlots(10);
  const never = new AbortController().signal;
  const pooled: Database = {
    ...database,
    query: (sql, ...rest) =>
      connections.run(never, async () => {
        if (hold !== null && /from event\s+where conversation_id/.test(sql)) {
          reading += 1;
          await hold;
          reading -= 1;
        }
        return database.query(sql, ...rest);
      }),
    transaction: (work) => connections.run(never, () => database.transaction(work)),
  };
  stack = await createSocketStack(pooled, { answerTimeoutMs: 60_000 });
});
afterAll(async () => {
  await stack?.close();
  await database?.close();
});

const is = (type: string) => (frame: RawFrame) => frame.type === type;

async function enter(): Promise<RawSocket> {
  const raw = listenRaw(stack.raw('/ws/visitor', { origin: stack.origin }));
  await greet(raw, (await stack.openVisitor()).token);
  return raw;
}

/** Writes one message, and waits until it is kept. */
async function write(raw: RawSocket, conversationId: string): Promise<void> {
  const clientId = systemIds.uuid();
  raw.send({ type: 'message-send', clientId, conversationId, text: 'Hello there' });
  await raw.next((frame) => frame.type === 'ack' && frame['clientId'] === clientId);
}

test('I2 however many wait for their logs, messages of others are kept meanwhile, and all get their logs', async () => {
  const readers = await Promise.all(
    Array.from({ length: 15 }, async () => {
      const raw = await enter();
      const conversationId = systemIds.uuid();
      await write(raw, conversationId);
      return { raw, conversationId };
    }),
  );
  const writer = await enter();
  let release = () => {};
  hold = new Promise((resolve) => (release = resolve));
  for (const { raw, conversationId } of readers) {
    raw.send({ type: 'resume', conversationId, epoch: null, after: 0 });
  }
  try {
    await until(() => reading >= 3);
    for (let count = 0; count < 5; count += 1) await write(writer, systemIds.uuid());
  } finally {
    hold = null;
    release();
  }
  await Promise.all(readers.map(({ raw }) => raw.next(is('resumed'))));
}, 60_000);
