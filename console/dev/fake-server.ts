/**
 * The built console on made-up content, for looking at its screens: `node console/dev/fake-server.ts [port]`.
 * Real protocol, real sockets, the same content security policy as the real server; nothing is stored.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { createFakeDesk } from './fake-desk.ts';
import { answerFakeApi, fakeAccess } from './fake-routes.ts';

const folder = fileURLToPath(new URL('../../dist/console', import.meta.url));
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

async function serveFile(response: ServerResponse, pathname: string): Promise<void> {
  const name = path.normalize(pathname.replace(/^\/console\/?/, ''));
  const isFile = /^(assets\/[\w.-]+|icon\.svg)$/.test(name);
  const file = path.join(folder, isFile ? name : 'index.html');
  try {
    const content = await readFile(file);
    response.writeHead(200, {
      'content-type': types[path.extname(file)] ?? 'application/octet-stream',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'",
    });
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
}

/** Starts the fake server on a port (0: any free one) of loopback; gives its address and the desk. */
export const startFakeServer = async (port: number) => {
  const sockets = new WebSocketServer({ noServer: true });
  const desk = createFakeDesk(sockets);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    void (url.pathname.startsWith('/api/')
      ? answerFakeApi(request, response, url)
      : serveFile(response, url.pathname));
  });
  server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request)),
  );
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    desk,
    access: fakeAccess,
    close: () => {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
    },
  };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await startFakeServer(Number(process.argv[2] ?? 4173));
  process.stdout.write(`fake console on ${url}/console/\n`);
}
