import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../ports.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { openTcp, openUpgraded } from '../../testing/raw-tcp.ts';
import type { RawTcp } from '../../testing/raw-tcp.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';

let database: Database;
let stack: SocketStack;

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  stack = await createSocketStack(database, { heartbeatMs: 400, helloTimeoutMs: 120_000 });
});
afterAll(async () => {
  await stack?.close();
  await database?.close();
});

/** How the line of somebody who never answers ends: with an error of the socket, or in good order. */
async function endOf(tcp: RawTcp): Promise<string> {
  let end = 'in good order';
  tcp.socket.on('error', (error) => (end = 'code' in error ? String(error.code) : error.message));
  await tcp.closed;
  return end;
}

// an end would wait in TCP for acknowledgements that are lost on the way, and the client would go on trusting the line
test('CON-8 A8 a WebSocket that brings nothing is reset, so that whoever still hears the server knows at once', async () => {
  const tcp = await openUpgraded(stack.url);
  expect(await endOf(tcp)).toBe('ECONNRESET');
  expect(await tcp.closed).toBe(4010);
  await until(() => stack.sockets.count().visitors === 0);
});

test('CON-8 A8 the stream of a client of which nothing comes is reset as well', async () => {
  const tcp = openTcp(stack.url);
  const { host } = new URL(stack.url);
  tcp.socket.write(`POST /ws/visitor HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\n\r\n`);
  expect(await endOf(tcp)).toBe('ECONNRESET');
  expect(tcp.text()).toContain('{"type":"ping"}');
  await until(() => stack.sockets.count().visitors === 0);
});
