import type { NewDocument } from '../server/domain/knowledge.ts';
import type { Transaction } from '../server/ports.ts';
import { deleteDocument, findTwins, textHash, type Twin } from '../server/store/document.ts';
import { finishDisplaced, waitingDepth, type WorkItem } from '../server/store/source-item.ts';
import { outcomes } from './ledger.ts';
import type { RunContext } from './run-context.ts';

function isBefore(left: string, right: string): boolean {
  return left.length === right.length ? left < right : left.length < right.length;
}

/**
 * Which of a page's twins is kept in its place, null when the page itself is: the shorter address wins, of equally
 * long ones the lower, so that it does not matter which was read first. A page that waited for the one it names as
 * canonical gives way to any.
 */
export function winnerAmong(item: WorkItem, twins: readonly Pick<Twin, 'externalId'>[]): string | null {
  const hasWaited = item.depth >= waitingDepth;
  const [first, ...others] = twins
    .map((twin) => twin.externalId)
    .filter((address) => hasWaited || isBefore(address, item.locator));
  if (first === undefined) return null;
  return others.reduce((best, address) => (isBefore(address, best) ? address : best), first);
}

/** A page whose text its source has to hold once only. */
export interface OnceOnly {
  item: WorkItem;
  document: NewDocument;
}

/**
 * Settles, inside the transaction that would publish pages, under which addresses their texts are kept. Gives by
 * item the address that is kept in a page's place; of the other pages all copies are gone from ledger and index
 * then. The passages of the site must be locked, and the pages' texts differ: a page that is stored anew with them
 * is nobody's twin.
 */
export async function settleTwins(
  tx: Transaction,
  context: RunContext,
  pages: readonly OnceOnly[],
): Promise<Map<number, string>> {
  const { index, lease, source } = context;
  const { siteId } = source;
  const winners = new Map<number, string>();
  if (pages.length === 0) return winners;
  const documents = pages.map(({ document }) => document);
  const found = await findTwins(tx, siteId, lease.sourceId, documents);
  for (const { item, document } of found.length === 0 ? [] : pages) {
    const hash = textHash(document);
    const twins = found.filter((twin) => twin.textHash === hash);
    const winner = winnerAmong(item, twins);
    if (winner !== null) {
      winners.set(item.id, winner);
      continue;
    }
    for (const twin of twins) {
      await index.remove(tx, { siteId, documentId: twin.id });
      await deleteDocument(tx, siteId, twin.id);
      await finishDisplaced(tx, lease.sourceId, twin.externalId, outcomes.duplicateOf(item.locator));
    }
  }
  return winners;
}
