import type { FetchedPage } from '../server/ports.ts';
import {
  addItems,
  findItemState,
  finishUnchanged,
  postponeItem,
  waitingDepth,
  type WorkItem,
} from '../server/store/source-item.ts';
import { holdsLease } from '../server/store/source.ts';
import { addLinks, linkDepth, type Crawl } from './crawl-state.ts';
import { outcomes, type Outcome } from './ledger.ts';
import { toNewDocument } from './publish.ts';
import { readDocument, type ReadDocument } from './read-document.ts';
import { endWithoutText } from './removal.ts';
import { LeaseLost } from './run-context.ts';
import { canonicalUrl } from './url.ts';
import { endOnFailure } from './work.ts';

const maxPageBytes = 5_000_000;
/** Linked files may be larger than pages. */
const maxFileBytes = 50_000_000;
const pageTimeoutMs = 15_000;
const fileTimeoutMs = 60_000;
const fileName = /\.(?:pdf|docx|pptx|odt|xlsx|csv)$/i;

/** The item that a redirect leads to, when this run has not taken it up yet; the first one is then over. */
async function followRedirect(crawl: Crawl, item: WorkItem, target: string): Promise<WorkItem | null> {
  const { db, lease } = crawl.context;
  await endWithoutText(crawl.context, item, outcomes.redirect(target));
  return db.transaction(async (tx) => {
    if (!(await holdsLease(tx, lease))) throw new LeaseLost();
    const known = await findItemState(tx, lease.sourceId, target);
    if (known !== null && known.run === lease.run && known.state !== 'found') return null;
    // `fetched` keeps other hands off; a crash in between is repaired when the run begins again.
    const items = [{ locator: target, depth: linkDepth(item), state: 'fetched' as const }];
    const [id] = await addItems(tx, lease.sourceId, lease.run, items);
    return id === undefined ? null : { ...item, id, locator: target, documentId: known?.documentId ?? null };
  });
}

/** Checks where the page really came from; null when it is not to be read under this item. */
async function settleAddress(crawl: Crawl, item: WorkItem, page: FetchedPage): Promise<WorkItem | null> {
  const target = canonicalUrl(page.url);
  if (target === null || target === item.locator) return item;
  const rules = await crawl.rulesAt(item, target);
  const place = rules.scope(target);
  if (place === 'in' && rules.robots.isAllowed(target)) return followRedirect(crawl, item, target);
  const elsewhere = place === 'other-site' ? outcomes.otherSite(target) : outcomes.excluded();
  await endWithoutText(crawl.context, item, place === 'in' ? outcomes.robots() : elsewhere);
  return null;
}

function outcomeOfStatus({ status, headers }: FetchedPage): Outcome | null {
  if (status === 404 || status === 410) return outcomes.gone(status);
  if (headers['cf-mitigated'] === 'challenge') return outcomes.botChallenge();
  if (status === 401 || status === 407) return outcomes.needsLogin(status);
  if (status === 403 || status === 451) return outcomes.forbidden(status);
  if (status === 429) return outcomes.tooManyRequests();
  return status >= 200 && status < 300 ? null : outcomes.badStatus(status);
}

/**
 * Whether the page names another address as its own that this crawl reads too, and is not yet known to be wrong
 * about it. It then waits for that one; if the texts turn out the same it is a duplicate, else it counts itself.
 */
async function waitsForCanonical(crawl: Crawl, item: WorkItem, canonical: string | null): Promise<boolean> {
  const target = canonical === null ? null : canonicalUrl(canonical);
  if (target === null || target === item.locator || item.depth >= waitingDepth) return false;
  if (!crawl.followsLinks || crawl.scope(target) !== 'in' || !crawl.robots.isAllowed(target)) return false;
  await addLinks(crawl, [target], linkDepth(item));
  await postponeItem(crawl.context.db, item.id);
  return true;
}

function wallOutcome(parsed: ReadDocument): Outcome | null {
  if (parsed.wall === 'login') return outcomes.loginPage();
  if (parsed.wall === 'error') return outcomes.errorPage();
  return parsed.wall === 'challenge' ? outcomes.botChallenge() : null;
}

async function storePage(
  crawl: Crawl,
  item: WorkItem,
  page: FetchedPage,
  parsed: ReadDocument,
): Promise<void> {
  const { context } = crawl;
  const robotsTag = (page.headers['x-robots-tag'] ?? '').toLowerCase();
  const isNofollow = parsed.isNofollow || /\b(?:nofollow|none)\b/.test(robotsTag);
  if (!isNofollow) await addLinks(crawl, parsed.links, linkDepth(item) + 1);
  const isNoindex = parsed.isNoindex || /\b(?:noindex|none)\b/.test(robotsTag);
  const refusal = isNoindex ? outcomes.noindex() : wallOutcome(parsed);
  if (refusal !== null) return endWithoutText(context, item, refusal);
  if (parsed.passages.length === 0) return endWithoutText(context, item, outcomes.empty());
  if (await waitsForCanonical(crawl, item, parsed.canonical)) return;
  const document = toNewDocument(parsed, item.locator, item.locator);
  const { ocr, notes } = parsed;
  const validators = { etag: page.headers['etag'] ?? '', lastModified: page.headers['last-modified'] ?? '' };
  await context.publish({ item, document, isOnceOnly: true, marks: { ...validators, ocr }, notes });
}

async function readPage(crawl: Crawl, item: WorkItem, page: FetchedPage): Promise<void> {
  const { context } = crawl;
  const contentType = page.headers['content-type'] ?? null;
  const url = item.locator;
  const task = { kind: 'document' as const, bytes: page.body, name: url, url, contentType, title: null };
  const parsed = await readDocument(context, task);
  if (parsed.kind === 'document') await storePage(crawl, item, page, parsed);
  else if (parsed.kind === 'failure') await endWithoutText(context, item, outcomes.unreadable(parsed));
}

/** Only what is stored as it was needs no second look; everything else is fetched anew. */
function conditions(item: WorkItem): Record<string, string> {
  if (item.documentId === null) return {};
  return {
    ...(item.etag ? { 'if-none-match': item.etag } : {}),
    ...(item.lastModified ? { 'if-modified-since': item.lastModified } : {}),
  };
}

async function endAsUnchanged(crawl: Crawl, item: WorkItem): Promise<void> {
  const { db, lease } = crawl.context;
  await db.transaction(async (tx) => {
    if (!(await holdsLease(tx, lease))) throw new LeaseLost();
    await finishUnchanged(tx, item.id, outcomes.unchanged());
  });
}

/** Fetches one page and what becomes of it; true when there was a page. */
async function fetchPage(crawl: Crawl, first: WorkItem): Promise<boolean> {
  const { context } = crawl;
  const isFile = fileName.test(new URL(first.locator).pathname);
  const page = await crawl.fetch(first.locator, {
    maxBytes: isFile ? maxFileBytes : maxPageBytes,
    timeoutMs: isFile ? fileTimeoutMs : pageTimeoutMs,
    headers: conditions(first),
  });
  if (page.status === 304 && first.documentId !== null) {
    await endAsUnchanged(crawl, first);
    return true;
  }
  const refusal = outcomeOfStatus(page);
  if (refusal !== null) {
    await endWithoutText(context, first, refusal);
    return false;
  }
  const item = await settleAddress(crawl, first, page);
  if (item === null) return false;
  await endOnFailure(context, item, () => readPage(crawl, item, page));
  return true;
}

/** Fetches, reads and stores one page, and records what it links to. */
export async function crawlPage(crawl: Crawl, item: WorkItem): Promise<void> {
  const { context, config, robots } = crawl;
  if (!robots.isAllowed(item.locator)) {
    const { problem } = robots;
    const outcome = problem === null ? outcomes.robots() : outcomes.robotsUnreadable(problem);
    return endWithoutText(context, item, outcome);
  }
  if (!(await crawl.budget.take())) return endWithoutText(context, item, outcomes.pageLimit(config.maxPages));
  let wasPage = false;
  try {
    wasPage = await fetchPage(crawl, item);
  } finally {
    crawl.budget.settle(wasPage);
  }
}
