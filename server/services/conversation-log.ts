import type { Command, ConversationStatus, Refusal } from '../domain/conversation.ts';
import { AppError } from '../errors.ts';
import type { Clock, Database, Ids, Transaction } from '../ports.ts';
import type { ConversationEvent } from '../protocol/entities.ts';
import type { ConversationRecord } from '../store/conversation.ts';
import { appendChanges, lockConversation } from '../store/conversation-append.ts';
import { hasColleagueAfter } from '../store/event.ts';
import { createAppendGroup } from './append-group.ts';
import { planAppend } from './append-plan.ts';
import { createKnownConversations } from './known-conversations.ts';
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
   * conversation's row lock. Resolves after COMMIT; then tells `published`. What comes at the same moment shares a
   * transaction where the state is known and still holds.
   * @throws AppError `not-found` for a conversation that does not exist or is somebody else's, `unavailable`.
   */
  append(request: AppendRequest): Promise<Appended>;
  /** Tells of events that another instance committed: what is known of the conversation stays new. */
  heard(conversationId: string, events: readonly ConversationEvent[]): void;
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
  const known = createKnownConversations();
  const appendGrouped = createAppendGroup({ ...deps, known });
  const underWay = new Map<string, Promise<Appended>>();

  async function appendAlone(request: AppendRequest): Promise<Appended> {
    const at = new Date(clock.now());
    const { result, record } = await db.transaction((tx) => appendIn(tx, deps, request, at));
    known.set(record);
    return result;
  }

  async function append(request: AppendRequest): Promise<Appended> {
    const isKnown = known.get(request.conversationId) !== undefined;
    const grouped = isKnown ? await appendGrouped(request) : null;
    const result = grouped ?? (await appendAlone(request));
    if (result.kind === 'appended') published(request.conversationId, result.events);
    return result;
  }

  return {
    heard: known.heard,
    async append(request) {
      const { conversationId, clientId } = request;
      if (clientId === null) return append(request);
      const key = `${conversationId} ${clientId}`;
      const first = underWay.get(key);
      if (first !== undefined) return repeatOf(await first);
      const running = append(request).finally(() => underWay.delete(key));
      underWay.set(key, running);
      return running;
    },
  };
}

/** What a repeat is told that came while the first was still under way. */
function repeatOf(first: Appended): Appended {
  return first.kind === 'appended' ? { kind: 'repeated', seq: first.seq } : first;
}

async function appendIn(
  tx: Transaction,
  { ids, timings }: ConversationLogDeps,
  { conversationId, clientId, owner, seen, command }: AppendRequest,
  at: Date,
): Promise<{ result: Appended; record: ConversationRecord }> {
  const locked = await lockConversation(tx, {
    id: conversationId,
    clientId,
    owner,
    epoch: ids.secret(6),
    at,
  });
  const record = locked?.record;
  const isTheirs =
    owner === null || (record?.siteId === owner.siteId && record.visitorId === owner.visitorId);
  if (record === undefined || !isTheirs) throw new AppError('not-found', 'There is no such conversation.');
  const repeatSeq = locked?.repeatSeq ?? null;
  if (repeatSeq !== null) return { result: { kind: 'repeated', seq: repeatSeq }, record };
  if (seen !== undefined && (await hasColleagueAfter(tx, record.id, seen)))
    return { result: { kind: 'refused', refusal: 'behind' }, record };
  const plan = planAppend(record, command, { clientId, at, turnLeaseMs: timings.turnLeaseMs });
  if (!plan.ok) return { result: { kind: 'refused', refusal: plan.refusal }, record };
  const appended = await appendChanges(tx, [plan.change]);
  if (!appended.has(record.id)) throw new Error('A log changed while its row was locked.');
  const { seq, events } = plan;
  return { result: { kind: 'appended', seq, events, record: plan.record }, record: plan.record };
}
