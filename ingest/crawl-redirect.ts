import type { FetchedPage } from '../server/ports.ts';
import { addItems, findItemState, type WorkItem } from '../server/store/source-item.ts';
import { holdsLease } from '../server/store/source.ts';
import { linkDepth, type Crawl } from './crawl-state.ts';
import { outcomes, type Outcome } from './ledger.ts';
import { endWithoutText, endWithoutTextIn } from './removal.ts';
import { LeaseLost } from './run-context.ts';
import { canonicalUrl } from './url.ts';

/**
 * The item that a page leads to, when this run has not taken it up yet. In one transaction the first one ends with
 * `outcome` and the other is there: a worker that dies in between would lose the page.
 */
async function handOver(
  crawl: Crawl,
  item: WorkItem,
  target: string,
  outcome: Outcome,
): Promise<WorkItem | null> {
  const { db, lease } = crawl.context;
  return db.transaction(async (tx) => {
    if (!(await holdsLease(tx, lease))) throw new LeaseLost();
    const known = await findItemState(tx, lease.sourceId, target);
    await endWithoutTextIn(tx, crawl.context, item, outcome);
    if (known !== null && known.run === lease.run && known.state !== 'found') return null;
    // `fetched` keeps other hands off; a crash in between is repaired when the run begins again.
    const items = [{ locator: target, depth: linkDepth(item), state: 'fetched' as const }];
    const [id] = await addItems(tx, lease.sourceId, lease.run, items);
    if (id === undefined) return null;
    return { ...item, id, locator: target, documentId: known?.documentId ?? null, readBy: null };
  });
}

/**
 * Goes on to where a page leads, if that is in scope and robots.txt there allows it; else the page ends with the
 * reason. Null when there is nothing to be read under another address.
 */
export async function moveOn(
  crawl: Crawl,
  item: WorkItem,
  target: string,
  outcome: Outcome,
): Promise<WorkItem | null> {
  const rules = await crawl.rulesAt(item, target);
  const place = rules.scope(target);
  const { robots } = rules;
  if (place === 'in' && robots.isAllowed(target)) return handOver(crawl, item, target, outcome);
  const forbidden = robots.problem === null ? outcomes.robots() : outcomes.robotsUnreadable(robots.problem);
  const elsewhere = place === 'other-site' ? outcomes.otherSite(target) : outcomes.excluded();
  await endWithoutText(crawl.context, item, place === 'in' ? forbidden : elsewhere);
  return null;
}

/** Checks where the page really came from; null when it is not to be read under this item. */
export async function settleAddress(
  crawl: Crawl,
  item: WorkItem,
  page: FetchedPage,
): Promise<WorkItem | null> {
  const target = canonicalUrl(page.url);
  if (target === null || target === item.locator) return item;
  return moveOn(crawl, item, target, outcomes.redirect(target));
}
