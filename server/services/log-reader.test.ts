import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../ports.ts';
import { systemIds } from '../system.ts';
import { createTestDatabase } from '../testing/database.ts';
import { createLogReader } from './log-reader.ts';

let database: Database;
const conversationId = systemIds.uuid();
const messages = 60;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.execute("insert into site (id, name) values ('default', 'Shop')");
  const visitorId = systemIds.uuid();
  await database.execute(
    "insert into visitor (id, site_id, name, created_at) values ($1, 'default', 'Visitor', now())",
    [visitorId],
  );
  await database.execute(
    `insert into conversation (id, site_id, visitor_id, epoch, state, last_seq, started_at, active_at, updated_at)
     values ($1, 'default', $2, 'e', 'ai', $3, now(), now(), now())`,
    [conversationId, visitorId, messages],
  );
  const author = { role: 'agent', id: systemIds.uuid(), name: 'Ada' };
  const rest = { citations: [], status: 'complete', turnId: null, answer: null };
  const body = { type: 'message-added', messageId: systemIds.uuid(), author, ...rest };
  await database.execute(
    `insert into event (conversation_id, seq, at, body)
     select $1, n, now(), $3::jsonb || jsonb_build_object('text', repeat('語', 12000)) from generate_series(1, $2::int) as n`,
    [conversationId, messages, JSON.stringify(body)],
  );
});
afterAll(() => database?.close());

const from = (after: number) => ({ conversationId, after, upTo: messages, limit: 200 });

test('CON-11 a page of a log is smaller than what may wait on a connection, and pages follow each other', async () => {
  const read = createLogReader(database, async () => {});
  const seqs: number[] = [];
  let pages = 0;
  while (seqs.length < messages) {
    const events = await read(from(seqs.length));
    expect(Buffer.byteLength(JSON.stringify(events))).toBeLessThan(700 * 1024);
    seqs.push(...events.map(({ seq }) => seq));
    pages += 1;
  }
  expect(seqs).toEqual(Array.from({ length: messages }, (_, index) => index + 1));
  expect(pages).toBeGreaterThan(2);
});

test('I2 a place that has read a long page rests before the next, and its reader has the page already', async () => {
  const resting: { ms: number; wake: () => void }[] = [];
  let began = 0;
  const counting: Database = {
    ...database,
    query: (sql, ...parts) => {
      began += 1;
      return database.query(sql, ...parts);
    },
  };
  const rest = (ms: number): Promise<void> => new Promise((wake) => resting.push({ ms, wake }));
  const read = createLogReader(counting, rest);
  const pages = await Promise.all([read(from(0)), read(from(0)), read(from(0))]);
  expect(pages.every((page) => page.length > 0)).toBe(true);
  const fourth = read(from(0));
  expect(began).toBe(3);
  await new Promise((done) => setImmediate(done));
  expect(began).toBe(3);
  expect(resting.map(({ ms }) => ms > 100)).toEqual([true, true, true]);
  resting[0]?.wake();
  expect((await fourth).length).toBe(pages[0]?.length);
  expect(began).toBe(4);
});
