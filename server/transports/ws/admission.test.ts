import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../ports.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { greet, listenRaw } from '../../testing/socket-raw.ts';
import { addSite, createSocketStack } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';
import { defaultAllowances } from './keyed-limit.ts';
import { isOwnOrigin } from './origin.ts';

let database: Database;
let stack: SocketStack;
let token: string;
let agentCookie: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  await addSite(database, 'other');
  stack = await createSocketStack(database, { helloTimeoutMs: 700 });
  ({ token } = await stack.openVisitor());
  ({ cookie: agentCookie } = await stack.addAgent('Ada'));
});
afterAll(async () => {
  await stack?.close();
  await database?.close();
});

const visitorCookie = () => `deskbell-visitor-default=${token}`;
const connect = (path: string, headers: Record<string, string> = {}) => listenRaw(stack.raw(path, headers));
const hello = { type: 'hello', protocol: 1, site: 'default', token: null };

describe('before the upgrade', () => {
  test('CON-1 other paths do not exist', async () => {
    for (const path of ['/', '/ws', '/ws/visitor/', '/ws/owner', '/api/v1/sites']) {
      expect(await connect(path, { origin: stack.origin }).status).toBe(404);
    }
  });

  test('CON-2 a foreign Origin is refused, however near it is to ours', async () => {
    const { host } = new URL(stack.origin);
    const foreign = [
      'null',
      'https://evil.example',
      `http://${host}.evil.example`,
      `http://evil-${host}`,
      'http://127.0.0.1:1',
      'http://127.0.0.1',
      `ftp://${host}`,
      `http://user@${host}`,
      `${stack.origin}/`,
      '',
    ];
    for (const origin of foreign) {
      const headers = { origin, cookie: `${visitorCookie()}; ${agentCookie}` };
      expect(await connect('/ws/visitor?site=default', headers).status, origin).toBe(403);
      expect(await connect('/ws/agent', headers).status, origin).toBe(403);
    }
  });

  test('CON-2 with PUBLIC_URL only that origin is ours', () => {
    expect(isOwnOrigin('https://chat.example', 'internal:3000', 'https://chat.example/')).toBe(true);
    expect(isOwnOrigin('http://chat.example', 'chat.example', 'https://chat.example')).toBe(false);
    expect(isOwnOrigin('https://chat.example:444', 'chat.example', 'https://chat.example')).toBe(false);
    expect(isOwnOrigin('http://internal:3000', 'internal:3000', 'https://chat.example')).toBe(false);
    expect(isOwnOrigin('http://a.example', undefined, null)).toBe(false);
    expect(isOwnOrigin('http://a.example', 'a b', null)).toBe(false);
  });

  test('CON-3 without an Origin cookies do not count', async () => {
    expect(await connect('/ws/agent', { cookie: agentCookie }).status).toBe(401);
    const visitor = connect('/ws/visitor?site=default', { cookie: visitorCookie() });
    expect(await visitor.status).toBe(101);
    visitor.send(hello);
    expect((await visitor.closed).code).toBe(4003);
  });

  test('CON-4 agents need a living session', async () => {
    const { origin } = stack;
    expect(await connect('/ws/agent', { origin }).status).toBe(401);
    expect(await connect('/ws/agent', { origin, cookie: 'deskbell-console=wrong' }).status).toBe(401);
    expect(await connect('/ws/agent', { origin, cookie: visitorCookie() }).status).toBe(401);
    expect(await connect('/ws/agent', { origin, cookie: agentCookie }).status).toBe(101);
  });

  test('CON-5 a cookie that stands for nobody, or for a visitor of another site, is refused', async () => {
    const { origin } = stack;
    const status = (site: string, cookie: string) =>
      connect(`/ws/visitor?site=${site}`, { origin, cookie }).status;
    expect(await status('default', 'deskbell-visitor-default=wrong')).toBe(401);
    expect(await status('other', `deskbell-visitor-other=${token}`)).toBe(401);
    expect(await status('..%2F', visitorCookie())).toBe(400);
    expect(await status('default', visitorCookie())).toBe(101);
  });
});

describe('hello', () => {
  test('CON-5 the cookie or the token makes the visitor; neither is closed with 4003', async () => {
    const { origin } = stack;
    const byCookie = connect('/ws/visitor?site=default', { origin, cookie: visitorCookie() });
    await byCookie.status;
    byCookie.send(hello);
    const welcome = await byCookie.next((frame) => frame.type === 'welcome');
    const byToken = await greet(connect('/ws/visitor', { origin }), token);
    expect(byToken['visitorId']).toBe(welcome['visitorId']);
    for (const wrong of [null, 'x', `${token}x`]) {
      const nobody = connect('/ws/visitor?site=default', { origin });
      await nobody.status;
      nobody.send({ ...hello, token: wrong });
      expect(await nobody.closed).toEqual({ code: 4003, reason: 'unauthenticated' });
    }
  });

  test('CON-5 a cookie of one site opens nothing on another', async () => {
    const socket = connect('/ws/visitor?site=default', { origin: stack.origin, cookie: visitorCookie() });
    await socket.status;
    socket.send({ ...hello, site: 'other' });
    expect((await socket.closed).code).toBe(4003);
  });

  test('CON-6 nothing is answered before hello, and not twice', async () => {
    const { origin } = stack;
    const early = connect('/ws/visitor', { origin });
    await early.status;
    early.send({
      type: 'resume',
      conversationId: '01900000-0000-7000-8000-000000000001',
      epoch: null,
      after: 0,
    });
    expect((await early.closed).code).toBe(4006);
    const twice = connect('/ws/visitor', { origin });
    await greet(twice, token);
    twice.send({ ...hello, token });
    expect((await twice.closed).code).toBe(4006);
    const silent = connect('/ws/visitor', { origin });
    expect(await silent.closed).toEqual({ code: 4005, reason: 'hello-timeout' });
  });

  test('CON-6 another version is told which side is old', async () => {
    for (const [protocol, code] of [
      [0, 4000],
      [2, 4001],
    ] as const) {
      const socket = connect('/ws/visitor', { origin: stack.origin });
      await socket.status;
      socket.send({ ...hello, protocol, token });
      expect((await socket.closed).code).toBe(code);
    }
  });
});

describe('frames', () => {
  test('CON-7 what is no frame closes the connection', async () => {
    const bad = ['', 'x', '[]', 'null', '{"type":"nope"}', '{"type":"pong","more":1}x', '{"__proto__":{}}'];
    for (const text of bad) {
      const socket = connect('/ws/visitor', { origin: stack.origin });
      await greet(socket, token);
      socket.send(text);
      expect((await socket.closed).code, text).toBe(4006);
    }
    const binary = connect('/ws/visitor', { origin: stack.origin });
    await greet(binary, token);
    binary.socket.send(Buffer.from([1, 2, 3]));
    expect((await binary.closed).code).toBe(4006);
    const large = connect('/ws/visitor', { origin: stack.origin });
    await greet(large, token);
    large.send(`"${'x'.repeat(65 * 1024)}"`);
    expect((await large.closed).code).toBe(1009);
  });

  test('CON-7 a message that is too long is refused by its id', async () => {
    const socket = connect('/ws/visitor', { origin: stack.origin });
    await greet(socket, token);
    const ids = {
      clientId: '01900000-0000-7000-8000-00000000000a',
      conversationId: '01900000-0000-7000-8000-00000000000b',
    };
    for (const text of ['x'.repeat(4001), '   ']) {
      socket.frames.length = 0;
      socket.send({ type: 'message-send', ...ids, text });
      const nack = await socket.next((frame) => frame.type === 'nack');
      expect(nack).toMatchObject({ code: 'invalid-request', retryAfterMs: null, clientId: ids.clientId });
    }
  });

  test('CON-13 a flood is cut off, too many messages are told to wait', async () => {
    // nobody earns anything while the test runs
    const message = { ...defaultAllowances.message, person: { burst: 12, perSecond: 0.001 } };
    const strict = await createSocketStack(database, { allowances: { message } });
    const socket = listenRaw(strict.raw('/ws/visitor', { origin: strict.origin }));
    await greet(socket, token);
    const conversationId = '01900000-0000-7000-8000-0000000000ff';
    for (let index = 0; index < 14; index += 1) {
      const clientId = `01900000-0000-7000-8000-${String(index).padStart(12, '0')}`;
      socket.send({ type: 'message-send', clientId, conversationId, text: 'again' });
    }
    const nack = await socket.next((frame) => frame.type === 'nack');
    expect(nack).toMatchObject({ code: 'rate-limited' });
    expect(nack['retryAfterMs']).toBeGreaterThan(0);
    for (let index = 0; index < 200; index += 1) socket.send({ type: 'ping' });
    expect((await socket.closed).code).toBe(4008);
    await strict.close();
  });
});
