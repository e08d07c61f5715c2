import { z } from 'zod';
import type { ConversationStatus } from '../domain/conversation.ts';
import type { Queryable, Transaction } from '../ports.ts';
import { conversationStateSchema } from '../protocol/entities.ts';
import type { ConversationEvent } from '../protocol/entities.ts';

/** A conversation's row. */
export interface ConversationRecord {
  id: string;
  siteId: string;
  visitorId: string;
  epoch: string;
  status: ConversationStatus;
  /** How often the present turn has been begun, 0 where there is none. */
  turnAttempt: number;
}

const conversationRow = z
  .object({
    id: z.uuid(),
    site_id: z.string(),
    visitor_id: z.uuid(),
    epoch: z.string(),
    state: conversationStateSchema,
    agent_id: z.uuid().nullable(),
    agent_name: z.string().nullable(),
    turn_id: z.uuid().nullable(),
    turn_attempt: z.number().int(),
    last_seq: z.number().int(),
    visitor_seen_seq: z.number().int(),
    agent_seen_seq: z.number().int(),
  })
  .transform((row): ConversationRecord => ({
    id: row.id,
    siteId: row.site_id,
    visitorId: row.visitor_id,
    epoch: row.epoch,
    turnAttempt: row.turn_attempt,
    status: {
      state: row.state,
      agentId: row.agent_id,
      agentName: row.agent_name,
      turnId: row.turn_id,
      lastSeq: row.last_seq,
      visitorSeenSeq: row.visitor_seen_seq,
      agentSeenSeq: row.agent_seen_seq,
    },
  }));

const columns = `id, site_id, visitor_id, epoch, state, agent_id, agent_name, turn_id, turn_attempt, last_seq,
  visitor_seen_seq, agent_seen_seq`;

/** The conversation as last committed, or null. */
export async function findConversation(db: Queryable, id: string): Promise<ConversationRecord | null> {
  const rows = await db.query(`select ${columns} from conversation where id = $1`, [id], conversationRow);
  return rows[0] ?? null;
}

/** For each id the conversation as last committed, or null. */
export async function findConversations(
  db: Queryable,
  ids: readonly string[],
): Promise<(ConversationRecord | null)[]> {
  const rows = await db.query(
    `select ${columns} from conversation where id = any($1::uuid[])`,
    [ids],
    conversationRow,
  );
  const byId = new Map(rows.map((record) => [record.id, record]));
  return ids.map((id) => byId.get(id.toLowerCase()) ?? null);
}

/**
 * The conversation, its row locked until the transaction ends. Everything that appends to a log goes through
 * here first: that alone makes sequence numbers gap-free and visible in order.
 */
export async function lockConversation(tx: Transaction, id: string): Promise<ConversationRecord | null> {
  const rows = await tx.query(
    `select ${columns} from conversation where id = $1 for update`,
    [id],
    conversationRow,
  );
  return rows[0] ?? null;
}

export interface NewConversation {
  id: string;
  siteId: string;
  visitorId: string;
  epoch: string;
  at: Date;
}

/** Adds an empty conversation unless the id is taken (by whomever: the caller checks the owner). */
export async function insertConversation(tx: Transaction, conversation: NewConversation): Promise<void> {
  await tx.execute(
    `insert into conversation (id, site_id, visitor_id, epoch, state, started_at, active_at, updated_at)
     values ($1, $2, $3, $4, 'ai', $5, $5, $5) on conflict (id) do nothing`,
    [conversation.id, conversation.siteId, conversation.visitorId, conversation.epoch, conversation.at],
  );
}

export interface StatusUpdate {
  id: string;
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

/**
 * Appends events that have their numbers already and writes the fold of the log, in one statement; call it in the
 * transaction that holds the row's lock.
 */
export async function appendEvents(
  tx: Transaction,
  events: readonly ConversationEvent[],
  update: StatusUpdate,
): Promise<void> {
  const { status } = update;
  await tx.execute(
    `with appended as (
       insert into event (conversation_id, seq, client_id, at, body)
       select (e->>'conversationId')::uuid, (e->>'seq')::int, (e->>'clientId')::uuid, (e->>'at')::timestamptz,
         e->'body'
       from jsonb_array_elements($15::jsonb) as e
     )
     update conversation set
       state = $2, agent_id = $3, agent_name = $4, last_seq = $5, visitor_seen_seq = $6, agent_seen_seq = $7,
       turn_attempt = case when $8::uuid is null then 0 when turn_id is null then 1
         when turn_id = $8 then turn_attempt else turn_attempt + 1 end,
       turn_lease_at = case when $8::uuid is null then null when turn_id = $8 then turn_lease_at else $9 end,
       turn_id = $8,
       waiting_since = case when $2 <> 'waiting' then null else coalesce(waiting_since, $10) end,
       handoff_reason = case when $2 = 'ai' then null else coalesce($11, handoff_reason) end,
       preview = coalesce($12, preview), preview_role = coalesce($13, preview_role), updated_at = $10,
       active_at = case when $14 then $10 else active_at end
     where id = $1`,
    [
      update.id,
      status.state,
      status.agentId,
      status.agentName,
      status.lastSeq,
      status.visitorSeenSeq,
      status.agentSeenSeq,
      status.turnId,
      update.turnLeaseAt,
      update.at,
      update.handoffReason,
      update.preview?.text ?? null,
      update.preview?.role ?? null,
      update.isActivity,
      JSON.stringify(events),
    ],
  );
}

/** For each visitor the newest conversation that is not resolved, or null. */
export async function findOpenConversations(
  db: Queryable,
  visitorIds: readonly string[],
): Promise<(string | null)[]> {
  const rows = await db.query(
    `select distinct on (visitor_id) visitor_id, id from conversation
     where visitor_id = any($1::uuid[]) and state <> 'resolved' order by visitor_id, active_at desc`,
    [visitorIds],
    z.object({ visitor_id: z.uuid(), id: z.uuid() }),
  );
  const byVisitor = new Map(rows.map((row) => [row.visitor_id, row.id]));
  return visitorIds.map((id) => byVisitor.get(id) ?? null);
}

/** Conversations that changed at `since` or later, with their newest sequence number; the newest 5,000 at most. */
export async function findChangedSince(db: Queryable, since: Date): Promise<Map<string, number>> {
  return toSeqs(
    await db.query(
      'select id, last_seq from conversation where updated_at >= $1 order by updated_at desc limit 5000',
      [since],
      seqRow,
    ),
  );
}

/** The newest sequence number of each conversation: what the position check compares with. */
export async function findLastSeqs(
  db: Queryable,
  conversationIds: readonly string[],
): Promise<Map<string, number>> {
  return toSeqs(
    await db.query(
      'select id, last_seq from conversation where id = any($1::uuid[])',
      [conversationIds],
      seqRow,
    ),
  );
}

const seqRow = z.object({ id: z.uuid(), last_seq: z.number().int() });

function toSeqs(rows: readonly z.output<typeof seqRow>[]): Map<string, number> {
  return new Map(rows.map((row) => [row.id, row.last_seq]));
}
