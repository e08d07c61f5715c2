import { evolve } from '../../server/domain/conversation-fold.ts';
import { newConversation } from '../../server/domain/conversation.ts';
import type { ConversationStatus } from '../../server/domain/conversation.ts';
import { visitorView } from '../../server/domain/conversation-view.ts';
import type { Thread } from '../../server/protocol/client.ts';
import { applyEvent, emptyThread } from '../../server/protocol/client/thread.ts';
import type { Viewer } from '../../server/protocol/client/thread.ts';
import type { ConversationEvent } from '../../server/protocol/entities.ts';
import type { Journal } from './journal.ts';

/** What the database holds when everything is quiet again. */
export interface StoredConversation {
  id: string;
  status: ConversationStatus;
  events: ConversationEvent[];
}

export interface Witness {
  journal: Journal;
  /** Texts that must be in the log, each once; null for those who may be refused (agents). */
  said: readonly string[] | null;
  viewer: Viewer;
  thread: Thread | null;
}

export interface Verdict {
  faults: string[];
  counts: { conversations: number; events: number; messages: number; acked: number; seen: number };
}

/**
 * Compares what every client sent, was told and saw with what the database holds. No fault means: nothing that
 * was acknowledged or sent is lost, nothing is there twice, every log is in order without gaps, every screen
 * shows its log, and the AI kept the rules.
 */
export function check(stored: readonly StoredConversation[], witnesses: readonly Witness[]): Verdict {
  const faults: string[] = [];
  const byId = new Map(stored.map((conversation) => [conversation.id, conversation]));
  for (const conversation of stored) checkLog(conversation, faults);
  for (const witness of witnesses) {
    faults.push(...witness.journal.disorder.map((text) => `disorder: ${text}`));
    checkAcks(byId, witness.journal, faults);
    checkSeen(byId, witness, faults);
    if (witness.said !== null) checkSaid(stored, witness.journal.name, witness.said, faults);
    checkScreen(byId, witness, faults);
  }
  const events = stored.flatMap((conversation) => conversation.events);
  return {
    faults,
    counts: {
      conversations: stored.length,
      events: events.length,
      messages: events.filter(({ body }) => body.type === 'message-added').length,
      acked: witnesses.reduce((sum, { journal }) => sum + journal.acked.size, 0),
      seen: witnesses.reduce((sum, { journal }) => sum + journal.seen.length, 0),
    },
  };
}

function checkLog({ id, status, events }: StoredConversation, faults: string[]): void {
  let folded = newConversation;
  const answered = new Set<string>();
  events.forEach((event, index) => {
    if (event.seq !== index + 1)
      faults.push(`gap: ${id} has ${String(event.seq)} at place ${String(index + 1)}`);
    const { body } = event;
    folded = evolve(folded, body);
    if (folded.turnId !== null && folded.state !== 'ai')
      faults.push(`turn: ${id} has one in state ${folded.state}`);
    if (body.type !== 'message-added' || body.author.role !== 'ai') return;
    if (folded.state !== 'ai')
      faults.push(`talks over: the AI wrote in state ${folded.state}, ${id} ${String(event.seq)}`);
    if (body.turnId !== null && answered.has(body.turnId))
      faults.push(`duplicate: two texts of turn ${body.turnId}`);
    if (body.turnId !== null) answered.add(body.turnId);
  });
  if (JSON.stringify(folded) !== JSON.stringify(status)) faults.push(`fold: the row of ${id} is not its log`);
  if (status.turnId !== null) faults.push(`owed: a turn of ${id} never ended`);
}

function checkAcks(byId: ReadonlyMap<string, StoredConversation>, journal: Journal, faults: string[]): void {
  for (const [clientId, acks] of journal.acked) {
    for (const { conversationId, seq } of acks) {
      const event = byId.get(conversationId)?.events.find((candidate) => candidate.clientId === clientId);
      if (event === undefined) faults.push(`lost: ${journal.name} was told that ${clientId} is kept`);
      else if (event.seq !== seq) {
        faults.push(`ack: ${journal.name} was told ${String(seq)}, the log says ${String(event.seq)}`);
      }
    }
  }
}

function checkSeen(byId: ReadonlyMap<string, StoredConversation>, witness: Witness, faults: string[]): void {
  for (const event of witness.journal.seen) {
    const kept = byId.get(event.conversationId)?.events[event.seq - 1];
    const shown = kept === undefined || witness.viewer.role === 'agent' ? kept : visitorView(kept);
    if (JSON.stringify(shown) !== JSON.stringify(event)) {
      faults.push(
        `ghost: ${witness.journal.name} saw ${event.conversationId} ${String(event.seq)} otherwise`,
      );
      return;
    }
  }
}

/** Each once, and within a conversation in the order of sending. */
function checkSaid(
  stored: readonly StoredConversation[],
  name: string,
  said: readonly string[],
  faults: string[],
): void {
  const order = new Map(said.map((text, index) => [text, index]));
  const found = new Set<string>();
  for (const { events } of stored) {
    let last = -1;
    for (const { body } of events) {
      if (body.type !== 'message-added' || body.author.role !== 'visitor') continue;
      if (!body.text.startsWith(`${name}#`)) continue;
      if (found.has(body.text)) faults.push(`duplicate: ${body.text}`);
      found.add(body.text);
      const place = order.get(body.text) ?? -1;
      if (place < last) faults.push(`reordered: ${body.text}`);
      last = Math.max(last, place);
    }
  }
  for (const text of said) if (!found.has(text)) faults.push(`lost: ${text} was sent and never kept`);
}

/** The screen is the fold of the log, entry by entry. */
function checkScreen(
  byId: ReadonlyMap<string, StoredConversation>,
  witness: Witness,
  faults: string[],
): void {
  const { thread, viewer, journal } = witness;
  if (thread === null) return;
  const difference = screenDifference(byId.get(thread.conversationId)?.events ?? [], thread, viewer);
  if (difference !== null) faults.push(`screen: ${journal.name} ${difference}`);
}

/** How a screen differs from its log, or null. */
export function screenDifference(
  events: readonly ConversationEvent[],
  thread: Thread,
  viewer: Viewer,
): string | null {
  const visible = viewer.role === 'visitor' ? events.map(visitorView) : events;
  const fresh = visible.reduce(
    (known, event) => applyEvent(known, event, viewer),
    emptyThread(thread.conversationId),
  );
  if (thread.lastSeq !== fresh.lastSeq) return `is at ${String(thread.lastSeq)} of ${String(fresh.lastSeq)}`;
  if (thread.state !== fresh.state) return `shows ${thread.state}, it is ${fresh.state}`;
  if (thread.turn?.turnId !== fresh.turn?.turnId) return 'shows another turn';
  // what was refused (an agent who no longer has the conversation) stands below the log, with its retry
  const logged = thread.entries.filter(
    (entry) => entry.kind === 'notice' || entry.outgoing?.status !== 'failed' || entry.seq !== null,
  );
  const [shown, wanted] = [logged, fresh.entries].map((entries) => JSON.stringify(entries));
  return shown === wanted ? null : 'shows other entries';
}
