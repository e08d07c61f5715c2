import type { ConversationSummary } from '../../server/protocol/agent.ts';

/** A made-up id whose last digits are `index`. */
export const fakeUuid = (index: number): string =>
  `0198c0de-0000-7000-8000-${String(index).padStart(12, '0')}`;

/** A conversation summary with what a test does not care about filled in. */
export const fakeSummary = (
  index: number,
  given: Partial<ConversationSummary> = {},
): ConversationSummary => ({
  conversationId: fakeUuid(index),
  siteId: 'demo',
  siteName: 'Demo shop',
  visitorId: fakeUuid(1000 + index),
  visitorName: `Visitor ${index}`,
  state: 'ai',
  agentId: null,
  agentName: null,
  lastSeq: 4,
  preview: 'How long does delivery take?',
  previewRole: 'visitor',
  startedAt: '2026-03-10T11:00:00.000Z',
  updatedAt: '2026-03-10T11:05:00.000Z',
  waitingSince: null,
  handoffReason: null,
  agentSeenSeq: 4,
  isVisitorOnline: true,
  ...given,
});
