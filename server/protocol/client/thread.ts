import type { ConversationEvent, EventBody } from '../entities.ts';
import { removeStreaming } from './thread-live.ts';
import { confirmOutgoing, outgoingEntries } from './thread-outgoing.ts';
import type { Thread, ThreadEntry, ThreadMessage, ThreadNotice } from './types.ts';

/** Who looks at the thread: decides which messages are one's own. */
export type Viewer = { role: 'visitor' } | { role: 'agent'; agentId: string | null };

/** A thread of which nothing is known yet. */
export function emptyThread(conversationId: string): Thread {
  return {
    conversationId,
    state: 'ai',
    entries: [],
    turn: null,
    typing: null,
    agentName: null,
    lastSeq: 0,
    seenByOtherSeq: 0,
    seenSeq: 0,
    isLoaded: false,
  };
}

/** The same conversation with nothing of the log, but with the own messages that still wait for their ack. */
export function withoutLog(thread: Thread): Thread {
  return { ...emptyThread(thread.conversationId), entries: outgoingEntries(thread) };
}

/**
 * The thread after one more event of its log. Pure. An event that is already in the thread changes nothing;
 * the caller makes sure that none is left out (`event.seq === thread.lastSeq + 1`).
 */
export function applyEvent(thread: Thread, event: ConversationEvent, viewer: Viewer): Thread {
  if (event.seq <= thread.lastSeq) return thread;
  return applyBody({ ...thread, lastSeq: event.seq }, event, viewer);
}

function applyBody(thread: Thread, event: ConversationEvent, viewer: Viewer): Thread {
  const body = event.body;
  switch (body.type) {
    case 'message-added':
      return addMessage(thread, event, body, viewer);
    case 'turn-started':
      return { ...thread, turn: { turnId: body.turnId, step: 'searching' } };
    case 'turn-ended':
      return removeStreaming(thread, body.turnId);
    case 'handoff-requested':
      return addNotice({ ...thread, state: 'waiting', agentName: null }, event, {
        type: 'handoff-requested',
        reason: body.reason,
        text: body.notice,
        packet: body.packet,
      });
    case 'conversation-assigned':
      return addNotice({ ...thread, state: 'human', agentName: body.agentName }, event, {
        type: 'assigned',
        agentName: body.agentName,
      });
    case 'conversation-returned':
      return addNotice({ ...thread, state: 'ai', agentName: null }, event, {
        type: 'returned',
        agentName: body.agentName,
      });
    case 'conversation-resolved':
      return addNotice({ ...thread, state: 'resolved', agentName: null }, event, {
        type: 'resolved',
        agentName: body.agentName,
      });
    case 'conversation-reopened':
      return addNotice({ ...thread, state: 'ai' }, event, { type: 'reopened' });
    case 'message-seen':
      return body.by === viewer.role
        ? { ...thread, seenSeq: Math.max(thread.seenSeq, body.upToSeq) }
        : markSeenByOther(thread, body.upToSeq);
  }
}

function addMessage(
  thread: Thread,
  event: ConversationEvent,
  body: Extract<EventBody, { type: 'message-added' }>,
  viewer: Viewer,
): Thread {
  const isOwn =
    body.author.role === viewer.role && (viewer.role === 'visitor' || body.author.id === viewer.agentId);
  const message: ThreadMessage = {
    kind: 'message',
    key: (isOwn ? event.clientId : body.turnId) ?? body.messageId,
    seq: event.seq,
    at: event.at,
    author: body.author,
    text: body.text,
    citations: body.citations,
    status: body.status,
    outgoing: isOwn ? { status: 'delivered', error: null } : null,
    turnId: body.turnId,
    answer: body.answer,
  };
  const typing = thread.typing?.role === body.author.role ? null : thread.typing;
  return insertLogged({ ...confirmOutgoing(thread, event.clientId), typing }, message);
}

function addNotice(thread: Thread, event: ConversationEvent, notice: ThreadNotice['notice']): Thread {
  const entry: ThreadNotice = {
    kind: 'notice',
    key: `${thread.conversationId}:${String(event.seq)}`,
    seq: event.seq,
    at: event.at,
    notice,
  };
  return insertLogged(confirmOutgoing(thread, event.clientId), entry);
}

/** After everything that has its place in the log, before what is being written and what waits for an ack. */
function insertLogged(thread: Thread, entry: ThreadEntry): Thread {
  const others = thread.entries.filter((other) => other.key !== entry.key);
  const logged = others.filter((other) => other.seq !== null);
  const open = others.filter((other) => other.seq === null);
  return { ...thread, entries: [...logged, entry, ...open] };
}

function markSeenByOther(thread: Thread, upToSeq: number): Thread {
  const seenByOtherSeq = Math.max(thread.seenByOtherSeq, upToSeq);
  return {
    ...thread,
    seenByOtherSeq,
    entries: thread.entries.map((entry) =>
      entry.kind === 'message' && entry.outgoing?.status === 'delivered' && isUpTo(entry, seenByOtherSeq)
        ? { ...entry, outgoing: { status: 'seen', error: null } }
        : entry,
    ),
  };
}

function isUpTo(entry: ThreadMessage, seq: number): boolean {
  return entry.seq !== null && entry.seq <= seq;
}
