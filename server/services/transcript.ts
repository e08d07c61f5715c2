import { citedTitle } from '../domain/citations.ts';
import type { ConversationSummary } from '../protocol/agent.ts';
import type { ConversationEvent } from '../protocol/entities.ts';

const roles = { visitor: 'Visitor', ai: 'AI', agent: 'Agent', system: 'Deskbell' } as const;
const handoffReasons = {
  'low-confidence': 'the AI was not sure',
  'nothing-found': 'no page held the answer',
  'visitor-asked': 'the visitor asked for a person',
  'model-unavailable': 'the model was not available',
  rule: 'a rule called for it',
} as const;

/** `2026-11-21 08:30`, UTC. */
function minute(at: string): string {
  return at.slice(0, 16).replace('T', ' ');
}

function quoteLines(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

function describe(body: ConversationEvent['body']): string | null {
  switch (body.type) {
    case 'message-added': {
      const { author, status, citations } = body;
      const who = author.name === null || author.role === 'ai' ? roles[author.role] : author.name;
      const broken = status === 'complete' ? '' : ` (${status})`;
      const sources = citations.map(
        (cited) => `[${cited.marker}] ${citedTitle(cited)}${cited.url === null ? '' : ` <${cited.url}>`}`,
      );
      return [
        `**${who}**${broken}`,
        '',
        quoteLines(body.text),
        ...(sources.length === 0 ? [] : ['', ...sources]),
      ].join('\n');
    }
    case 'handoff-requested':
      return `*A person was called: ${handoffReasons[body.reason]}.*`;
    case 'conversation-assigned':
      return `*${body.agentName} took over.*`;
    case 'conversation-returned':
      return `*${body.agentName} handed back to the AI.*`;
    case 'conversation-resolved':
      return `*Resolved${body.agentName === null ? '' : ` by ${body.agentName}`}.*`;
    case 'conversation-reopened':
      return '*Opened again.*';
    case 'turn-started':
    case 'turn-ended':
    case 'message-seen':
      return null;
  }
}

/** A conversation as Markdown to read and to keep, piece by piece; times are UTC. */
export async function* writeTranscript(
  conversation: ConversationSummary,
  events: AsyncIterable<ConversationEvent>,
): AsyncGenerator<string> {
  const { visitorName, siteName, startedAt, state } = conversation;
  yield `# ${visitorName} on ${siteName}\n\nStarted ${minute(startedAt)} UTC, ${state}.\n`;
  for await (const { at, body } of events) {
    const words = describe(body);
    if (words !== null) yield `\n${minute(at)} ${words}\n`;
  }
}
