import { z } from 'zod';
import {
  addItems,
  countPages,
  countRunItems,
  finishItem,
  type NewItem,
  type WorkItem,
} from '../server/store/source-item.ts';
import { holdsLease, mergeSourceConfig } from '../server/store/source.ts';
import type { FetchedPage } from '../server/ports.ts';
import { findTwin } from '../server/store/document.ts';
import { fetchWithRetry } from './fetch-retry.ts';
import { outcomes } from './ledger.ts';
import { createPageBudget, type PageBudget } from './page-budget.ts';
import type { ParsedDocument } from './parse/messages.ts';
import { endItem, publish, toNewDocument } from './publish.ts';
import { fetchRobots, type Robots } from './robots.ts';
import { LeaseLost, type RunContext } from './run-context.ts';
import { seedFromSitemaps } from './seed.ts';
import { canonicalUrl, createScopeCheck, hasUnreadableName } from './url.ts';
import { endOnFailure, workOff } from './work.ts';

/** What a website source keeps in its `config`. */
export const websiteConfigSchema = z.object({
  url: z.string(),
  maxPages: z.number().int(),
  maxDepth: z.number().int(),
  include: z.array(z.string()),
  exclude: z.array(z.string()),
  /** The origin that the start address led to. */
  origin: z.string().optional(),
  /** The last run whose sitemaps have been read. */
  seededRun: z.number().int().optional(),
});
export type WebsiteConfig = z.infer<typeof websiteConfigSchema>;

const pagesAtOnce = 4;
const maxPageBytes = 5_000_000;
const pageTimeoutMs = 15_000;

/** State of one crawl, shared by its pages. */
interface Crawl {
  context: RunContext;
  config: WebsiteConfig;
  robots: Robots;
  scope: ReturnType<typeof createScopeCheck>;
  budget: PageBudget;
  /** Takes turns so that the site's crawl delay holds. */
  wait: () => Promise<void>;
}

/** Rows beyond this are not recorded: an endless calendar must not fill the ledger. */
const maxRows = (config: WebsiteConfig) => config.maxPages * 3 + 500;

/** Records the links of a page as items, those that will not be read with the reason. */
async function addLinks(crawl: Crawl, links: readonly string[], depth: number): Promise<void> {
  const { context, config, scope, robots } = crawl;
  const items = new Map<string, NewItem>();
  for (const link of links) {
    const url = canonicalUrl(link);
    if (url === null || items.has(url)) continue;
    const place = scope(url);
    if (place === 'other-site') continue;
    if (place === 'excluded') items.set(url, { locator: url, depth, ...outcomes.excluded() });
    else if (hasUnreadableName(url)) items.set(url, { locator: url, depth, ...outcomes.unreadableName() });
    else if (!robots.isAllowed(url)) items.set(url, { locator: url, depth, ...outcomes.robots() });
    else if (depth > config.maxDepth) {
      items.set(url, { locator: url, depth, ...outcomes.depthLimit(config.maxDepth) });
    } else items.set(url, { locator: url, depth });
  }
  if (items.size === 0) return;
  const room = maxRows(config) - (await countRunItems(context.db, context.lease.sourceId, context.lease.run));
  await addItems(
    context.db,
    context.lease.sourceId,
    context.lease.run,
    [...items.values()].slice(0, Math.max(room, 0)),
  );
}

/** Adopts where the start address leads (http to https, bare name to www) as the site's origin. */
async function adoptOrigin(crawl: Crawl, url: string): Promise<void> {
  const { origin } = new URL(url);
  crawl.config = { ...crawl.config, origin };
  crawl.scope = createScopeCheck({ ...crawl.config, origin });
  crawl.robots = await fetchRobots(crawl.context.outbound, origin, crawl.context.signal);
  await mergeSourceConfig(crawl.context.db, crawl.context.lease.sourceId, { origin });
}

/** The item that a redirect leads to, when this run has not taken it up yet; the first one is then over. */
async function followRedirect(crawl: Crawl, item: WorkItem, target: string): Promise<WorkItem | null> {
  const { db, lease } = crawl.context;
  return db.transaction(async (tx) => {
    if (!(await holdsLease(tx, lease))) throw new LeaseLost();
    await finishItem(tx, item.id, outcomes.redirect(target));
    // `fetched` keeps other hands off; a crash in between is repaired when the run begins again.
    const [id] = await addItems(tx, lease.sourceId, lease.run, [
      { locator: target, depth: item.depth, state: 'fetched' },
    ]);
    return id === undefined ? null : { ...item, id, locator: target };
  });
}

/** Checks where the page really came from; null when it is not to be read under this item. */
async function settleAddress(crawl: Crawl, item: WorkItem, page: FetchedPage): Promise<WorkItem | null> {
  const target = canonicalUrl(page.url);
  if (target === null || target === item.locator) return item;
  if (new URL(target).origin !== new URL(item.locator).origin && item.depth === 0)
    await adoptOrigin(crawl, target);
  const place = crawl.scope(target);
  if (place !== 'in' || !crawl.robots.isAllowed(target)) {
    const end =
      place === 'other-site'
        ? outcomes.otherSite(target)
        : place === 'excluded'
          ? outcomes.excluded()
          : outcomes.robots();
    await endItem(crawl.context, item.id, end);
    return null;
  }
  return followRedirect(crawl, item, target);
}

function outcomeOfStatus(status: number) {
  if (status === 404 || status === 410) return outcomes.gone(status);
  if (status === 401 || status === 407) return outcomes.needsLogin(status);
  if (status === 403 || status === 451) return outcomes.forbidden(status);
  if (status === 429) return outcomes.tooManyRequests();
  return status >= 200 && status < 300 ? null : outcomes.badStatus(status);
}

async function storePage(
  crawl: Crawl,
  item: WorkItem,
  page: FetchedPage,
  parsed: ParsedDocument,
): Promise<void> {
  const { context } = crawl;
  const robotsTag = (page.headers['x-robots-tag'] ?? '').toLowerCase();
  const isNofollow = parsed.isNofollow || /\b(?:nofollow|none)\b/.test(robotsTag);
  if (!isNofollow) await addLinks(crawl, parsed.links, item.depth + 1);
  if (parsed.isNoindex || /\b(?:noindex|none)\b/.test(robotsTag)) {
    await endItem(context, item.id, outcomes.noindex());
  } else if (parsed.passages.length === 0) await endItem(context, item.id, outcomes.empty());
  else {
    const document = toNewDocument(parsed, item.locator, item.locator);
    const twin = await findTwin(context.db, context.source.siteId, context.lease.sourceId, document);
    if (twin !== null) await endItem(context, item.id, outcomes.duplicateOf(twin));
    else await publish(context, item.id, document, validatorsOf(page));
  }
}

function validatorsOf(page: FetchedPage) {
  return { etag: page.headers['etag'] ?? null, lastModified: page.headers['last-modified'] ?? null };
}

async function readPage(crawl: Crawl, item: WorkItem, page: FetchedPage): Promise<void> {
  const { context } = crawl;
  const contentType = page.headers['content-type'] ?? null;
  const url = item.locator;
  const parsed = await context.parser.parse(
    { kind: 'document', bytes: page.body, name: url, url, contentType, title: null },
    context.signal,
  );
  if (parsed.kind === 'document') await storePage(crawl, item, page, parsed);
  else if (parsed.kind === 'failure') await endItem(context, item.id, outcomes.unreadable(parsed));
}

/** Fetches one page and what becomes of it; true when there was a page. */
async function fetchPage(crawl: Crawl, first: WorkItem): Promise<boolean> {
  const { context } = crawl;
  await crawl.wait();
  const limits = { maxBytes: maxPageBytes, timeoutMs: pageTimeoutMs };
  const page = await fetchWithRetry(context, first.locator, limits);
  const refusal = outcomeOfStatus(page.status);
  if (refusal !== null) {
    await endItem(context, first.id, refusal);
    return false;
  }
  const item = await settleAddress(crawl, first, page);
  if (item === null) return false;
  await endOnFailure(context, item.id, () => readPage(crawl, item, page));
  return true;
}

/** Fetches, reads and stores one page, and records what it links to. */
async function crawlPage(crawl: Crawl, item: WorkItem): Promise<void> {
  if (!(await crawl.budget.take())) {
    await endItem(crawl.context, item.id, outcomes.pageLimit(crawl.config.maxPages));
    return;
  }
  let wasPage = false;
  try {
    wasPage = await fetchPage(crawl, item);
  } finally {
    crawl.budget.settle(wasPage);
  }
}

/** Lets callers through one by one, `delayMs` apart. */
function createTurnstile(
  delayMs: () => number,
  signal: AbortSignal,
  sleep: (ms: number, signal: AbortSignal) => Promise<void>,
) {
  let last: Promise<void> = Promise.resolve();
  return (): Promise<void> => {
    if (delayMs() === 0) return Promise.resolve();
    const turn = last.then(() => sleep(delayMs(), signal));
    last = turn.catch(() => {});
    return turn;
  };
}

/**
 * Crawls a website: from its start address and sitemaps along links of the same origin, within the source's
 * patterns, page and depth limits, as far as robots.txt allows. Every address found ends in the ledger.
 * Begun again after a crash, it goes on with what is left.
 */
export async function crawlWebsite(
  context: RunContext,
  sleep: (ms: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { db, lease, outbound, signal } = context;
  const config = websiteConfigSchema.parse(context.source.config);
  const start = canonicalUrl(config.url) ?? config.url;
  const origin = config.origin ?? new URL(start).origin;
  const robots = await fetchRobots(outbound, origin, signal);
  const crawl: Crawl = {
    context,
    config,
    robots,
    scope: createScopeCheck({ ...config, origin }),
    budget: createPageBudget(config.maxPages, await countPages(db, lease.sourceId, lease.run)),
    wait: createTurnstile(() => crawl.robots.delayMs, signal, sleep),
  };
  const startsAllowed = robots.isAllowed(start);
  const refusal = robots.problem === null ? outcomes.robots() : outcomes.robotsUnreadable(robots.problem);
  await addItems(db, lease.sourceId, lease.run, [
    { locator: start, depth: 0, ...(startsAllowed ? {} : refusal) },
  ]);
  if (startsAllowed && config.seededRun !== lease.run) {
    await addLinks(crawl, await seedFromSitemaps(context, robots, origin), 1);
    await mergeSourceConfig(db, lease.sourceId, { seededRun: lease.run });
  }
  await workOff(context, pagesAtOnce, (item) => crawlPage(crawl, item));
}
