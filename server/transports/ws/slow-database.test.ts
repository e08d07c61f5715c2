import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresDatabase } from '../../adapters/db/postgres.ts';
import type { Database } from '../../ports.ts';
import { systemIds } from '../../system.ts';
import { createFreshDatabase, createTestDatabase, testDatabaseUrl } from '../../testing/database.ts';
import { silentLogger } from '../../testing/deps.ts';
import { greet, listenRaw } from '../../testing/socket-raw.ts';
import type { RawFrame, RawSocket } from '../../testing/socket-raw.ts';
import { addSite, createSocketStack } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';

const uuid = () => systemIds.uuid();
const message = (conversationId: string) => ({
  type: 'message-send',
  clientId: uuid(),
  conversationId,
  text: 'Hello?',
});

async function enter(stack: SocketStack): Promise<RawSocket> {
  const raw = listenRaw(stack.raw('/ws/visitor', { origin: stack.origin }));
  await greet(raw, (await stack.openVisitor()).token);
  return raw;
}

/** Sends a frame and gives the answer to it. */
async function answerTo(raw: RawSocket, frame: { clientId: string }): Promise<RawFrame> {
  raw.send(frame);
  const sent = raw.frames.length;
  return raw.next(
    (got) => got['clientId'] === frame.clientId && raw.frames.indexOf(got) >= sent && got.type !== 'event',
  );
}

describe('a database that takes its time', () => {
  let database: Database;
  let stack: SocketStack;
  let hold: Promise<void> | null = null;

  beforeAll(async () => {
    database = await createTestDatabase();
    await addSite(database);
    const slow: Database = {
      ...database,
      async transaction(work) {
        await hold;
        return database.transaction(work);
      },
    };
    stack = await createSocketStack(slow, { answerTimeoutMs: 50 });
  });
  afterAll(async () => {
    await stack?.close();
    await database?.close();
  });

  test('MSG-5 a message that takes too long is refused for the moment, and its repeat gets its ack', async () => {
    const raw = await enter(stack);
    let release = () => {};
    hold = new Promise((resolve) => (release = resolve));
    const sent = message(uuid());
    for (const _try of [1, 2]) {
      const refused = await answerTo(raw, sent);
      expect(refused).toMatchObject({ type: 'nack', code: 'unavailable' });
      expect(refused['retryAfterMs']).toBeGreaterThan(0);
    }
    // others of this connection are answered meanwhile
    raw.send({ type: 'resume', conversationId: uuid(), epoch: null, after: 0 });
    await raw.next((frame) => frame.type === 'error');
    hold = null;
    release();
    let answer = await answerTo(raw, sent);
    // on a slow machine it may take too long once more
    while (answer.type === 'nack') answer = await answerTo(raw, sent);
    expect(answer).toMatchObject({ type: 'ack', seq: 1 });
    const kept = await database.execute('select 1 from event where client_id = $1', [sent.clientId]);
    expect(kept).toBe(1);
  });
});

/** Faults of a real server; each ends by itself, and while it lasts others are served. */
function describeReal(serverUrl: string): void {
  let fresh: Awaited<ReturnType<typeof createFreshDatabase>>;
  let db: Database;
  let stack: SocketStack;
  let intruder: pg.Client;

  beforeAll(async () => {
    fresh = await createFreshDatabase(serverUrl, true);
    db = createPostgresDatabase({ url: fresh.url, logger: silentLogger });
    await addSite(db);
    stack = await createSocketStack(db);
    intruder = new pg.Client({ connectionString: fresh.url });
    await intruder.connect();
  });
  afterAll(async () => {
    await stack.close();
    await intruder.end();
    await db.close();
    await fresh.drop();
  });

  async function ackOf(raw: RawSocket, frame: { clientId: string }): Promise<RawFrame> {
    for (;;) {
      const answer = await answerTo(raw, frame);
      if (answer.type === 'ack') return answer;
    }
  }

  test('F3 MSG-5 a lock that somebody holds: refused meanwhile, others are served, and it recovers alone', async () => {
    const [raw, other] = [await enter(stack), await enter(stack)];
    const conversationId = uuid();
    await ackOf(raw, message(conversationId));
    await intruder.query('begin');
    await intruder.query('select 1 from conversation where id = $1 for update', [conversationId]);
    const sent = message(conversationId);
    expect(await answerTo(raw, sent)).toMatchObject({ type: 'nack', code: 'unavailable' });
    await ackOf(other, message(uuid()));
    await intruder.query('rollback');
    await ackOf(raw, sent);
  });

  test('F3 MSG-5 a whole table that is locked: refused meanwhile, and it recovers alone', async () => {
    const raw = await enter(stack);
    const conversationId = uuid();
    await ackOf(raw, message(conversationId));
    await intruder.query('begin');
    await intruder.query('lock table event in access exclusive mode');
    const sent = message(conversationId);
    expect(await answerTo(raw, sent)).toMatchObject({ type: 'nack', code: 'unavailable' });
    await intruder.query('rollback');
    await ackOf(raw, sent);
  });
}

describe('a real database in trouble', () => {
  if (testDatabaseUrl !== null) describeReal(testDatabaseUrl);
  else test('needs PostgreSQL, which CI starts', () => expect(testDatabaseUrl).toBeNull());
});
