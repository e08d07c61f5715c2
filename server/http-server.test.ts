import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpServer, localUrl, startHttpServer } from './http-server.ts';

let server: HttpServer;
let finishSlow = () => {};
let slowBegan: Promise<void>;
let upgrades = 0;

beforeEach(async () => {
  upgrades = 0;
  let began = () => {};
  slowBegan = new Promise((resolve) => (began = resolve));
  server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    handleRequest: (request, response) => {
      if (request.url !== '/slow') return response.end('quick');
      finishSlow = () => response.end('slow');
      return began();
    },
    handleUpgrade: (_request, socket) => {
      upgrades += 1;
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    },
  });
});
afterEach(() => server.close());

async function send(text: string): Promise<{ socket: Socket; answer: () => string }> {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  let answer = '';
  socket.on('data', (data) => (answer += String(data)));
  await once(socket, 'connect');
  socket.write(text);
  return { socket, answer: () => answer };
}

describe('startHttpServer', () => {
  it('refuses headers that are too large', async () => {
    const headers = Array.from({ length: 2000 }, (_, index) => `X-Header-${index}: value\r\n`).join('');
    for (const first of ['', 'Upgrade: websocket\r\nConnection: Upgrade\r\n']) {
      const { socket, answer } = await send(`GET / HTTP/1.1\r\nHost: localhost\r\n${first}${headers}\r\n`);
      await once(socket, 'close');
      expect(answer()).toMatch(/^HTTP\/1\.1 431 /);
    }
    expect(upgrades).toBe(0);
  });

  it('hands upgrades over', async () => {
    const { socket } = await send(
      'GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    );
    await once(socket, 'close');
    expect(upgrades).toBe(1);
  });

  it('lets a running request end before it is closed, and takes no new one', async () => {
    const slow = fetch(`http://127.0.0.1:${server.port}/slow`);
    await slowBegan;
    const closed = server.close();
    await expect(fetch(`http://127.0.0.1:${server.port}/`)).rejects.toThrow();
    finishSlow();
    expect(await (await slow).text()).toBe('slow');
    await closed;
  });

  it('says that a port is in use and that an address is not of this machine', async () => {
    const again = { port: server.port, handleRequest: () => {}, handleUpgrade: () => {} };
    await expect(startHttpServer({ ...again, host: '127.0.0.1' })).rejects.toMatchObject({
      code: 'start-failed',
    });
    await expect(startHttpServer({ ...again, host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'start-failed',
      fix: expect.stringContaining('127.0.0.1'),
    });
  });
});

describe('localUrl', () => {
  it('is how this machine reaches the server', () => {
    expect(localUrl('0.0.0.0', 1)).toBe('http://127.0.0.1:1');
    expect(localUrl('127.0.0.1', 1)).toBe('http://127.0.0.1:1');
    expect(localUrl('::1', 1)).toBe('http://[::1]:1');
  });
});
