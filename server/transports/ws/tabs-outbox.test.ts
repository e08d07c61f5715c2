import { IDBFactory } from 'fake-indexeddb';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { Database } from '../../ports.ts';
import { createBrowserOutbox } from '../../protocol/client.ts';
import type { VisitorClient } from '../../protocol/client.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { createTestWire } from '../../testing/socket-bus.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';

/** Two tabs of one browser: one outbox in IndexedDB, two clients, and no way to the server for a while. */
let database: Database;
const stacks: SocketStack[] = [];
let isOffline = false;
let sockets: WebSocket[] = [];
/** Client ids of the messages that left each tab. */
let sent: Map<VisitorClient, string[]>;

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  const wire = createTestWire();
  for (let index = 0; index < 2; index += 1)
    stacks.push(await createSocketStack(database, { bus: wire.bus(), timings: { turnLeaseMs: 60_000 } }));
});
beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  [isOffline, sockets, sent] = [false, [], new Map()];
});
afterEach(() => vi.unstubAllGlobals());
afterAll(async () => {
  for (const stack of stacks) await stack.close();
  await database?.close();
});

const outbox = () => createBrowserOutbox('visitor-default');

function openTab(token: string, index: number): VisitorClient {
  const stack = stacks[index];
  if (stack === undefined) throw new Error('There is no instance.');
  const frames: string[] = [];
  const tab = stack.visitorClient({
    token,
    outbox: outbox(),
    random: () => 0.01,
    openSocket(to) {
      if (isOffline) throw new Error('The browser is offline.');
      const socket = new WebSocket(to, { origin: stack.origin });
      const send = socket.send.bind(socket);
      socket.send = (data: string) => {
        const { type, clientId } = JSON.parse(data);
        if (type === 'message-send') frames.push(clientId);
        send(data);
      };
      sockets.push(socket);
      return socket;
    },
  });
  sent.set(tab, frames);
  tab.connect();
  return tab;
}

/** Two tabs that show the same conversation, without a way to the server. */
async function twoTabsOffline() {
  const token = (await stacks[0]?.openVisitor())?.token ?? '';
  const first = openTab(token, 0);
  first.send('Begin');
  await until(() => isDone(first, 1));
  const id = first.getSnapshot().thread?.conversationId ?? '';
  const second = openTab(token, 1);
  await until(() => isDone(second, 1));
  await until(isEmpty);
  isOffline = true;
  for (const socket of sockets) socket.terminate();
  await until(() => [first, second].every((tab) => tab.getSnapshot().connection.status !== 'online'));
  return { first, second, id };
}

const own = (tab: VisitorClient) =>
  (tab.getSnapshot().thread?.entries ?? []).flatMap((entry) =>
    entry.kind === 'message' && entry.author.role === 'visitor' ? [entry] : [],
  );
const texts = (tab: VisitorClient) => own(tab).map(({ text }) => text);
const statuses = (tab: VisitorClient) => new Set(own(tab).map(({ outgoing }) => outgoing?.status));
const isDone = (tab: VisitorClient, count: number) =>
  own(tab).length === count && own(tab).every(({ outgoing }) => outgoing?.status === 'delivered');

/** What the log holds of the visitor, in its order. */
async function logged(id: string): Promise<string[]> {
  const rows = await database.query(
    `select body ->> 'text' as text from event
     where conversation_id = $1 and body ->> 'type' = 'message-added' and body #>> '{author,role}' = 'visitor'
     order by seq`,
    [id],
    z.object({ text: z.string() }),
  );
  return rows.map(({ text }) => text);
}

const isEmpty = async () => (await outbox().load()).length === 0;

test('MSG-2 what two tabs kept goes once, in the order of each, and is failed in neither', async () => {
  const { first, second, id } = await twoTabsOffline();
  for (const text of ['a1', 'a2', 'a3']) first.send(text);
  for (const text of ['b1', 'b2', 'b3']) second.send(text);
  await until(async () => (await outbox().load()).length === 6);
  isOffline = false;
  await until(
    () => [first, second].every((tab) => isDone(tab, 7)),
    () => [first, second].map((tab) => [texts(tab), ...statuses(tab)]),
  );
  const all = await logged(id);
  expect([...all].sort()).toEqual(['Begin', 'a1', 'a2', 'a3', 'b1', 'b2', 'b3']);
  for (const letter of ['a', 'b'])
    expect(all.filter((text) => text.startsWith(letter))).toEqual(
      [1, 2, 3].map((n) => `${letter}${String(n)}`),
    );
  expect(texts(first)).toEqual(all);
  expect(texts(second)).toEqual(all);
  await until(isEmpty);
});

test('MSG-5 what a tab kept that was closed meanwhile is sent by the other', async () => {
  const { first, second, id } = await twoTabsOffline();
  first.send('a1');
  for (const text of ['b1', 'b2']) second.send(text);
  await until(async () => (await outbox().load()).length === 3);
  second.close();
  isOffline = false;
  await until(
    () => isDone(first, 4),
    () => [texts(first), ...statuses(first)],
  );
  const all = await logged(id);
  expect([...all].sort()).toEqual(['Begin', 'a1', 'b1', 'b2']);
  expect(all.indexOf('b1')).toBeLessThan(all.indexOf('b2'));
  expect(texts(first)).toEqual(all);
  expect(sent.get(second)).toEqual([]);
  await until(isEmpty);
});

test('MSG-5 a tab that opens while there is no way shows what the others wait to send', async () => {
  const { first, second, id } = await twoTabsOffline();
  first.send('a1');
  await until(async () => (await outbox().load()).length === 1);
  first.close();
  second.close();
  const token = (await stacks[0]?.openVisitor())?.token ?? '';
  const third = openTab(token, 1);
  await until(() => third.getSnapshot().thread?.conversationId === id);
  expect(texts(third)).toEqual(['a1']);
  expect([...statuses(third)]).toEqual(['queued']);
});
