import type {
  AnswerSummary,
  Author,
  Citation,
  ConversationState,
  EventBody,
  HandoffPacket,
  HandoffReason,
} from '../protocol/entities.ts';

/** What decisions about a conversation depend on: the fold of its log. */
export interface ConversationStatus {
  state: ConversationState;
  /** Set exactly while `state` is `human`. */
  agentId: string | null;
  agentName: string | null;
  /** The answer that the AI is writing; only possible while `state` is `ai`. */
  turnId: string | null;
  lastSeq: number;
  visitorSeenSeq: number;
  agentSeenSeq: number;
}

/** A conversation before its first event. */
export const newConversation: ConversationStatus = {
  state: 'ai',
  agentId: null,
  agentName: null,
  turnId: null,
  lastSeq: 0,
  visitorSeenSeq: 0,
  agentSeenSeq: 0,
};

export interface Person {
  id: string;
  name: string;
}

/** What the AI had written when its turn was cut short. */
export interface PartialText {
  messageId: string;
  text: string;
}

export type Command =
  | {
      type: 'visitor-message';
      messageId: string;
      visitor: Person;
      text: string;
      /** Used when the AI has to answer. */
      turnId: string;
      partial: PartialText | null;
    }
  | { type: 'request-person'; notice: string; packet: HandoffPacket | null; partial: PartialText | null }
  | { type: 'stop-turn'; turnId: string; partial: PartialText | null }
  | {
      type: 'finish-turn';
      turnId: string;
      message: {
        messageId: string;
        text: string;
        citations: readonly Citation[];
        answer: AnswerSummary;
        /** `incomplete` where the model broke off. */
        status?: 'complete' | 'incomplete';
      } | null;
      handoff: { reason: HandoffReason; notice: string; packet: HandoffPacket } | null;
    }
  | { type: 'fail-turn'; turnId: string; notice: string; packet: HandoffPacket; partial: PartialText | null }
  | { type: 'restart-turn'; turnId: string; nextTurnId: string }
  | { type: 'take'; agent: Person; partial: PartialText | null }
  | { type: 'agent-message'; messageId: string; agent: Person; text: string }
  | { type: 'return'; agent: Person }
  | { type: 'resolve'; agent: Person }
  | { type: 'mark-seen'; by: 'visitor' | 'agent'; upToSeq: number };

/** Why a command is not legal now. Codes are stable; see `refusalText` for words. */
export type Refusal =
  | 'already-waiting'
  | 'already-taken'
  | 'already-yours'
  | 'not-yours'
  | 'not-taken'
  | 'resolved'
  | 'behind'
  | 'stale-turn'
  | 'nothing-new';

export type Verdict = { ok: true; events: EventBody[] } | { ok: false; refusal: Refusal };

const refuse = (refusal: Refusal): Verdict => ({ ok: false, refusal });
const accept = (...events: EventBody[]): Verdict => ({ ok: true, events });

/**
 * What a command does to a conversation: the events it makes, in order, or why it is not legal. Pure; the caller
 * holds the conversation's row lock, so the status is the newest.
 */
export function decide(now: ConversationStatus, command: Command): Verdict {
  switch (command.type) {
    case 'visitor-message':
      return decideVisitorMessage(now, command);
    case 'request-person':
      return decideRequest(now, command);
    case 'stop-turn':
      if (now.turnId !== command.turnId) return refuse('stale-turn');
      return accept(...cutTurn(now, command.partial, 'stopped'));
    case 'finish-turn':
      return decideFinish(now, command);
    case 'fail-turn':
      if (now.turnId !== command.turnId) return refuse('stale-turn');
      return accept(
        ...cutTurn(now, command.partial, 'failed'),
        handoff('model-unavailable', command.notice, command.packet),
      );
    case 'restart-turn':
      if (now.turnId !== command.turnId) return refuse('stale-turn');
      return accept(ended(command.turnId, 'superseded'), {
        type: 'turn-started',
        turnId: command.nextTurnId,
      });
    case 'take':
      return decideTake(now, command);
    case 'agent-message':
    case 'return':
    case 'resolve':
      return decideAgentAction(now, command);
    case 'mark-seen':
      return decideSeen(now, command);
  }
}

/** Which of the events carries the client's id, and so gives the ack its number. */
export function mainEventIndex(command: Command, events: readonly EventBody[]): number {
  if (command.type !== 'visitor-message') return events.length - 1;
  return events.findLastIndex((body) => body.type === 'message-added');
}

type Of<Type extends Command['type']> = Extract<Command, { type: Type }>;

/** The AI answers only in state `ai`; elsewhere the message is kept for the agent. */
function decideVisitorMessage(now: ConversationStatus, command: Of<'visitor-message'>): Verdict {
  const message = said(command.messageId, { role: 'visitor', ...command.visitor }, command.text);
  if (now.state === 'waiting' || now.state === 'human') return accept(message);
  const reopened: EventBody[] = now.state === 'resolved' ? [{ type: 'conversation-reopened' }] : [];
  return accept(...reopened, ...cutTurn(now, command.partial, 'superseded'), message, {
    type: 'turn-started',
    turnId: command.turnId,
  });
}

function decideRequest(now: ConversationStatus, command: Of<'request-person'>): Verdict {
  if (now.state === 'waiting') return refuse('already-waiting');
  if (now.state === 'human') return refuse('already-taken');
  return accept(
    ...cutTurn(now, command.partial, 'stopped'),
    handoff('visitor-asked', command.notice, command.packet),
  );
}

/** The one guard that keeps the AI silent after a takeover: a turn commits only while it is the current one. */
function decideFinish(now: ConversationStatus, command: Of<'finish-turn'>): Verdict {
  if (now.state !== 'ai' || now.turnId !== command.turnId) return refuse('stale-turn');
  const events: EventBody[] = [];
  if (command.message !== null) {
    const { messageId, text, citations, answer, status = 'complete' } = command.message;
    events.push({
      ...said(messageId, aiAuthor, text),
      citations: [...citations],
      status,
      turnId: command.turnId,
      answer,
    });
  }
  events.push(ended(command.turnId, command.handoff === null ? 'answered' : 'handed-off'));
  if (command.handoff !== null) {
    const { reason, notice, packet } = command.handoff;
    events.push(handoff(reason, notice, packet));
  }
  return accept(...events);
}

function decideTake(now: ConversationStatus, command: Of<'take'>): Verdict {
  if (now.state === 'resolved') return refuse('resolved');
  if (now.state === 'human') {
    return refuse(now.agentId === command.agent.id ? 'already-yours' : 'already-taken');
  }
  return accept(...cutTurn(now, command.partial, 'stopped'), {
    type: 'conversation-assigned',
    agentId: command.agent.id,
    agentName: command.agent.name,
  });
}

function decideAgentAction(
  now: ConversationStatus,
  command: Of<'agent-message' | 'return' | 'resolve'>,
): Verdict {
  if (now.state === 'resolved') return refuse('resolved');
  const { agent } = command;
  // a waiting conversation may be closed without taking it first
  const mayAct =
    (now.state === 'human' && now.agentId === agent.id) ||
    (command.type === 'resolve' && now.state === 'waiting');
  if (!mayAct) return refuse(now.state === 'human' ? 'not-yours' : 'not-taken');
  const by = { agentId: agent.id, agentName: agent.name };
  switch (command.type) {
    case 'agent-message':
      return accept(said(command.messageId, { role: 'agent', ...agent }, command.text));
    case 'return':
      return accept({ type: 'conversation-returned', ...by });
    case 'resolve':
      return accept({ type: 'conversation-resolved', ...by });
  }
}

function decideSeen(now: ConversationStatus, command: Of<'mark-seen'>): Verdict {
  const known = command.by === 'visitor' ? now.visitorSeenSeq : now.agentSeenSeq;
  const upToSeq = Math.min(command.upToSeq, now.lastSeq);
  if (upToSeq <= known) return refuse('nothing-new');
  return accept({ type: 'message-seen', by: command.by, upToSeq });
}

const aiAuthor: Author = { role: 'ai', id: null, name: null };

function said(
  messageId: string,
  author: Author,
  text: string,
): Extract<EventBody, { type: 'message-added' }> {
  return {
    type: 'message-added',
    messageId,
    author,
    text,
    citations: [],
    status: 'complete',
    turnId: null,
    answer: null,
  };
}

function handoff(reason: HandoffReason, notice: string, packet: HandoffPacket | null): EventBody {
  return { type: 'handoff-requested', reason, notice, packet };
}

type TurnOutcome = Extract<EventBody, { type: 'turn-ended' }>['outcome'];

function ended(turnId: string, outcome: TurnOutcome): EventBody {
  return { type: 'turn-ended', turnId, outcome };
}

/** Ends the turn under way, if any; what it had written is kept and marked. */
function cutTurn(now: ConversationStatus, partial: PartialText | null, outcome: TurnOutcome): EventBody[] {
  if (now.turnId === null) return [];
  const { turnId } = now;
  const kept: EventBody[] =
    partial === null || partial.text.trim() === ''
      ? []
      : [
          {
            ...said(partial.messageId, aiAuthor, partial.text),
            status: outcome === 'failed' ? 'incomplete' : 'stopped',
            turnId,
          },
        ];
  return [...kept, ended(turnId, outcome)];
}
