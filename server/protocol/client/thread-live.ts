import type { AnswerStep } from '../entities.ts';
import type { Thread, ThreadMessage } from './types.ts';

/** What the model writes right now; not in the log. */
export interface LiveDelta {
  turnId: string;
  /** Where `text` starts, in UTF-16 code units. */
  offset: number;
  text: string;
}

/**
 * The thread with a further piece of the answer being written. What is known already is left out; null means
 * that a piece in between is missing, so the caller must resume. Pieces of a turn that is not the thread's
 * current one are dropped.
 */
export function applyDelta(thread: Thread, delta: LiveDelta, at: string): Thread | null {
  if (thread.turn?.turnId !== delta.turnId) return thread;
  const written = streamingMessage(thread, delta.turnId);
  const known = written?.text.length ?? 0;
  if (delta.offset > known) return null;
  const addition = delta.text.slice(known - delta.offset);
  if (addition === '') return thread;
  return setStreaming(thread, delta.turnId, (written?.text ?? '') + addition, written?.at ?? at);
}

/** The thread with all that is written of the current turn, as a `resumed` frame gives it. */
export function setLiveTurn(thread: Thread, turn: { turnId: string; text: string }, at: string): Thread {
  if (thread.turn?.turnId !== turn.turnId) return thread;
  const written = streamingMessage(thread, turn.turnId);
  if (turn.text === '' || turn.text === written?.text) return thread;
  return setStreaming(thread, turn.turnId, turn.text, written?.at ?? at);
}

/** The thread with the step that the current turn has reached. */
export function applyStep(thread: Thread, turnId: string, step: AnswerStep): Thread {
  if (thread.turn?.turnId !== turnId || thread.turn.step === step) return thread;
  return { ...thread, turn: { turnId, step } };
}

/** The thread after the turn is over; a text that did not get into the log disappears. */
export function removeStreaming(thread: Thread, turnId: string): Thread {
  const entries = thread.entries.filter((entry) => entry.kind !== 'message' || !isWritten(entry, turnId));
  const turn = thread.turn?.turnId === turnId ? null : thread.turn;
  return { ...thread, turn, entries };
}

function setStreaming(thread: Thread, turnId: string, text: string, at: string): Thread {
  const message: ThreadMessage = {
    kind: 'message',
    key: turnId,
    seq: null,
    at,
    author: { role: 'ai', id: null, name: null },
    text,
    citations: [],
    status: 'streaming',
    outgoing: null,
    turnId,
    answer: null,
  };
  const others = thread.entries.filter((entry) => entry.key !== turnId);
  const logged = others.filter((entry) => entry.seq !== null);
  const outgoing = others.filter((entry) => entry.seq === null);
  return { ...thread, turn: { turnId, step: 'writing' }, entries: [...logged, message, ...outgoing] };
}

function streamingMessage(thread: Thread, turnId: string): ThreadMessage | undefined {
  return thread.entries.find(
    (entry): entry is ThreadMessage => entry.kind === 'message' && isWritten(entry, turnId),
  );
}

function isWritten(entry: ThreadMessage, turnId: string): boolean {
  return entry.status === 'streaming' && entry.turnId === turnId;
}
