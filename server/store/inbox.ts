import { z } from 'zod';
import type { Queryable } from '../ports.ts';
import { conversationSummarySchema, type ConversationSummary } from '../protocol/agent.ts';

const iso = z.date().transform((date) => date.toISOString());
const summaryRow = z
  .object({
    ...conversationSummarySchema.shape,
    startedAt: iso,
    updatedAt: iso,
    waitingSince: iso.nullable(),
  })
  .transform((row): ConversationSummary => row);

const select = `select c.id as "conversationId", c.site_id as "siteId", s.name as "siteName",
    c.visitor_id as "visitorId", v.name as "visitorName", c.state, c.agent_id as "agentId",
    c.agent_name as "agentName", c.last_seq as "lastSeq", c.preview, c.preview_role as "previewRole",
    c.started_at as "startedAt", c.active_at as "updatedAt", c.waiting_since as "waitingSince",
    c.handoff_reason as "handoffReason", c.agent_seen_seq as "agentSeenSeq",
    exists (
      select 1 from visitor_presence p join live_instance i on i.id = p.instance_id and i.expires_at > now()
      where p.visitor_id = c.visitor_id
    ) as "isVisitorOnline"
  from conversation c join site s on s.id = c.site_id join visitor v on v.id = c.visitor_id`;

/** The conversations that agents work with: all that wait, then the newest; `limit` at most. */
export async function listSummaries(db: Queryable, limit: number): Promise<ConversationSummary[]> {
  return db.query(
    `${select} where c.last_seq > 0 order by (c.state = 'waiting') desc, c.active_at desc limit $1`,
    [limit],
    summaryRow,
  );
}

/** The lines of these conversations; those that are gone are left out. */
export async function findSummaries(
  db: Queryable,
  conversationIds: readonly string[],
): Promise<ConversationSummary[]> {
  return db.query(`${select} where c.id = any($1::uuid[])`, [conversationIds], summaryRow);
}
