import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultHttpLimits } from '../../http-server.ts';
import type { Database } from '../../ports.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { textFrame } from '../../testing/frame-mutations.ts';
import { openTcp, openUpgraded, upgradeRequest } from '../../testing/raw-tcp.ts';
import { greet, listenRaw } from '../../testing/socket-raw.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';
import { defaultHelloTimeoutMs } from './link.ts';
import { defaultHeartbeatMs } from './socket-server.ts';

let database: Database;
let stack: SocketStack;
let token: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  stack = await createSocketStack(database, {
    helloTimeoutMs: 1_000,
    bodyTimeoutMs: 1_000,
    http: { headersMs: 1_000, checkMs: 100 },
  });
  ({ token } = await stack.openVisitor());
});
afterAll(async () => {
  await stack?.close();
  await database?.close();
});

/** A visitor talks as if nothing were going on. */
async function expectServed(): Promise<void> {
  const visitor = stack.visitorClient({ token });
  visitor.connect();
  visitor.send('Still there?');
  await until(() => visitor.getSnapshot().thread?.lastSeq);
  visitor.close();
}

describe('A2 requests that want an upgrade with', () => {
  test.each([
    [
      '2,000 headers',
      Array.from({ length: 2_000 }, (_, index) => `X-${String(index)}: y`),
      /^HTTP\/1\.1 431 /,
    ],
    ['a subprotocol of 64 KB', [`Sec-WebSocket-Protocol: ${'x'.repeat(65_536)}`], /^HTTP\/1\.1 431 /],
    ['a broken subprotocol', ['Sec-WebSocket-Protocol: a b,,'], /^HTTP\/1\.1 400 /],
    ['an extension named after a property', ['Sec-WebSocket-Extensions: constructor'], /^HTTP\/1\.1 101 /],
    ['a broken extension', ['Sec-WebSocket-Extensions: =;,"'], /^HTTP\/1\.1 (101|400) /],
    ['two keys', ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='], /^HTTP\/1\.1 (101|400) /],
    ['another version', ['Sec-WebSocket-Version: 9999'], /^HTTP\/1\.1 400 /],
    ['a body', ['Content-Length: 5'], /^HTTP\/1\.1 (101|400) /],
  ])('A2 %s are answered or refused, and the process lives', async (_name, headers, answer) => {
    const tcp = openTcp(stack.url);
    tcp.socket.write(upgradeRequest(stack.url, '/ws/visitor', headers));
    await until(() => tcp.text().includes('\r\n\r\n'), tcp.text);
    expect(tcp.text()).toMatch(answer);
    tcp.socket.destroy();
    await expectServed();
  });
});

test('A5 compression is never agreed to, whatever is offered', async () => {
  const offers = [
    'permessage-deflate',
    'permessage-deflate; client_max_window_bits',
    'x-webkit-deflate-frame',
  ];
  for (const offer of offers) {
    const tcp = await openUpgraded(stack.url, [`Sec-WebSocket-Extensions: ${offer}`]);
    expect(tcp.text()).not.toMatch(/sec-websocket-extensions/i);
    tcp.socket.write(textFrame('x', { reserved: 4 }));
    expect(await tcp.closed).toBe(1002);
  }
});

describe('A4 those who take their time', () => {
  const many = Array.from({ length: 40 }, (_, index) => index);

  test('A4 with headers are cut off, while others are served', async () => {
    const slow = many.map(() => openTcp(stack.url));
    const drip = setInterval(() => {
      for (const { socket } of slow) if (!socket.destroyed) socket.write('X-Slow: y\r\n');
    }, 50);
    for (const { socket } of slow) socket.write('GET /ws/visitor HTTP/1.1\r\n');
    await expectServed();
    await Promise.all(slow.map(({ closed }) => closed));
    clearInterval(drip);
  });

  test('A4 with the frames of a POST are cut off, while others are served', async () => {
    const slow = many.map(() => openTcp(stack.url));
    const head = `POST /ws/visitor HTTP/1.1\r\nHost: ${new URL(stack.url).host}\r\nX-Deskbell-Stream: x\r\n`;
    for (const { socket } of slow) socket.write(`${head}Content-Length: 5000\r\n\r\n[`);
    const drip = setInterval(() => {
      for (const { socket } of slow) if (!socket.destroyed) socket.write(' ');
    }, 50);
    await expectServed();
    await Promise.all(slow.map(({ closed }) => closed));
    clearInterval(drip);
  });

  test('A4 with hello are closed, though they ping, while others are served', async () => {
    const slow = await Promise.all(many.map(() => openUpgraded(stack.url)));
    const drip = setInterval(() => {
      for (const { socket } of slow) if (!socket.destroyed) socket.write(textFrame('{"type":"ping"}'));
    }, 100);
    await expectServed();
    expect(new Set(await Promise.all(slow.map(({ closed }) => closed)))).toEqual(new Set([4005]));
    clearInterval(drip);
    await until(() => stack.sockets.count().visitors === 0);
  });

  test('A4 and in the product: 10 s for headers, 5 s for hello; CON-8 a beat of 25 s', () => {
    expect(defaultHttpLimits.headersMs + defaultHttpLimits.checkMs).toBeLessThanOrEqual(10_000);
    expect(defaultHelloTimeoutMs).toBe(5_000);
    expect(defaultHeartbeatMs).toBe(25_000);
  });
});

describe('who comes too often', () => {
  test('CON-13 an address has an allowance of new connections, told apart behind our own proxy', async () => {
    const connect = { burst: 3, perSecond: 0.001 };
    const small = await createSocketStack(database, { allowances: { connect }, trustedProxies: 1 });
    const knock = (address: string) =>
      listenRaw(small.raw('/ws/visitor', { 'x-forwarded-for': address })).status;
    const statuses: number[] = [];
    for (let index = 0; index < 4; index += 1) statuses.push(await knock('203.0.113.7'));
    expect(statuses).toEqual([101, 101, 101, 429]);
    expect(await knock('203.0.113.8')).toBe(101);
    await small.close();
  });

  test('CON-10 a server that is full says when to come back, and takes the next when one has left', async () => {
    const small = await createSocketStack(database, { maxConnections: 2 });
    const enter = () => listenRaw(small.raw('/ws/visitor', { origin: small.origin }));
    const [first, second] = [enter(), enter()];
    await greet(first, token);
    await greet(second, token);
    const tcp = openTcp(small.url);
    tcp.socket.write(upgradeRequest(small.url, '/ws/visitor'));
    await tcp.closed;
    expect(tcp.text()).toMatch(/^HTTP\/1\.1 503 [\s\S]*\r\nRetry-After: \d+\r\n/);
    first.socket.terminate();
    await until(() => small.sockets.count().visitors === 1);
    expect(await enter().status).toBe(101);
    await small.close();
  });
});
