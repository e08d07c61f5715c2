import { z } from 'zod';
import { addItems, carryOverItems } from '../server/store/source-item.ts';
import { crawlPage } from './crawl-page.ts';
import type { Crawl } from './crawl-state.ts';
import { createPoliteFetch, withHosts, type Host, type Sleep } from './host.ts';
import { createPageBudget } from './page-budget.ts';
import { fetchRobots } from './robots.ts';
import type { RunContext } from './run-context.ts';
import { canonicalUrl } from './url.ts';
import { workOff } from './work.ts';

/** What a source of single pages keeps in its `config`. */
const pagesConfigSchema = z.object({
  urls: z.array(z.string()),
  delayMs: z.number().int(),
  concurrency: z.number().int(),
});
type PagesConfig = z.infer<typeof pagesConfigSchema>;

/** The rules of each origin that the pages are of; its robots.txt is fetched when the first page is read. */
function createOrigins(context: RunContext, config: PagesConfig, hostOf: (url: string) => Host) {
  const crawls = new Map<string, Promise<Crawl>>();
  const budget = createPageBudget(Number.MAX_SAFE_INTEGER, 0);

  async function open(origin: string): Promise<Crawl> {
    const { outbound, signal } = context;
    const robots = await fetchRobots(outbound, origin, signal);
    const delayMs = Math.max(config.delayMs, robots.delayMs);
    if (delayMs > 0) await hostOf(origin).noteFetch();
    return {
      context,
      config: { maxPages: config.urls.length, maxDepth: 0 },
      robots,
      scope: () => 'in',
      budget,
      fetch: createPoliteFetch(context, hostOf, () => delayMs),
      followsLinks: false,
      rulesAt: (_item, target) => of(target),
    };
  }

  function of(url: string): Promise<Crawl> {
    const { origin } = new URL(url);
    const crawl = crawls.get(origin) ?? open(origin);
    crawls.set(origin, crawl);
    return crawl;
  }

  return { of };
}

/**
 * Reads single pages, of any number of sites: exactly these addresses, and where they redirect to. A later run asks
 * only for what changed, and removes what is gone.
 */
export async function crawlPages(context: RunContext, sleep: Sleep): Promise<void> {
  const { db, lease } = context;
  const config = pagesConfigSchema.parse(context.source.config);
  const locators = new Set(config.urls.map((url) => canonicalUrl(url) ?? url));
  await addItems(
    db,
    lease.sourceId,
    lease.run,
    [...locators].map((locator) => ({ locator })),
  );
  await carryOverItems(db, lease.sourceId, lease.run);
  await withHosts(context, config.concurrency, sleep, (hostOf) => {
    const origins = createOrigins(context, config, hostOf);
    return workOff(context, config.concurrency, async (item) =>
      crawlPage(await origins.of(item.locator), item),
    );
  });
}
