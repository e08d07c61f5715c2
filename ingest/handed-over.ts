import { ownsDocument } from '../server/store/document.ts';
import type { WorkItem } from '../server/store/source-item.ts';
import { finishItem } from '../server/store/source-item.ts';
import { dropInput, partsLeftBehind, takeUpInput } from '../server/store/source-input.ts';
import { holdsLease } from '../server/store/source.ts';
import { outcomes } from './ledger.ts';
import { readerOf } from './reader.ts';
import { endWithoutText } from './removal.ts';
import { LeaseLost, type RunContext } from './run-context.ts';
import { workOff } from './work.ts';

/** Whether another source has given the document anew since: what this one was given of it is over then. */
async function isSuperseded(context: RunContext, documentId: number | null): Promise<boolean> {
  if (documentId === null) return false;
  return !(await ownsDocument(context.db, context.lease.sourceId, documentId));
}

async function endSuperseded(context: RunContext, itemId: number): Promise<void> {
  await context.db.transaction(async (tx) => {
    if (!(await holdsLease(tx, context.lease))) throw new LeaseLost();
    await finishItem(tx, itemId, { ...outcomes.superseded(), readBy: readerOf(context.parser) });
    await dropInput(tx, itemId);
  });
}

/** What a container held before and does not hold for this reader. */
async function endLeftBehind(context: RunContext): Promise<void> {
  for (const part of await partsLeftBehind(context.db, context.lease)) {
    context.signal.throwIfAborted();
    if (await isSuperseded(context, part.documentId)) await endSuperseded(context, part.id);
    else await endWithoutText(context, part, outcomes.leftContainer());
  }
}

/**
 * Reads what was handed over: files, lines, pairs. A later run reads again what another reader would read otherwise
 * and what ended badly; the rest stays as it is, without being looked at.
 */
export async function readHandedOver(
  context: RunContext,
  concurrency: number,
  read: (item: WorkItem) => Promise<void>,
): Promise<void> {
  const { db, lease, parser } = context;
  await takeUpInput(db, lease, readerOf(parser), outcomes.unchanged().reason);
  await workOff(context, concurrency, async (item) => {
    if (await isSuperseded(context, item.documentId)) await endSuperseded(context, item.id);
    else await read(item);
  });
  await endLeftBehind(context);
}
