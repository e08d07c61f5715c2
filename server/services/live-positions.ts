import type { Database } from '../ports.ts';
import { findChangedSince, findLastSeqs } from '../store/conversation.ts';
import { positionBatch } from './live-limits.ts';

/** Changes are looked for this far back as well: clocks of instances differ, transactions take time. */
const overlapMs = 30_000;

/**
 * Reads the newest sequence number of everything watched, and of whatever changed lately (for inboxes), and
 * hands each to `found`. Who hears of a number that it has already does nothing.
 * @throws AppError `unavailable`.
 */
export async function checkPositions(
  db: Database,
  request: { watched: readonly string[]; sinceMs: number },
  found: (conversationId: string, lastSeq: number) => void,
): Promise<void> {
  const seqs = await findChangedSince(db, new Date(request.sinceMs - overlapMs));
  for (let start = 0; start < request.watched.length; start += positionBatch) {
    const batch = await findLastSeqs(db, request.watched.slice(start, start + positionBatch));
    for (const [conversationId, lastSeq] of batch) seqs.set(conversationId, lastSeq);
  }
  for (const [conversationId, lastSeq] of seqs) found(conversationId, lastSeq);
}
