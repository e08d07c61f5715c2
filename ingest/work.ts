import { errorMessage } from '../server/errors.ts';
import { suspectAttempts, takeItems, type WorkItem } from '../server/store/source-item.ts';
import { outcomeOfError, outcomes } from './ledger.ts';
import { endWithoutText } from './removal.ts';
import { LeaseLost, type RunContext } from './run-context.ts';

/**
 * An item is given up when this many workers more have died over it while it was the only one in hand. Parsing is
 * apart, so that an item hardly can kill a worker; restarts in a row must not be taken for its fault.
 */
const maxAttempts = suspectAttempts + 25;

/** Does `work` for an item; an expected failure of it becomes the item's end, and gives null. */
export async function endOnFailure<Result>(
  context: RunContext,
  item: WorkItem,
  work: () => Promise<Result>,
): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof LeaseLost) throw error;
    const outcome = outcomeOfError(error);
    if (outcome === null) throw error;
    context.logger.warn('ingest-item-failed', {
      sourceId: context.lease.sourceId,
      itemId: item.id,
      cause: errorMessage(error),
    });
    await endWithoutText(context, item, outcome);
    return null;
  }
}

async function handleItem(
  context: RunContext,
  item: WorkItem,
  handle: (item: WorkItem) => Promise<void>,
): Promise<void> {
  await endOnFailure(context, item, () =>
    item.attempts > maxAttempts
      ? endWithoutText(context, item, outcomes.brokeWorker(maxAttempts))
      : handle(item),
  );
}

/**
 * Works off a run's items, `concurrency` at a time, until none is left, those included that `handle` adds.
 * Progress is in the items' rows, so a run that breaks off goes on where it was.
 * @throws LeaseLost, the signal's reason, or an unexpected error; items in hand have settled by then.
 */
export async function workOff(
  context: RunContext,
  concurrency: number,
  handle: (item: WorkItem) => Promise<void>,
): Promise<void> {
  const { db, lease, signal } = context;
  const inHand = new Map<number, Promise<void>>();
  const failures: unknown[] = [];
  const begin = (item: WorkItem) => {
    const work = handleItem(context, item, handle)
      .catch((error: unknown) => {
        failures.push(error);
      })
      .finally(() => inHand.delete(item.id));
    inHand.set(item.id, work);
  };
  for (;;) {
    const isStopping = failures.length > 0 || signal.aborted;
    // Looked at before the query: what ends while it runs may leave further items behind.
    const busy = [...inHand.keys()];
    const free = isStopping ? 0 : concurrency - busy.length;
    const items = free > 0 ? await takeItems(db, lease, free, busy) : [];
    for (const item of items) begin(item);
    if (items.length === 0 && busy.length === 0) break;
    const mustWait = items.length < free || inHand.size >= concurrency || isStopping;
    if (!mustWait || inHand.size === 0) continue;
    await Promise.race(inHand.values());
    // What was stored together ends together: its places are filled by one query.
    await new Promise(setImmediate);
  }
  if (failures.length > 0) throw failures[0];
  signal.throwIfAborted();
}
