import type { FetchedPage } from '../server/ports.ts';
import { finishUnchanged, postponeItem, waitingDepth, type WorkItem } from '../server/store/source-item.ts';
import { holdsLease } from '../server/store/source.ts';
import { addLinks, linkDepth, type Crawl } from './crawl-state.ts';
import { moveOn, settleAddress } from './crawl-redirect.ts';
import { maxRedirects } from './fetch.ts';
import { outcomes, type Outcome } from './ledger.ts';
import { toNewDocument } from './publish.ts';
import { readDocument, type ReadDocument } from './read-document.ts';
import { readerOf } from './reader.ts';
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
  if (parsed.passages.length === 0) return endWithoutText(context, item, outcomes.empty(parsed.notes));
  if (await waitsForCanonical(crawl, item, parsed.canonical)) return;
  const document = toNewDocument(parsed, item.locator, item.locator);
  const { ocr, notes } = parsed;
  const validators = { etag: page.headers['etag'] ?? '', lastModified: page.headers['last-modified'] ?? '' };
  await context.publish({
    item,
    document,
    isOnceOnly: true,
    marks: { ...validators, ocr, readBy: readerOf(context.parser) },
    notes,
  });
}

/** Reads a page and stores it; gives the address that it sends its reader on to instead, where it does. */
async function readPage(crawl: Crawl, item: WorkItem, page: FetchedPage): Promise<string | null> {
  const { context } = crawl;
  const contentType = page.headers['content-type'] ?? null;
  const url = item.locator;
  const task = { kind: 'document' as const, bytes: page.body, name: url, url, contentType, title: null };
  const parsed = await readDocument(context, task);
  if (parsed.kind === 'failure') await endWithoutText(context, item, outcomes.unreadable(parsed));
  if (parsed.kind !== 'document') return null;
  const onward = parsed.refresh === null ? null : canonicalUrl(parsed.refresh);
  if (onward !== null && onward !== item.locator) return onward;
  await storePage(crawl, item, page, parsed);
  return null;
}

/** Only what is stored as this reader reads it needs no second look; everything else is fetched anew. */
function conditions({ context }: Crawl, item: WorkItem): Record<string, string> {
  if (item.documentId === null || item.readBy !== readerOf(context.parser)) return {};
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

/** What came of one address: whether there was a page, and where it leads to. */
interface Fetched {
  wasPage: boolean;
  /** The item that it was read under, and the address that it sends its reader on to; null where it does not. */
  onward: { from: WorkItem; target: string } | null;
  redirects: number;
}

async function fetchPage(crawl: Crawl, first: WorkItem, redirectsLeft: number): Promise<Fetched> {
  const { context } = crawl;
  const isFile = fileName.test(new URL(first.locator).pathname);
  const page = await crawl.fetch(first.locator, {
    maxBytes: isFile ? maxFileBytes : maxPageBytes,
    timeoutMs: isFile ? fileTimeoutMs : pageTimeoutMs,
    headers: conditions(crawl, first),
    maxRedirects: redirectsLeft,
  });
  const { redirects } = page;
  const noPage: Fetched = { wasPage: false, onward: null, redirects };
  if (page.status === 304 && first.documentId !== null) {
    await endAsUnchanged(crawl, first);
    return { ...noPage, wasPage: true };
  }
  const refusal = outcomeOfStatus(page);
  if (refusal !== null) {
    await endWithoutText(context, first, refusal);
    return noPage;
  }
  const item = await settleAddress(crawl, first, page);
  if (item === null) return noPage;
  const target = await endOnFailure(context, item, () => readPage(crawl, item, page));
  return { wasPage: true, redirects, onward: target === null ? null : { from: item, target } };
}

/** Fetches a page, and the one that it sends its reader on to in its place; true when there was a page. */
async function followPage(crawl: Crawl, first: WorkItem): Promise<boolean> {
  const { context } = crawl;
  const seen = new Set([first.locator]);
  let redirectsLeft = maxRedirects;
  let item = first;
  for (;;) {
    const current = item;
    const read = () => fetchPage(crawl, current, redirectsLeft);
    // The first one's failure is the caller's to end.
    const fetched = item === first ? await read() : await endOnFailure(context, item, read);
    if (fetched === null || fetched.onward === null) return fetched?.wasPage ?? false;
    const { from, target } = fetched.onward;
    redirectsLeft -= fetched.redirects + 1;
    if (redirectsLeft < 0 || seen.has(target)) {
      await endWithoutText(context, from, outcomes.refreshCircle());
      return false;
    }
    seen.add(target);
    const next = await moveOn(crawl, from, target, outcomes.refresh(target));
    if (next === null) return false;
    item = next;
  }
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
    wasPage = await followPage(crawl, item);
  } finally {
    crawl.budget.settle(wasPage);
  }
}
