import type { NewDocument } from '../server/domain/knowledge.ts';
import type { Transaction } from '../server/ports.ts';
import { deleteDocument, findTwins, lockText, type Twin } from '../server/store/document.ts';
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
export function winnerAmong(item: WorkItem, twins: readonly Twin[]): string | null {
  const hasWaited = item.depth >= waitingDepth;
  const [first, ...others] = twins
    .map((twin) => twin.externalId)
    .filter((address) => hasWaited || isBefore(address, item.locator));
  if (first === undefined) return null;
  return others.reduce((best, address) => (isBefore(address, best) ? address : best), first);
}

/**
 * Settles, inside the transaction that would publish a page, under which address a text is kept. Gives the address
 * that is kept in the page's place; or null, and then all other copies are gone from ledger and index.
 */
export async function settleTwins(
  tx: Transaction,
  context: RunContext,
  item: WorkItem,
  document: NewDocument,
): Promise<string | null> {
  const { index, lease, source } = context;
  const { siteId } = source;
  await lockText(tx, lease.sourceId, document);
  const twins = await findTwins(tx, siteId, lease.sourceId, document);
  const winner = winnerAmong(item, twins);
  if (winner !== null) return winner;
  for (const twin of twins) {
    await index.remove(tx, { siteId, documentId: twin.id });
    await deleteDocument(tx, siteId, twin.id);
    await finishDisplaced(tx, lease.sourceId, twin.externalId, outcomes.duplicateOf(item.locator));
  }
  return null;
}
