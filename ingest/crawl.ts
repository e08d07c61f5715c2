import { addItems, carryOverItems } from '../server/store/source-item.ts';
import { countPages } from '../server/store/source-ledger.ts';
import { mergeSourceConfig } from '../server/store/source.ts';
import { crawlPage } from './crawl-page.ts';
import { addLinks, websiteConfigSchema, type Crawl, type WebsiteConfig } from './crawl-state.ts';
import { createPoliteFetch, withHosts, type Host, type Sleep } from './host.ts';
import { createPageBudget } from './page-budget.ts';
import { fetchRobots } from './robots.ts';
import type { RunContext } from './run-context.ts';
import { seedFromSitemaps } from './seed.ts';
import { canonicalUrl, createScopeCheck } from './url.ts';
import { workOff } from './work.ts';

/** Adopts where the start address leads (http to https, bare name to www) as the site's origin. */
async function adoptOrigin(crawl: Crawl, config: WebsiteConfig, url: string): Promise<void> {
  const { db, outbound, lease, signal } = crawl.context;
  const { origin } = new URL(url);
  crawl.scope = createScopeCheck({ ...config, origin });
  crawl.robots = await fetchRobots(outbound, origin, signal);
  await mergeSourceConfig(db, lease.sourceId, { origin });
}

/** Takes up the start address, what earlier runs stored, and what the sitemaps name: once per run. */
async function seed(crawl: Crawl, config: WebsiteConfig, start: string, origin: string): Promise<void> {
  const { context, robots } = crawl;
  const { db, lease } = context;
  await addItems(db, lease.sourceId, lease.run, [{ locator: start, depth: 0 }]);
  if (config.seededRun === lease.run) return;
  await carryOverItems(db, lease.sourceId, lease.run);
  if (robots.isAllowed(start)) await addLinks(crawl, await seedFromSitemaps(context, robots, origin), 1);
  await mergeSourceConfig(db, lease.sourceId, { seededRun: lease.run });
}

/**
 * Crawls a website: from its start address and sitemaps along links of the same origin, within the source's
 * patterns, page and depth limits, as far as robots.txt allows. Every address found ends in the ledger. A later
 * run asks only for what changed, and removes what is gone. Begun again after a crash, it goes on with what is
 * left.
 */
export async function crawlWebsite(context: RunContext, sleep: Sleep): Promise<void> {
  const config = websiteConfigSchema.parse(context.source.config);
  await withHosts(context, config.concurrency, sleep, (hostOf) => crawlWithin(context, config, hostOf));
}

async function crawlWithin(
  context: RunContext,
  config: WebsiteConfig,
  hostOf: (url: string) => Host,
): Promise<void> {
  const { db, lease, outbound, signal } = context;
  const start = canonicalUrl(config.url) ?? config.url;
  const origin = config.origin ?? new URL(start).origin;
  const delayMs = () => Math.max(config.delayMs, crawl.robots.delayMs);
  const crawl: Crawl = {
    context,
    config,
    robots: await fetchRobots(outbound, origin, signal),
    scope: createScopeCheck({ ...config, origin }),
    budget: createPageBudget(config.maxPages, await countPages(db, lease.sourceId, lease.run)),
    fetch: createPoliteFetch(context, hostOf, delayMs),
    followsLinks: true,
    rulesAt: async (item, target) => {
      const leavesOrigin = new URL(target).origin !== new URL(item.locator).origin;
      if (leavesOrigin && item.depth === 0) await adoptOrigin(crawl, config, target);
      return crawl;
    },
  };
  await seed(crawl, config, start, origin);
  if (delayMs() > 0) await hostOf(origin).noteFetch();
  await workOff(context, config.concurrency, (item) => crawlPage(crawl, item));
}
