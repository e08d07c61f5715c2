import fc from 'fast-check';
import { decide, newConversation } from '../domain/conversation.ts';
import type { Command, ConversationStatus } from '../domain/conversation.ts';
import { evolve } from '../domain/conversation-fold.ts';
import type { ConversationEvent } from '../protocol/entities.ts';

/** The id of the only conversation that these arbitraries talk about. */
export const conversationId = '01900000-0000-7000-8000-000000000001';
const uuid = (kind: number, index: number): string =>
  `0190000${String(kind)}-0000-7000-8000-${String(index).padStart(12, '0')}`;

export const ada = { id: uuid(1, 1), name: 'Ada' };
export const bo = { id: uuid(1, 2), name: 'Bo' };
const visitor = { id: uuid(2, 1), name: 'Visitor' };
const packet = { question: '?', confidence: 0.2, reasons: [], passages: [] };

/** What may be tried; the numbers are mapped to turns that exist when the command is run. */
export const attempt = fc.record({
  kind: fc.constantFrom(
    'say',
    'say',
    'say',
    'request',
    'stop',
    'finish',
    'finish',
    'handoff',
    'fail',
    'restart',
    'take',
    'take',
    'reply',
    'reply',
    'return',
    'resolve',
    'seen',
  ),
  agent: fc.constantFrom(ada, bo),
  isStale: fc.boolean(),
  hasPartial: fc.boolean(),
  by: fc.constantFrom('visitor' as const, 'agent' as const),
  number: fc.nat(30),
});
export type Attempt = typeof attempt extends fc.Arbitrary<infer Value> ? Value : never;

/** One attempt as a command against the present status. */
export function toCommand(step: Attempt, now: ConversationStatus, index: number): Command {
  const turnId = step.isStale || now.turnId === null ? uuid(3, 999) : now.turnId;
  const partial = step.hasPartial ? { messageId: uuid(4, index), text: `partial ${String(index)}` } : null;
  const messageId = uuid(5, index);
  const text = `text ${String(index)}`;
  const { agent } = step;
  switch (step.kind) {
    case 'say':
      return { type: 'visitor-message', messageId, visitor, text, turnId: uuid(3, index), partial };
    case 'request':
      return { type: 'request-person', notice: 'Soon.', packet, partial };
    case 'stop':
      return { type: 'stop-turn', turnId, partial };
    case 'finish':
    case 'handoff':
      return {
        type: 'finish-turn',
        turnId,
        message: { messageId, text, citations: [], answer: summary(index) },
        handoff: step.kind === 'finish' ? null : { reason: 'low-confidence', notice: 'Soon.', packet },
      };
    case 'fail':
      return { type: 'fail-turn', turnId, notice: 'Soon.', packet, partial };
    case 'restart':
      return { type: 'restart-turn', turnId, nextTurnId: uuid(3, index) };
    case 'take':
      return { type: 'take', agent, partial };
    case 'reply':
      return { type: 'agent-message', messageId, agent, text };
    case 'return':
    case 'resolve':
      return { type: step.kind, agent };
    case 'seen':
      return { type: 'mark-seen', by: step.by, upToSeq: step.number };
  }
}

function summary(index: number) {
  return {
    answerId: uuid(6, index),
    decision: 'answer' as const,
    confidence: 0.8,
    reasons: [{ code: 'x', text: 'secret reason', effect: 'raises' as const }],
    isQuoted: false,
  };
}

/** The log and the status after each event that these attempts make. */
export function play(steps: readonly Attempt[]): {
  events: ConversationEvent[];
  statuses: ConversationStatus[];
} {
  const events: ConversationEvent[] = [];
  const statuses: ConversationStatus[] = [];
  let status = newConversation;
  steps.forEach((step, index) => {
    const verdict = decide(status, toCommand(step, status, index));
    if (!verdict.ok) return;
    for (const body of verdict.events) {
      status = evolve(status, body);
      statuses.push(status);
      const clientId = body.type === 'message-added' ? body.messageId : null;
      events.push({ conversationId, seq: status.lastSeq, at: '2026-01-01T00:00:00.000Z', clientId, body });
    }
  });
  return { events, statuses };
}
