import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { TestProcess } from '../../server/testing/process.ts';
import { helpPage, startTestSite } from '../../server/testing/web-site.ts';
import { benchDocument } from '../retrieval/corpus.ts';

/** A source that takes longer is left where it is. */
const longestMs = 120_000;
const accepted = z.object({ body: z.object({ sourceId: z.uuid() }) });
const progress = z.object({
  body: z.object({ state: z.string(), counts: z.record(z.string(), z.number()) }),
});

/** Gives a product something to read and waits until it is read; tells how many documents were. */
export type Reading = (product: TestProcess, from: number, count: number) => Promise<number>;

const idOf = (answer: unknown) => accepted.parse(answer).body.sourceId;

async function waitForSource(product: TestProcess, sourceId: string): Promise<number> {
  const until = performance.now() + longestMs;
  for (;;) {
    await wait(250);
    const { body } = progress.parse(await product.api('GET', `/sites/default/sources/${sourceId}?limit=1`));
    const isOver = !['queued', 'running'].includes(body.state);
    if (isOver || performance.now() > until) return body.counts['indexed'] ?? 0;
  }
}

/** Hands lines of the documents' API over and waits until they are read. */
export async function readLines(product: TestProcess, lines: string): Promise<number> {
  const answer = await product.api('POST', '/sites/default/documents', lines, 'application/x-ndjson');
  return waitForSource(product, idOf(answer));
}

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, place) => from + place);

/** Everything at once, in one request. */
export const upload: Reading = (product, from, count) => {
  const lines = numbers(from, count).map((number) => {
    const { externalId, title, text } = benchDocument(number);
    return JSON.stringify({ id: externalId, title, text });
  });
  return readLines(product, lines.join('\n'));
};

/** A page of the site that is crawled, with the same text as the uploaded document of that number. */
function page(number: number): string {
  const { title, passages } = benchDocument(number);
  return helpPage(title, passages.map(({ text }) => text).join('</p><p>'));
}

/**
 * A website whose start page leads to all others, read as a new source is: with the pace that it has by default.
 * Each page takes the site `latencyMs` to send.
 */
export function crawl(latencyMs: number, delayMs: number | null): Reading {
  return async (product, from, count) => {
    const site = await startTestSite({});
    const links = numbers(from, count).map((number) => `/page-${String(number)}`);
    site.pages.set('/', helpPage('All pages', 'Everything that there is to read on this site.', links));
    for (const [place, link] of links.entries()) {
      const body = page(from + place);
      site.pages.set(link, (_, response) => {
        const send = () => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(body);
        if (latencyMs === 0) send();
        else setTimeout(send, latencyMs);
      });
    }
    try {
      const pace = delayMs === null ? {} : { delayMs };
      const source = JSON.stringify({ type: 'website', url: `${site.origin}/`, ...pace });
      return await waitForSource(product, idOf(await product.api('POST', '/sites/default/sources', source)));
    } finally {
      await site.close();
    }
  };
}
