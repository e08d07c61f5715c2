import type { Author } from '../entities.ts';
import type { OutboxEntry, OutgoingStatus, Thread, ThreadMessage } from './types.ts';

/** Own messages that have no place in the log yet. */
export function outgoingEntries(thread: Thread): ThreadMessage[] {
  return thread.entries.filter(
    (entry): entry is ThreadMessage =>
      entry.kind === 'message' && entry.seq === null && entry.outgoing !== null,
  );
}

/** The thread with one own message more, shown before the server has it. */
export function addOutgoing(thread: Thread, entry: OutboxEntry, author: Author): Thread {
  if (thread.entries.some((other) => other.key === entry.clientId)) return thread;
  const message: ThreadMessage = {
    kind: 'message',
    key: entry.clientId,
    seq: null,
    at: entry.at,
    author,
    text: entry.text,
    citations: [],
    status: 'complete',
    outgoing: { status: 'queued', error: null },
    turnId: null,
    answer: null,
  };
  return { ...thread, entries: [...thread.entries, message] };
}

/** The thread with an own message's progress; what is in the log already stays as it is. */
export function setOutgoing(
  thread: Thread,
  clientId: string,
  status: OutgoingStatus,
  error: string | null = null,
): Thread {
  const isWaiting = (entry: Thread['entries'][number]): entry is ThreadMessage =>
    entry.kind === 'message' && entry.key === clientId && entry.seq === null && entry.outgoing !== null;
  if (!thread.entries.some(isWaiting)) return thread;
  return {
    ...thread,
    entries: thread.entries.map((entry) =>
      isWaiting(entry) ? { ...entry, outgoing: { status, error } } : entry,
    ),
  };
}

/** The connection is lost: what was on its way has to go again. */
export function requeueOutgoing(thread: Thread): Thread {
  const lost = outgoingEntries(thread).filter((entry) => entry.outgoing?.status === 'sent');
  return lost.reduce((next, entry) => setOutgoing(next, entry.key, 'queued'), thread);
}

/** The log holds what was sent under this id: the waiting copy goes. */
export function confirmOutgoing(thread: Thread, clientId: string | null): Thread {
  if (clientId === null) return thread;
  const entries = thread.entries.filter((entry) => entry.key !== clientId || entry.seq !== null);
  return entries.length === thread.entries.length ? thread : { ...thread, entries };
}
