import type { AgentServerFrame } from '../agent.ts';
import type { VisitorServerFrame } from '../visitor.ts';
import { applyEvent, withoutLog } from './thread.ts';
import type { Viewer } from './thread.ts';
import { setLiveTurn } from './thread-live.ts';
import { createTimers } from './timers.ts';
import type { Thread } from './types.ts';

/** Pause before a log that could not be read is asked for again. */
const retryMs = 2_000;

export interface ResumeOptions {
  get: () => Thread | null;
  set: (thread: Thread | null) => void;
  viewer: () => Viewer;
  write: (frame: object) => boolean;
  iso: () => string;
}

/** Keeps a thread in step with the server's log: asks for what is missing, takes what comes. */
export interface Resume {
  /** Another conversation is shown from now on. */
  reset(isKnown: boolean): void;
  online(): void;
  offline(): void;
  /** The server has the conversation: the next connection asks for its log, whatever was answered so far. */
  known(): void;
  /** True while events of this connection continue what the thread holds. */
  isLive(): boolean;
  /** Asks for the log unless that was done on this connection. */
  ensure(): void;
  /** Something is missing: asks once more. */
  again(): void;
  resumed(frame: Extract<VisitorServerFrame, { type: 'resumed' }>): void;
  failed(frame: Extract<VisitorServerFrame | AgentServerFrame, { type: 'error' }>): void;
  /** Marks the thread as loaded when it has reached what the server promised. */
  settle(thread: Thread): Thread;
}

export function createResume(options: ResumeOptions): Resume {
  return new LogFollower(options);
}

class LogFollower implements Resume {
  readonly #options: ResumeOptions;
  readonly #timers = createTimers<'again'>();
  #phase: 'none' | 'asked' | 'live' = 'none';
  #epoch: string | null = null;
  #isKnown = false;
  #upTo: number | null = null;

  constructor(options: ResumeOptions) {
    this.#options = options;
  }

  reset(isKnown: boolean): void {
    this.#timers.clearAll();
    this.#phase = 'none';
    this.#epoch = null;
    this.#upTo = null;
    this.#isKnown = isKnown;
  }

  online(): void {
    this.#phase = 'none';
    if (this.#isKnown) this.#ask();
  }

  offline(): void {
    this.#timers.clearAll();
    this.#phase = 'none';
  }

  known(): void {
    this.#isKnown = true;
  }

  isLive(): boolean {
    return this.#phase === 'live';
  }

  ensure(): void {
    if (this.#phase === 'none') this.#ask();
  }

  again(): void {
    if (this.#phase === 'live') this.#ask();
  }

  resumed(frame: Extract<VisitorServerFrame, { type: 'resumed' }>): void {
    const thread = this.#options.get();
    if (thread?.conversationId !== frame.conversationId || this.#phase === 'none') return;
    // the answer to a question from before the conversation was left and opened again: the whole follows
    const start = frame.mode === 'snapshot' ? 0 : (frame.events[0]?.seq ?? frame.upTo + 1) - 1;
    if (start > thread.lastSeq) return;
    this.#phase = 'live';
    this.#isKnown = true;
    this.#epoch = frame.epoch;
    this.#upTo = frame.upTo;
    const known = frame.mode === 'snapshot' ? withoutLog(thread) : thread;
    const viewer = this.#options.viewer();
    const caughtUp = frame.events.reduce((next, event) => applyEvent(next, event, viewer), known);
    const withTurn = frame.turn === null ? caughtUp : setLiveTurn(caughtUp, frame.turn, this.#options.iso());
    this.#options.set(this.settle({ ...withTurn, isLoaded: thread.isLoaded }));
  }

  failed(frame: Extract<VisitorServerFrame | AgentServerFrame, { type: 'error' }>): void {
    const thread = this.#options.get();
    if (thread?.conversationId !== frame.conversationId || thread === null) return;
    if (this.#phase !== 'asked') return;
    this.#phase = 'none';
    if (frame.code !== 'not-found') {
      // the database is away, or it was asked for too often
      this.#timers.set('again', retryMs, () => this.ensure());
      return;
    }
    // the server does not have it: a new conversation whose first message is still on its way,
    // or one that was deleted in the meantime
    this.#epoch = null;
    this.#isKnown = false;
    this.#options.set({ ...withoutLog(thread), isLoaded: true });
  }

  settle(thread: Thread): Thread {
    if (thread.isLoaded || this.#upTo === null || thread.lastSeq < this.#upTo) return thread;
    return { ...thread, isLoaded: true };
  }

  #ask(): void {
    const thread = this.#options.get();
    if (thread === null) return;
    const frame = {
      type: 'resume',
      conversationId: thread.conversationId,
      epoch: this.#epoch,
      after: this.#epoch === null ? 0 : thread.lastSeq,
    };
    if (this.#options.write(frame)) this.#phase = 'asked';
  }
}
