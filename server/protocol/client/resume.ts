import type { AgentServerFrame } from '../agent.ts';
import type { VisitorServerFrame } from '../visitor.ts';
import { applyEvent, withoutLog } from './thread.ts';
import type { Viewer } from './thread.ts';
import { setLiveTurn } from './thread-live.ts';
import type { Thread } from './types.ts';

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
  let phase: 'none' | 'asked' | 'live' = 'none';
  let epoch: string | null = null;
  let isKnown = false;
  let upTo: number | null = null;

  function ask(): void {
    const thread = options.get();
    if (thread === null) return;
    const frame = {
      type: 'resume',
      conversationId: thread.conversationId,
      epoch,
      after: epoch === null ? 0 : thread.lastSeq,
    };
    if (options.write(frame)) phase = 'asked';
  }

  function settle(thread: Thread): Thread {
    if (thread.isLoaded || upTo === null || thread.lastSeq < upTo) return thread;
    return { ...thread, isLoaded: true };
  }

  return {
    reset(isConversationKnown) {
      phase = 'none';
      epoch = null;
      upTo = null;
      isKnown = isConversationKnown;
    },
    online() {
      phase = 'none';
      if (isKnown) ask();
    },
    offline() {
      phase = 'none';
    },
    isLive: () => phase === 'live',
    ensure() {
      if (phase === 'none') ask();
    },
    again() {
      if (phase === 'live') ask();
    },
    resumed(frame) {
      const thread = options.get();
      if (thread?.conversationId !== frame.conversationId || phase !== 'asked') return;
      phase = 'live';
      isKnown = true;
      epoch = frame.epoch;
      upTo = frame.upTo;
      const start = frame.mode === 'snapshot' ? withoutLog(thread) : thread;
      const viewer = options.viewer();
      const caughtUp = frame.events.reduce((next, event) => applyEvent(next, event, viewer), start);
      const withTurn = frame.turn === null ? caughtUp : setLiveTurn(caughtUp, frame.turn, options.iso());
      options.set(settle({ ...withTurn, isLoaded: thread.isLoaded }));
    },
    failed(frame) {
      const thread = options.get();
      if (thread === null || frame.conversationId !== thread.conversationId || phase !== 'asked') return;
      phase = 'none';
      if (frame.code !== 'not-found') return;
      // the server does not have it: a new conversation whose first message is still on its way,
      // or one that was deleted in the meantime
      epoch = null;
      isKnown = false;
      options.set({ ...withoutLog(thread), isLoaded: true });
    },
    settle,
  };
}
