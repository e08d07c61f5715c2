import type { EventBody } from '../protocol/entities.ts';
import type { ConversationStatus, Refusal } from './conversation.ts';

/** The status after one more event. The stored row is always the fold of the log by this function. */
export function evolve(status: ConversationStatus, body: EventBody): ConversationStatus {
  const next = { ...status, lastSeq: status.lastSeq + 1 };
  switch (body.type) {
    case 'message-added':
      return next;
    case 'turn-started':
      return { ...next, turnId: body.turnId };
    case 'turn-ended':
      return { ...next, turnId: next.turnId === body.turnId ? null : next.turnId };
    case 'handoff-requested':
      return { ...next, state: 'waiting', agentId: null, agentName: null };
    case 'conversation-assigned':
      return { ...next, state: 'human', agentId: body.agentId, agentName: body.agentName };
    case 'conversation-returned':
    case 'conversation-reopened':
      return { ...next, state: 'ai', agentId: null, agentName: null };
    case 'conversation-resolved':
      return { ...next, state: 'resolved', agentId: null, agentName: null };
    case 'message-seen':
      return body.by === 'visitor'
        ? { ...next, visitorSeenSeq: Math.max(next.visitorSeenSeq, body.upToSeq) }
        : { ...next, agentSeenSeq: Math.max(next.agentSeenSeq, body.upToSeq) };
  }
}

const refusalTexts: Record<Refusal, string> = {
  'already-waiting': 'A person has been asked already.',
  'already-taken': 'Another person has this conversation already.',
  'already-yours': 'You have this conversation already.',
  'not-yours': 'Another person has this conversation. Ask them to hand it over.',
  'not-taken': 'Take the conversation before you act in it.',
  resolved: 'This conversation is resolved. A new message of the visitor opens it again.',
  behind: 'A colleague was here meanwhile. Read what they wrote, then send this again.',
  'stale-turn': 'That answer is over.',
  'nothing-new': 'That was marked before.',
};

/** A refusal in words for the person who tried. */
export function refusalText(refusal: Refusal): string {
  return refusalTexts[refusal];
}
