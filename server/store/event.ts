import { z } from 'zod';
import type { Queryable } from '../ports.ts';
import {
  answerSummarySchema,
  eventBodySchema,
  type AnswerSummary,
  type ConversationEvent,
} from '../protocol/entities.ts';

const eventFields = {
  conversation_id: z.uuid(),
  seq: z.number().int(),
  client_id: z.uuid().nullable(),
  at: z.date(),
  body: eventBodySchema,
};
const eventObject = z.object(eventFields);
const eventRow = eventObject.transform(toEvent);
const sizedRow = z
  .object({ ...eventFields, bytes: z.number().int() })
  .transform((row) => ({ event: toEvent(row), bytes: row.bytes }));

function toEvent(row: z.output<typeof eventObject>): ConversationEvent {
  return {
    conversationId: row.conversation_id,
    seq: row.seq,
    at: row.at.toISOString(),
    clientId: row.client_id,
    body: row.body,
  };
}

/** A part of a log: the events with `after < seq <= upTo`, in order, `limit` at most. */
export interface EventRange {
  conversationId: string;
  after: number;
  upTo: number;
  limit: number;
}

/** The events of the range. */
export async function listEvents(db: Queryable, range: EventRange): Promise<ConversationEvent[]> {
  return db.query(
    `select conversation_id, seq, client_id, at, body from event
     where conversation_id = $1 and seq > $2 and seq <= $3 order by seq limit $4`,
    [range.conversationId, range.after, range.upTo, range.limit],
    eventRow,
  );
}

/** As many of the range's events as have `maxBytes` before the last of them, and the bytes of all that it gives. */
export async function listEventPage(
  db: Queryable,
  range: EventRange & { maxBytes: number },
): Promise<{ events: ConversationEvent[]; bytes: number }> {
  const rows = await db.query(
    `select conversation_id, seq, client_id, at, body::json as body, octet_length(body)::int as bytes from (
       select *, sum(octet_length(body)) over (order by seq) - octet_length(body) as before from (
         select conversation_id, seq, client_id, at, body::text as body from event
         where conversation_id = $1 and seq > $2 and seq <= $3 order by seq limit $4
       ) as range
     ) as measured where before < $5 order by seq`,
    [range.conversationId, range.after, range.upTo, range.limit, range.maxBytes],
    sizedRow,
  );
  return { events: rows.map(({ event }) => event), bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Whether another agent wrote in the conversation, or took it, after `seq`. */
export async function hasColleagueAfter(
  tx: Queryable,
  conversationId: string,
  { agentId, seq }: { agentId: string; seq: number },
): Promise<boolean> {
  const rows = await tx.query(
    `select 1 as found from event where conversation_id = $1 and seq > $2 and (
       (body->>'type' = 'message-added' and body->'author'->>'role' = 'agent' and body->'author'->>'id' <> $3)
       or (body->>'type' = 'conversation-assigned' and body->>'agentId' <> $3)
     ) limit 1`,
    [conversationId, seq, agentId],
    z.object({ found: z.number() }),
  );
  return rows.length > 0;
}

const spokenRow = z.object({ role: z.enum(['visitor', 'ai', 'agent', 'system']), text: z.string() });

/** The newest messages, oldest first, `limit` at most: what the AI is told of the talk so far. */
export async function listMessages(
  db: Queryable,
  conversationId: string,
  upTo: number,
  limit: number,
): Promise<z.output<typeof spokenRow>[]> {
  return db.query(
    `select role, text from (
       select seq, body->'author'->>'role' as role, body->>'text' as text from event
       where conversation_id = $1 and seq <= $2 and body->>'type' = 'message-added'
       order by seq desc limit $3
     ) as newest order by seq`,
    [conversationId, upTo, limit],
    spokenRow,
  );
}

/** The visitor's newest message, or null. */
export async function findLastQuestion(db: Queryable, conversationId: string): Promise<string | null> {
  const rows = await db.query(
    `select body->>'text' as text from event
     where conversation_id = $1 and body->>'type' = 'message-added' and body->'author'->>'role' = 'visitor'
     order by seq desc limit 1`,
    [conversationId],
    z.object({ text: z.string() }),
  );
  return rows[0]?.text ?? null;
}

/** What the AI thought of its newest answer, or null. */
export async function findLastAnswer(db: Queryable, conversationId: string): Promise<AnswerSummary | null> {
  const rows = await db.query(
    `select body->'answer' as answer from event
     where conversation_id = $1 and jsonb_typeof(body->'answer') = 'object' order by seq desc limit 1`,
    [conversationId],
    z.object({ answer: answerSummarySchema }),
  );
  return rows[0]?.answer ?? null;
}
