import { decide, mainEventIndex } from '../domain/conversation.ts';
import type { Command, ConversationStatus, Refusal } from '../domain/conversation.ts';
import { evolve } from '../domain/conversation-fold.ts';
import { previewOf } from '../domain/conversation-view.ts';
import type { ConversationEvent, EventBody } from '../protocol/entities.ts';
import type { ConversationRecord } from '../store/conversation.ts';
import type { ConversationChange } from '../store/conversation-append.ts';

/** What a command does to a conversation that stands as `record` says. */
export type AppendPlan =
  | {
      ok: true;
      /** Number of the event that the sender is told of. */
      seq: number;
      events: ConversationEvent[];
      /** The conversation with them. */
      record: ConversationRecord;
      change: ConversationChange;
    }
  | { ok: false; refusal: Refusal };

export interface PlanContext {
  clientId: string | null;
  at: Date;
  /** How long a turn that begins may be silent before it counts as orphaned. */
  turnLeaseMs: number;
}

/** Decides a command and numbers its events; the caller sees to it that `record` is the newest when it commits. */
export function planAppend(
  record: ConversationRecord,
  given: Command | ((now: ConversationStatus) => Command),
  { clientId, at, turnLeaseMs }: PlanContext,
): AppendPlan {
  const command = typeof given === 'function' ? given(record.status) : given;
  const verdict = decide(record.status, command);
  if (!verdict.ok) return verdict;
  const { lastSeq } = record.status;
  const main = mainEventIndex(command, verdict.events);
  const events = verdict.events.map((body, index) => ({
    conversationId: record.id,
    seq: lastSeq + 1 + index,
    at: at.toISOString(),
    clientId: index === main ? clientId : null,
    body,
  }));
  const status = verdict.events.reduce(evolve, record.status);
  const turnLeaseAt = new Date(at.getTime() + turnLeaseMs);
  const change = {
    before: record,
    clientId,
    events,
    status,
    at,
    turnLeaseAt,
    ...newsOf(verdict.events),
  };
  return { ok: true, seq: lastSeq + 1 + main, events, record: { ...record, status }, change };
}

/** What lists of conversations show of the events. */
function newsOf(events: readonly EventBody[]) {
  const handoff = events.findLast((body) => body.type === 'handoff-requested');
  return {
    preview: events.map(previewOf).findLast((found) => found !== null) ?? null,
    handoffReason: handoff?.reason ?? null,
    isActivity: events.some((body) => body.type !== 'message-seen'),
  };
}
