import { z } from 'zod';
import { websiteSettingsSchema } from '../server/protocol/http-knowledge.ts';
import { addItems, waitingDepth, type NewItem, type WorkItem } from '../server/store/source-item.ts';
import { countRunItems } from '../server/store/source-ledger.ts';
import type { PoliteFetch } from './host.ts';
import { outcomes } from './ledger.ts';
import type { PageBudget } from './page-budget.ts';
import type { Robots } from './robots.ts';
import type { RunContext } from './run-context.ts';
import { canonicalUrl, hasUnreadableName, type ScopeCheck } from './url.ts';

/** What a website source keeps in its `config`. */
export const websiteConfigSchema = websiteSettingsSchema.strip().extend({
  url: z.string(),
  /** The origin that the start address led to. */
  origin: z.string().optional(),
  /** The last run whose sitemaps and known pages have been taken up. */
  seededRun: z.number().int().optional(),
});
export type WebsiteConfig = z.infer<typeof websiteConfigSchema>;

/** State of one crawl, shared by its pages. */
export interface Crawl {
  context: RunContext;
  config: Pick<WebsiteConfig, 'maxPages' | 'maxDepth'>;
  robots: Robots;
  scope: ScopeCheck;
  budget: PageBudget;
  /** Fetches as often, and as many at a time, as the site allows. */
  fetch: PoliteFetch;
  /** False where what pages link to is not read. */
  followsLinks: boolean;
  /** The crawl whose rules hold where a page redirects to. */
  rulesAt: (item: WorkItem, target: string) => Promise<Crawl>;
}

/** How many links a page is away from the start. */
export const linkDepth = (item: { depth: number }) => item.depth % waitingDepth;

/** Rows beyond this are not recorded: an endless calendar must not fill the ledger. */
const maxRows = (config: Crawl['config']) => config.maxPages * 3 + 500;

function itemOfLink(crawl: Crawl, url: string, depth: number): NewItem | null {
  const { config, scope, robots } = crawl;
  const place = scope(url);
  if (place === 'other-site') return null;
  if (place === 'excluded') return { locator: url, depth, ...outcomes.excluded() };
  if (hasUnreadableName(url)) return { locator: url, depth, ...outcomes.unreadableName() };
  if (!robots.isAllowed(url)) return { locator: url, depth, ...outcomes.robots() };
  const isTooDeep = depth > config.maxDepth;
  return { locator: url, depth, ...(isTooDeep ? outcomes.depthLimit(config.maxDepth) : {}) };
}

/** Records the links of a page as items, those that will not be read with the reason. */
export async function addLinks(crawl: Crawl, links: readonly string[], depth: number): Promise<void> {
  if (!crawl.followsLinks) return;
  const { db, lease } = crawl.context;
  const items = new Map<string, NewItem>();
  for (const link of links) {
    const url = canonicalUrl(link);
    const item = url === null || items.has(url) ? null : itemOfLink(crawl, url, depth);
    if (item !== null) items.set(item.locator, item);
  }
  if (items.size === 0) return;
  const room = maxRows(crawl.config) - (await countRunItems(db, lease.sourceId, lease.run));
  await addItems(db, lease.sourceId, lease.run, [...items.values()].slice(0, Math.max(room, 0)));
}
