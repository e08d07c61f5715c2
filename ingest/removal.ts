import type { Transaction } from '../server/ports.ts';
import { deleteDocument, ownsDocument } from '../server/store/document.ts';
import { countMiss, finishItem, type WorkItem } from '../server/store/source-item.ts';
import { holdsLease } from '../server/store/source.ts';
import type { Outcome } from './ledger.ts';
import { readerOf } from './reader.ts';
import { LeaseLost, type RunContext } from './run-context.ts';

/** What must be known of an item to end it. */
type EndingItem = Pick<WorkItem, 'id' | 'documentId'>;

/** A page that could not be read this often in a row is taken for gone. */
const maxMisses = 2;

/**
 * Ends an item that gives no text, and decides about the text of an earlier run: gone at once where the page says
 * so (404, noindex, redirect ...), kept once and removed the second time where it may be a passing fault, kept
 * where it is no fault of the page (a limit). What is removed is found nowhere from the commit on.
 * @throws LeaseLost when the run is in other hands.
 */
export async function endWithoutText(context: RunContext, item: EndingItem, outcome: Outcome): Promise<void> {
  await context.db.transaction(async (tx) => {
    if (!(await holdsLease(tx, context.lease))) throw new LeaseLost();
    await endWithoutTextIn(tx, context, item, outcome);
  });
}

/** As `endWithoutText`, inside a transaction that has made sure of the lease. */
export async function endWithoutTextIn(
  tx: Transaction,
  context: RunContext,
  item: EndingItem,
  outcome: Outcome,
): Promise<void> {
  const { index, lease, source } = context;
  const { siteId } = source;
  const { documentId } = item;
  const isOwn = documentId !== null && (await ownsDocument(tx, lease.sourceId, documentId));
  if (documentId === null || !isOwn || outcome.removal === 'never') {
    await finishItem(tx, item.id, { ...outcome, readBy: readerOf(context.parser) });
    return;
  }
  const misses = outcome.removal === 'at-once' ? maxMisses : await countMiss(tx, item.id);
  if (misses < maxMisses) {
    const kept = 'What was read earlier is kept for now, and removed if this happens again.';
    await finishItem(tx, item.id, { ...outcome, reason: `${outcome.reason} ${kept}` });
    return;
  }
  await index.remove(tx, { siteId, documentId });
  await deleteDocument(tx, siteId, documentId);
  const reason = `${outcome.reason} What was read earlier has been removed.`;
  await finishItem(tx, item.id, { ...outcome, state: 'removed', reason });
}
