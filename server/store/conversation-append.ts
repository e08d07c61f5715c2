import { z } from 'zod';
import type { ConversationStatus } from '../domain/conversation.ts';
import type { Queryable, Transaction } from '../ports.ts';
import type { ConversationEvent } from '../protocol/entities.ts';
import { conversationRow } from './conversation.ts';
import type { ConversationRecord } from './conversation.ts';

/** Some events that continue a log, and what its row becomes with them. */
export interface ConversationChange {
  /** The conversation as the events were decided on. */
  before: Pick<ConversationRecord, 'id' | 'epoch' | 'status'>;
  /** Nothing is appended when an event bears this id already. */
  clientId: string | null;
  /** Numbered from `before.status.lastSeq + 1` on. */
  events: readonly ConversationEvent[];
  /** The fold of the log with the events. */
  status: ConversationStatus;
  at: Date;
  preview: { text: string; role: string } | null;
  /** Reason of a handoff that this change makes. */
  handoffReason: string | null;
  /** False for marks that people do not count as news. */
  isActivity: boolean;
  /** Set with a turn: when it counts as orphaned. */
  turnLeaseAt: Date | null;
}

const idRow = z.object({ id: z.uuid() });

/**
 * Appends each change whose conversation still stands where it was decided on, and gives the ids of these; all in
 * one statement, which is one transaction where `db` is none. A log that went on meanwhile, that somebody is just
 * writing to, or that has the client's id, is left alone.
 */
export async function appendChanges(
  db: Queryable,
  changes: readonly ConversationChange[],
): Promise<Set<string>> {
  const rows = await db.query(
    'select append_events as id from append_events($1::jsonb)',
    [JSON.stringify(changes.map(changeRow))],
    idRow,
  );
  return new Set(rows.map(({ id }) => id));
}

function changeRow({ before, events, status, preview, ...change }: ConversationChange) {
  return {
    id: before.id,
    begins_at: before.status.lastSeq,
    epoch: before.epoch,
    client_id: change.clientId,
    at: change.at,
    events: events.map(({ seq, clientId, at, body }) => ({ seq, client_id: clientId, at, body })),
    state: status.state,
    agent_id: status.agentId,
    agent_name: status.agentName,
    turn_id: status.turnId,
    last_seq: status.lastSeq,
    visitor_seen_seq: status.visitorSeenSeq,
    agent_seen_seq: status.agentSeenSeq,
    turn_lease_at: change.turnLeaseAt,
    handoff_reason: change.handoffReason,
    preview: preview?.text ?? null,
    preview_role: preview?.role ?? null,
    is_activity: change.isActivity,
  };
}

export interface LockRequest {
  id: string;
  /** Whose number is looked for. */
  clientId: string | null;
  /** Makes the conversation where there is none; null: it must be there. */
  owner: { siteId: string; visitorId: string } | null;
  /** Of a conversation that is made. */
  epoch: string;
  at: Date;
}

/** The conversation under its lock, and the number that the client's id got before, if any. */
export interface LockedConversation {
  record: ConversationRecord;
  repeatSeq: number | null;
}

const lockedRow = z
  .object({ repeat_seq: z.number().int().nullable() })
  .and(conversationRow)
  .transform(({ repeat_seq: repeatSeq, ...record }): LockedConversation => ({ record, repeatSeq }));

/**
 * The conversation, its row locked until the transaction ends, or null. Everything that appends to a log holds this
 * lock: that alone makes sequence numbers gap-free and visible in order.
 * @throws AppError `unavailable` when somebody else holds it for long.
 */
export async function lockConversation(
  tx: Transaction,
  { id, clientId, owner, epoch, at }: LockRequest,
): Promise<LockedConversation | null> {
  const rows = await tx.query(
    'select (locked).*, repeat_seq from lock_conversation($1, $2, $3, $4, $5, $6)',
    [id, clientId, owner?.siteId ?? null, owner?.visitorId ?? null, epoch, at],
    lockedRow,
  );
  return rows[0] ?? null;
}
