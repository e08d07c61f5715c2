import { z } from 'zod';
import type { ConversationStatus } from '../domain/conversation.ts';
import type { Queryable } from '../ports.ts';
import { conversationStateSchema } from '../protocol/entities.ts';

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

/** One row of `conversationColumns`. */
export const conversationRow = z
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

/** What `conversationRow` reads. */
export const conversationColumns = `id, site_id, visitor_id, epoch, state, agent_id, agent_name, turn_id, turn_attempt, last_seq,
  visitor_seen_seq, agent_seen_seq`;

/** The conversation as last committed, or null. */
export async function findConversation(db: Queryable, id: string): Promise<ConversationRecord | null> {
  const rows = await db.query(
    `select ${conversationColumns} from conversation where id = $1`,
    [id],
    conversationRow,
  );
  return rows[0] ?? null;
}

/** For each id the conversation as last committed, or null. */
export async function findConversations(
  db: Queryable,
  ids: readonly string[],
): Promise<(ConversationRecord | null)[]> {
  const rows = await db.query(
    `select ${conversationColumns} from conversation where id = any($1::uuid[])`,
    [ids],
    conversationRow,
  );
  const byId = new Map(rows.map((record) => [record.id, record]));
  return ids.map((id) => byId.get(id.toLowerCase()) ?? null);
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
