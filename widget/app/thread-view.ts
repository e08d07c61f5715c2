import type {
  Thread,
  ThreadEntry,
  ThreadMessage,
  VisitorSnapshot,
} from '../../server/protocol/client/types.ts';

/** Before the client has said anything. */
export const nothing: VisitorSnapshot = {
  connection: { status: 'idle' },
  agents: null,
  isTypingShown: false,
  thread: null,
};

/** An entry with what its place among its neighbours decides. */
export interface EntryView {
  entry: ThreadEntry;
  /** First of a run of messages by the same author: shows who speaks. */
  startsGroup: boolean;
  /** Last of such a run: shows when. */
  endsGroup: boolean;
  /** The newest own message that is under way or has arrived: shows how far it has come. */
  showsDelivery: boolean;
}

function authorKey(entry: ThreadEntry | undefined): string | null {
  return entry?.kind === 'message' ? `${entry.author.role}:${entry.author.name ?? ''}` : null;
}

/** Groups a thread's entries for the screen. Pure; the entries themselves are passed on as they are. */
export function viewEntries(entries: readonly ThreadEntry[]): EntryView[] {
  const lastOwn = entries.findLast((entry) => entry.kind === 'message' && entry.outgoing !== null);
  return entries.map((entry, index) => {
    const author = authorKey(entry);
    return {
      entry,
      startsGroup: author === null || authorKey(entries[index - 1]) !== author,
      endsGroup: author === null || authorKey(entries[index + 1]) !== author,
      showsDelivery: entry === lastOwn || (entry.kind === 'message' && entry.outgoing?.status === 'failed'),
    };
  });
}

function isFromOther(entry: ThreadEntry): entry is ThreadMessage & { seq: number } {
  return entry.kind === 'message' && entry.seq !== null && entry.outgoing === null;
}

/** The newest message of the other side that has its place in the log; what "seen" is about. 0: none. */
export function lastSeqFromOthers(thread: Thread | null): number {
  return thread?.entries.findLast(isFromOther)?.seq ?? 0;
}

/** Messages of the other side that the visitor has not had on screen. */
export function countUnread(thread: Thread | null): number {
  if (!thread) return 0;
  return thread.entries.filter((entry) => isFromOther(entry) && entry.seq > thread.seenSeq).length;
}

/** Whether the present turn has shown its first word. */
export function isAnswerVisible(thread: Thread | null): boolean {
  return thread?.entries.some((entry) => entry.kind === 'message' && entry.status === 'streaming') ?? false;
}

/** An own message written before there is a client that could queue it. */
export function earlyMessage(text: string, index: number, nowMs: number): ThreadMessage {
  return {
    kind: 'message',
    key: `early-${index}`,
    seq: null,
    at: new Date(nowMs).toISOString(),
    author: { role: 'visitor', id: null, name: null },
    text,
    citations: [],
    status: 'complete',
    outgoing: { status: 'queued', error: null },
    turnId: null,
    answer: null,
  };
}
