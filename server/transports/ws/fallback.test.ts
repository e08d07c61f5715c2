import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { WebSocket } from 'ws';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '../../ports.ts';
import { createStreamSocket } from '../../protocol/client/stream-socket.ts';
import type { Thread } from '../../protocol/client.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { createTestWire } from '../../testing/socket-bus.ts';
import type { TestWire } from '../../testing/socket-bus.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';

let database: Database;
let wire: TestWire;
let stack: SocketStack;
const servers: Server[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
});
beforeEach(async () => {
  wire = createTestWire();
  stack = await createSocketStack(database, { bus: wire.bus() });
});
afterEach(async () => {
  await stack.close();
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => database?.close());

interface Screen {
  getSnapshot(): { thread: Thread | null; connection: { status: string } };
}
const texts = (screen: Screen): string[] =>
  (screen.getSnapshot().thread?.entries ?? []).flatMap((entry) =>
    entry.kind === 'message' ? [entry.text] : [],
  );

/** What something between client and server makes of an upgrade. */
async function middlebox(treat: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => treat(socket));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `ws://127.0.0.1:${String(typeof address === 'object' ? address?.port : 0)}`;
}

const treatments: [string, (socket: Socket) => void][] = [
  ['answers 200', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')],
  ['answers 502', (socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n')],
  ['hangs', () => {}],
  ['hangs up', (socket) => socket.destroy()],
];

/** A request that goes as the page's would. */
const withOrigin =
  (target: () => SocketStack, origin: string, headers: Record<string, string> = {}): typeof fetch =>
  (_url, init) => {
    const path = new URL(String(_url)).pathname + new URL(String(_url)).search;
    return fetch(`${target().origin}${path}`, {
      ...init,
      headers: { ...Object(init?.headers), ...headers, origin },
    });
  };

test.each(treatments)(
  'A6 when the way for WebSocket %s, the fallback carries the whole conversation',
  async (_name, treat) => {
    const blocked = await middlebox(treat);
    const { token } = await stack.openVisitor();
    const visitor = stack.visitorClient({
      token,
      openSocket: (url) => new WebSocket(url.replace(stack.url, blocked)),
      openFallback: (url) =>
        createStreamSocket(
          url,
          withOrigin(() => stack, stack.origin),
        ),
    });
    visitor.connect();
    visitor.send('Does this work?');
    const turn = await until(() => stack.answers.turns[0]);
    turn.say('It ');
    turn.say('does.');
    await until(() => texts(visitor).includes('It does.'));
    turn.finish();
    await until(() => visitor.getSnapshot().thread?.turn === null);
    expect(texts(visitor)).toEqual(['Does this work?', 'It does.']);
  },
);

test('A6 agents fall back too; a POST that reaches another instance is handed on', async () => {
  const other = await createSocketStack(database, { bus: wire.bus() });
  const blocked = await middlebox((socket) => socket.destroy());
  const { cookie } = await stack.addAgent('Ada');
  let posts = 0;
  const desk = stack.agentClient({
    cookie,
    openSocket: (url) => new WebSocket(url.replace(stack.url, blocked)),
    openFallback: (url) =>
      createStreamSocket(url, (to, init) => {
        // a balancer without memory: the stream is on one instance, the POSTs arrive at the other
        const isStream = init?.body === null;
        if (!isStream) posts += 1;
        return withOrigin(() => (isStream ? stack : other), isStream ? stack.origin : other.origin, {
          cookie,
        })(to, init);
      }),
  });
  desk.connect();
  await until(() => desk.getSnapshot().isInboxLoaded);
  const { visitorId } = await stack.openVisitor();
  const visitor = { siteId: 'default', visitorId, name: 'V' };
  const id = '01900000-0000-7000-8000-00000000f00d';
  await stack.live.converse.requestPerson({ visitor, conversationId: id, clientId: id });
  await until(() => desk.getSnapshot().inbox.find((line) => line.conversationId === id));
  desk.open(id);
  await until(() => desk.getSnapshot().thread?.isLoaded);
  desk.take();
  await until(() => desk.getSnapshot().thread?.state === 'human');
  desk.send('x'.repeat(3900));
  await until(() => texts(desk).length === 1 && desk.getSnapshot().thread?.entries.at(-1)?.seq !== null);
  expect(posts).toBeGreaterThan(3);
  await other.close();
});

test('A6 a session that is over is told as such, and CON-2 a foreign page gets no stream', async () => {
  const blocked = await middlebox((socket) => socket.destroy());
  const refused = (origin: string, cookie: string) =>
    stack.agentClient({
      cookie,
      openSocket: (url) => new WebSocket(url.replace(stack.url, blocked)),
      openFallback: (url) =>
        createStreamSocket(
          url,
          withOrigin(() => stack, origin, { cookie }),
        ),
    });
  const over = refused(stack.origin, 'deskbell-console=over');
  over.connect();
  await until(() => over.getSnapshot().connection.status === 'refused');
  const { cookie } = await stack.addAgent('Bo');
  const foreign = await fetch(`${stack.origin}/ws/agent`, {
    method: 'POST',
    headers: { cookie, origin: 'https://evil.example' },
  });
  expect(foreign.status).toBe(403);
  const bare = await fetch(`${stack.origin}/ws/agent`, { method: 'POST', headers: { cookie } });
  expect(bare.status).toBe(401);
  const guess = await fetch(`${stack.origin}/ws/visitor`, {
    method: 'POST',
    headers: { 'x-deskbell-stream': `${stack.live.hub.instanceId}.guess` },
    body: '[]',
  });
  expect(guess.status).toBe(410);
  const foreignPost = await fetch(`${stack.origin}/ws/visitor`, {
    method: 'POST',
    headers: { 'x-deskbell-stream': 'x', origin: 'https://evil.example' },
    body: '[]',
  });
  expect(foreignPost.status).toBe(403);
});

test('A6 when WebSocket works again the client goes back to it', async () => {
  let isBlocked = true;
  const opened: string[] = [];
  const blocked = await middlebox((socket) => socket.destroy());
  const { token } = await stack.openVisitor();
  const visitor = stack.visitorClient({
    token,
    openSocket: (url) => {
      opened.push(isBlocked ? 'blocked' : 'open');
      return new WebSocket(isBlocked ? url.replace(stack.url, blocked) : url, { origin: stack.origin });
    },
    openFallback: (url) =>
      createStreamSocket(
        url,
        withOrigin(() => stack, stack.origin),
      ),
    probeMs: 100,
  });
  visitor.connect();
  await until(() => visitor.getSnapshot().connection.status === 'online');
  expect(opened).toEqual(['blocked']);
  isBlocked = false;
  await until(() => opened.filter((way) => way === 'open').length === 2);
  await until(
    () => visitor.getSnapshot().connection.status === 'online' && stack.sockets.count().visitors === 1,
  );
  visitor.send('Back again');
  await until(() => stack.answers.turns.some((turn) => turn.request.question === 'Back again'));
});
