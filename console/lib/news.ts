import type { ConversationSummary } from '../../server/protocol/agent.ts';

/** What an agent should be told about when it happens. */
export type News =
  { kind: 'waiting'; summary: ConversationSummary } | { kind: 'message'; summary: ConversationSummary };

/**
 * What is new between two states of the inbox: conversations that began to wait, and visitors' messages in
 * this agent's own conversations. A conversation gives at most one piece of news.
 */
export const findNews = (
  before: readonly ConversationSummary[],
  after: readonly ConversationSummary[],
  agentId: string | null,
): News[] => {
  const known = new Map(before.map((summary) => [summary.conversationId, summary]));
  return after.flatMap((summary): News[] => {
    const old = known.get(summary.conversationId);
    if (summary.state === 'waiting' && old?.waitingSince !== summary.waitingSince) {
      return [{ kind: 'waiting', summary }];
    }
    const isOwn = summary.state === 'human' && summary.agentId === agentId;
    const isNewMessage =
      old !== undefined && summary.lastSeq > old.lastSeq && summary.preview !== old.preview;
    return isOwn && isNewMessage && summary.previewRole === 'visitor' ? [{ kind: 'message', summary }] : [];
  });
};
