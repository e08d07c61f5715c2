import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';

/** What a test site answers for a path: a body of HTML, or the whole response. */
export type TestPage =
  | string
  | {
      status?: number;
      headers?: Record<string, string>;
      body?: string | Uint8Array;
    }
  | ((request: IncomingMessage, response: ServerResponse) => void);

export interface TestSite {
  origin: string;
  /** Pages by path with query; may be changed while the site runs. */
  pages: Map<string, TestPage>;
  /** Paths in the order they were asked for. */
  hits: string[];
  close(): Promise<void>;
}

/** A small site on a free loopback port. Paths that it does not have answer 404. */
export async function startTestSite(
  pages: Record<string, TestPage>,
  address = '127.0.0.1',
): Promise<TestSite> {
  const site = { pages: new Map(Object.entries(pages)), hits: new Array<string>() };
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    site.hits.push(path);
    const page = site.pages.get(path);
    if (typeof page === 'function') page(request, response);
    else if (page === undefined) response.writeHead(404).end('not found');
    else {
      const { status = 200, headers = {}, body = '' } = typeof page === 'string' ? { body: page } : page;
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
    }
  });
  server.listen(0, address);
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    ...site,
    origin: `http://${address.includes(':') ? `[${address}]` : address}:${String(port)}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A help page with navigation around it. */
export function helpPage(title: string, text: string, links: readonly string[] = []): string {
  const list = links.map((link) => `<li><a href="${link}">${link}</a></li>`).join('');
  return `<!doctype html><html lang="en"><head><title>${title}</title></head><body><nav><a href="/">Home</a></nav>
<main><h1>${title}</h1><p>${text}</p><ul>${list}</ul></main><footer>Imprint and terms</footer></body></html>`;
}
