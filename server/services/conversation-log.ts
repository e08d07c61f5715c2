import { decide, mainEventIndex } from '../domain/conversation.ts';
import type { Command, ConversationStatus, Refusal } from '../domain/conversation.ts';
import { evolve } from '../domain/conversation-fold.ts';
import { previewOf } from '../domain/conversation-view.ts';
import { AppError } from '../errors.ts';
import type { Clock, Database, Ids, Transaction } from '../ports.ts';
import type { ConversationEvent, EventBody } from '../protocol/entities.ts';
import { appendEvents, insertConversation, lockConversation } from '../store/conversation.ts';
import type { ConversationRecord } from '../store/conversation.ts';
import { findSeqByClientId, hasColleagueAfter } from '../store/event.ts';
import type { LiveTimings } from './live-limits.ts';

export interface AppendRequest {
  conversationId: string;
  /** The sender's id for this command; null for what no client sent. */
  clientId: string | null;
  /** A visitor's command: the conversation must be theirs, or new. Null: agents and the AI. */
  owner: { siteId: string; visitorId: string } | null;
  /** An agent's: refused as `behind` when a colleague wrote after `seq` or took the conversation. */
  seen?: { agentId: string; seq: number };
  /** The command, or how to make it of the status under the lock. */
  command: Command | ((now: ConversationStatus) => Command);
}

export type Appended =
  | { kind: 'appended'; seq: number; events: ConversationEvent[]; record: ConversationRecord }
  /** The same client id was here before; `seq` is what it got then. */
  | { kind: 'repeated'; seq: number }
  | { kind: 'refused'; refusal: Refusal };

export interface ConversationLog {
  /**
   * Decides the command against the newest state and appends what it makes, in one transaction under the
   * conversation's row lock. Resolves after COMMIT; then tells `published`.
   * @throws AppError `not-found` for a conversation that does not exist or is somebody else's, `unavailable`.
   */
  append(request: AppendRequest): Promise<Appended>;
}

export interface ConversationLogDeps {
  db: Database;
  clock: Clock;
  ids: Ids;
  timings: LiveTimings;
  /** Called after every COMMIT that appended something. */
  published: (conversationId: string, events: readonly ConversationEvent[]) => void;
}

/** The only writer of conversations and their logs. */
export function createConversationLog(deps: ConversationLogDeps): ConversationLog {
  const { db, clock, published } = deps;
  return {
    async append(request) {
      const result = await db.transaction((tx) => appendIn(tx, deps, request, new Date(clock.now())));
      if (result.kind === 'appended') published(request.conversationId, result.events);
      return result;
    },
  };
}

async function appendIn(
  tx: Transaction,
  deps: ConversationLogDeps,
  request: AppendRequest,
  at: Date,
): Promise<Appended> {
  const { clientId } = request;
  const record = await lockOwned(tx, deps, request, at);
  const repeatSeq = clientId === null ? null : await findSeqByClientId(tx, record.id, clientId);
  if (repeatSeq !== null) return { kind: 'repeated', seq: repeatSeq };
  if (request.seen !== undefined && (await hasColleagueAfter(tx, record.id, request.seen)))
    return { kind: 'refused', refusal: 'behind' };
  const command = typeof request.command === 'function' ? request.command(record.status) : request.command;
  const verdict = decide(record.status, command);
  if (!verdict.ok) return { kind: 'refused', refusal: verdict.refusal };

  const main = mainEventIndex(command, verdict.events);
  const events = verdict.events.map((body, index) => ({
    conversationId: record.id,
    seq: record.status.lastSeq + 1 + index,
    at: at.toISOString(),
    clientId: index === main ? clientId : null,
    body,
  }));
  const status = verdict.events.reduce(evolve, record.status);
  await appendEvents(tx, events, {
    id: record.id,
    status,
    at,
    ...rowChanges(verdict.events, at, deps.timings),
  });
  return {
    kind: 'appended',
    seq: record.status.lastSeq + 1 + main,
    events,
    record: { ...record, status },
  };
}

/** The conversation under its lock; made first when a visitor's command names a new one. */
async function lockOwned(
  tx: Transaction,
  deps: ConversationLogDeps,
  { conversationId, owner }: AppendRequest,
  at: Date,
): Promise<ConversationRecord> {
  let record = await lockConversation(tx, conversationId);
  if (record === null && owner !== null) {
    await insertConversation(tx, { id: conversationId, ...owner, epoch: deps.ids.secret(6), at });
    record = await lockConversation(tx, conversationId);
  }
  const isTheirs =
    record !== null &&
    (owner === null || (record.siteId === owner.siteId && record.visitorId === owner.visitorId));
  if (record === null || !isTheirs) throw new AppError('not-found', 'There is no such conversation.');
  return record;
}

function rowChanges(events: readonly EventBody[], at: Date, { turnLeaseMs }: LiveTimings) {
  const preview = events.map(previewOf).findLast((found) => found !== null) ?? null;
  const handoff = events.findLast((body) => body.type === 'handoff-requested');
  return {
    preview,
    handoffReason: handoff?.reason ?? null,
    isActivity: events.some((body) => body.type !== 'message-seen'),
    turnLeaseAt: new Date(at.getTime() + turnLeaseMs),
  };
}
