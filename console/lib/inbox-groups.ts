import type { ConversationSummary } from '../../server/protocol/agent.ts';

/** The inbox's tabs, in order. */
export const inboxTabs = ['waiting', 'mine', 'ai', 'others', 'resolved'] as const;
export type InboxTab = (typeof inboxTabs)[number];

/** Which tab a conversation stands under. */
export const tabOf = (summary: ConversationSummary, agentId: string | null): InboxTab => {
  switch (summary.state) {
    case 'waiting':
      return 'waiting';
    case 'human':
      return summary.agentId === agentId ? 'mine' : 'others';
    case 'ai':
      return 'ai';
    case 'resolved':
      return 'resolved';
  }
};

const newestFirst = (left: ConversationSummary, right: ConversationSummary): number =>
  right.updatedAt.localeCompare(left.updatedAt);

const longestWaitFirst = (left: ConversationSummary, right: ConversationSummary): number =>
  (left.waitingSince ?? left.updatedAt).localeCompare(right.waitingSince ?? right.updatedAt);

/** All conversations by tab: the longest wait first among the waiting, else the newest first. */
export const groupInbox = (
  inbox: readonly ConversationSummary[],
  agentId: string | null,
): Record<InboxTab, ConversationSummary[]> => {
  const groups: Record<InboxTab, ConversationSummary[]> = {
    waiting: [],
    mine: [],
    ai: [],
    others: [],
    resolved: [],
  };
  for (const summary of inbox) groups[tabOf(summary, agentId)].push(summary);
  for (const tab of inboxTabs) groups[tab].sort(tab === 'waiting' ? longestWaitFirst : newestFirst);
  return groups;
};

/**
 * Whether a visitor's message came that no agent has seen; what the AI handles alone never asks for eyes. Being
 * seen is an event of the log itself, so one more than what was seen is still nothing new. `readSeq` is how far
 * this page has shown the conversation.
 */
export const isUnread = (summary: ConversationSummary, readSeq = 0): boolean =>
  (summary.state === 'waiting' || summary.state === 'human') &&
  (summary.previewRole === 'visitor' || summary.state === 'waiting') &&
  summary.lastSeq > Math.max(summary.agentSeenSeq + 1, readSeq);

const normalise = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** Whether every word of the search stands in the name, the preview or the site's name. */
export const matchesSearch = (summary: ConversationSummary, search: string): boolean => {
  const text = normalise(`${summary.visitorName} ${summary.preview} ${summary.siteName}`);
  return normalise(search)
    .split(/\s+/)
    .every((word) => text.includes(word));
};
