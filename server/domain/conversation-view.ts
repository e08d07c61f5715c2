import type { ConversationEvent, EventBody } from '../protocol/entities.ts';

/**
 * The event as visitors may see it: without the handoff packet and without the reasons behind a confidence.
 * Everything that visitors receive of the log passes through here.
 */
export function visitorView(event: ConversationEvent): ConversationEvent {
  return { ...event, body: visitorBody(event.body) };
}

function visitorBody(body: EventBody): EventBody {
  switch (body.type) {
    case 'message-added':
      return body.answer === null ? body : { ...body, answer: { ...body.answer, reasons: [] } };
    case 'handoff-requested':
      return { ...body, packet: null };
    case 'turn-started':
    case 'turn-ended':
    case 'conversation-assigned':
    case 'conversation-returned':
    case 'conversation-resolved':
    case 'conversation-reopened':
    case 'message-seen':
      return body;
  }
}

/** What a line of the inbox shows of an event, or null when it leaves the line as it is. */
export function previewOf(
  body: EventBody,
): { text: string; role: 'visitor' | 'ai' | 'agent' | 'system' } | null {
  if (body.type !== 'message-added') return null;
  return { text: body.text.replace(/\s+/g, ' ').trim().slice(0, previewLength), role: body.author.role };
}

/** Characters of a message that the inbox shows. */
const previewLength = 160;
