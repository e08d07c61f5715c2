import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { startTestSite, type TestSite } from '../../server/testing/web-site.ts';

/** A site on loopback whose pages answer 304 to their own validator. */
export interface ServedSite {
  site: TestSite;
  /** Where the crawl begins. */
  start: string;
  /** Paths that a crawler has to reach. */
  reachable: string[];
  /** Requests that were answered with a body since the last `reset`. */
  bodies(): number;
  reset(): void;
  /** Gives a page another body. */
  change(page: string, edit: (body: string) => string): void;
  close(): Promise<void>;
}

interface SitePage {
  path: string;
  body: Buffer;
  type: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.md': 'text/markdown; charset=utf-8',
  '.mdx': 'text/markdown; charset=utf-8',
};
const expectedShape = z.looseObject({ root: z.string(), start: z.string(), reachable: z.array(z.string()) });

async function readPages(root: string): Promise<SitePage[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const pages = entries.map(async (entry): Promise<SitePage | null> => {
    const type = types[path.extname(entry.name)];
    if (!entry.isFile() || type === undefined) return null;
    const file = path.join(entry.parentPath, entry.name);
    return { path: `/${path.relative(root, file)}`, body: await readFile(file), type };
  });
  return (await Promise.all(pages))
    .filter((page) => page !== null)
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** A page that leads to all others, for a site that has none of its own. */
function listPage(pages: readonly SitePage[]): SitePage {
  const links = pages.map(
    (page) => `<li><a href="${escapeText(encodeURI(page.path))}">${escapeText(page.path)}</a></li>`,
  );
  const html = `<!doctype html><html lang="en"><head><title>Contents</title></head><body><main><h1>Contents</h1><p>All pages of this help, in the order of the alphabet.</p><ul>${links.join('')}</ul></main></body></html>`;
  return { path: '/', body: Buffer.from(html), type: 'text/html; charset=utf-8' };
}

/** Serves a set's `files`, by its `expected_crawl.json` where it has one. */
export async function serveSet(folder: string): Promise<ServedSite> {
  const text = await readFile(path.join(folder, 'expected_crawl.json'), 'utf8').catch(() => null);
  const expected = text === null ? null : expectedShape.parse(JSON.parse(text));
  const found = await readPages(path.join(folder, expected?.root ?? 'files'));
  const pages = expected === null ? [...found, listPage(found)] : found;
  const site = await startTestSite({});
  let bodies = 0;
  const put = ({ path: place, body, type }: SitePage) => {
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
    const names = place.endsWith('/index.html') ? [place, place.slice(0, -'index.html'.length)] : [place];
    for (const name of names) {
      site.pages.set(encodeURI(name), (request, response) => {
        if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
        bodies += 1;
        response.writeHead(200, { 'content-type': type, etag }).end(body);
      });
    }
  };
  for (const page of pages) put(page);
  return {
    site,
    start: expected === null ? '/' : `/${expected.start}`,
    reachable: expected?.reachable.map((name) => `/${name}`) ?? pages.map((page) => page.path),
    bodies: () => bodies,
    reset: () => (bodies = 0),
    change(place, edit) {
      const page = pages.find((each) => each.path === place);
      if (page === undefined) throw new Error(`There is no page ${place}.`);
      put({ ...page, body: Buffer.from(edit(page.body.toString('latin1')), 'latin1') });
    },
    close: () => site.close(),
  };
}
