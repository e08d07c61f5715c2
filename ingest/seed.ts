import { errorMessage } from '../server/errors.ts';
import type { Robots } from './robots.ts';
import type { RunContext } from './run-context.ts';

const maxSitemaps = 50;
const maxSitemapBytes = 50 * 1024 * 1024;
const sitemapTimeoutMs = 20_000;
const maxSeeds = 50_000;

/**
 * The pages that a site's sitemaps name: those that robots.txt points to, else `/sitemap.xml`; indexes are
 * followed, 50 files at most. A sitemap that cannot be read is left out: links still lead to the pages.
 */
export async function seedFromSitemaps(
  context: RunContext,
  robots: Robots,
  origin: string,
): Promise<string[]> {
  const queue = robots.sitemaps.length > 0 ? [...robots.sitemaps] : [`${origin}/sitemap.xml`];
  const seen = new Set(queue);
  const pages = new Set<string>();
  for (let read = 0; read < maxSitemaps && pages.size < maxSeeds; read += 1) {
    const url = queue.shift();
    if (url === undefined) break;
    try {
      const page = await context.outbound.get(url, {
        maxBytes: maxSitemapBytes,
        timeoutMs: sitemapTimeoutMs,
        signal: context.signal,
      });
      if (page.status !== 200) continue;
      const found = await context.parser.parse(
        { kind: 'sitemap', bytes: page.body, url: page.url },
        context.signal,
      );
      if (found.kind !== 'sitemap') continue;
      for (const address of found.pages) if (pages.size < maxSeeds) pages.add(address);
      for (const address of found.sitemaps) {
        if (!seen.has(address)) queue.push(address);
        seen.add(address);
      }
    } catch (error) {
      context.signal.throwIfAborted();
      context.logger.warn('ingest-sitemap-unreadable', {
        sourceId: context.lease.sourceId,
        cause: errorMessage(error),
      });
    }
  }
  return [...pages];
}
