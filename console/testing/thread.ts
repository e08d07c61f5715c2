import type { Thread, ThreadMessage, ThreadNotice } from '../../server/protocol/client/types.ts';
import { fakeUuid } from './summary.ts';

/** A loaded thread with what a test does not care about filled in. */
export const fakeThread = (index: number, given: Partial<Thread> = {}): Thread => ({
  conversationId: fakeUuid(index),
  state: 'ai',
  entries: [],
  turn: null,
  typing: null,
  agentName: null,
  lastSeq: 4,
  seenByOtherSeq: 0,
  seenSeq: 0,
  isLoaded: true,
  ...given,
});

/** A message of a thread, sent by the visitor unless told. */
export const fakeMessage = (key: string, given: Partial<ThreadMessage> = {}): ThreadMessage => ({
  kind: 'message',
  key,
  seq: 1,
  at: '2026-03-10T11:00:00.000Z',
  author: { role: 'visitor', id: null, name: null },
  text: key,
  citations: [],
  status: 'complete',
  outgoing: null,
  turnId: null,
  answer: null,
  ...given,
});

/** A notice that the conversation was resolved. */
export const fakeNotice = (key: string): ThreadNotice => ({
  kind: 'notice',
  key,
  seq: 1,
  at: '2026-03-10T11:00:00.000Z',
  notice: { type: 'resolved', agentName: null },
});
