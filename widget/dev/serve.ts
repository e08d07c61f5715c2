import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { frameBuild, loaderBuild } from '../build.ts';

/** As strict as the server's own policy for the frame, and Trusted Types besides. */
export const framePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html";

/** A page that means no harm but styles everything, under a policy that allows no inline code or style. */
const hostileCss =
  '*{margin:7px;transition:none}button,div,iframe,svg{display:none!important;width:9px!important}' +
  'body>*{position:relative!important;transform:translate(40px);opacity:.1;display:flex!important}';

const hostPage = (chat: string, attributes: string): string =>
  `<!doctype html><html lang="en"><title>Shop</title><link rel="stylesheet" href="/host.css"><h1>Shop</h1>` +
  `<p><a href="/host?page=2">Next</a></p>` +
  `<script async src="${chat}/widget.js" data-site="greeting" ${attributes}></script>`.repeat(2);

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

export interface DevServers {
  /** Origin of the customer's page: `/host`. */
  host: string;
  /** Origin of the chat: `/widget.js` and `/widget/frame` on the scenes of `scenes.ts`. */
  chat: string;
  /** Paths that the chat's origin was asked for, oldest first. */
  readonly requests: string[];
  close(): Promise<void>;
}

async function listen(handler: RequestListener): Promise<{ server: Server; origin: string }> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { server, origin: `http://127.0.0.1:${address.port}` };
}

/** Builds the widget on its scenes and serves it, and a customer's page on another origin. */
export async function serveScenes(): Promise<DevServers> {
  const folder = await mkdtemp(path.join(tmpdir(), 'deskbell-scenes-'));
  await build(frameBuild(folder, 'dev/frame.html'));
  await build(loaderBuild(folder));
  const requests: string[] = [];

  const chat = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://chat');
    requests.push(pathname);
    const isFrame = pathname === '/widget/frame';
    const name = isFrame ? 'dev/frame.html' : pathname.replace(/^\/widget\//u, '/');
    if (pathname === '/favicon.ico') return void response.writeHead(204).end();
    void readFile(path.join(folder, name)).then(
      (content) =>
        response
          .writeHead(200, {
            'content-type': types[path.extname(name)] ?? 'text/plain',
            'content-security-policy': framePolicy,
          })
          .end(isFrame ? content.toString().replaceAll('../assets/', './assets/') : content),
      () => response.writeHead(404).end(),
    );
  });
  const host = await listen((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host');
    const isPage = pathname === '/host';
    const policy = `default-src 'none'; style-src 'self'; script-src ${chat.origin}; frame-src ${chat.origin}`;
    response
      .writeHead(isPage || pathname === '/host.css' ? 200 : 204, {
        'content-type': isPage ? 'text/html' : 'text/css',
        'content-security-policy': `${policy}; require-trusted-types-for 'script'`,
      })
      .end(isPage ? hostPage(chat.origin, searchParams.get('attributes') ?? '') : hostileCss);
  });

  return {
    host: host.origin,
    chat: chat.origin,
    requests,
    async close() {
      for (const { server } of [host, chat]) {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
