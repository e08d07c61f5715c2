import { createTimers } from './timers.ts';
import type { Thread } from './types.ts';

/** Own typing is repeated after this time, well before it expires at the others. */
const repeatMs = 3_000;

/** Tells the other side that one is typing, seldom, and that one has stopped. */
export function createTypingOut(write: (frame: object) => boolean) {
  let current: string | null = null;
  const timers = createTimers<'repeat'>();

  function tell(conversationId: string, isTyping: boolean): void {
    write({ type: 'typing-set', conversationId, isTyping });
  }

  function stop(): void {
    timers.clearAll();
    if (current !== null) tell(current, false);
    current = null;
  }

  return {
    /** Call it on every keystroke. */
    set(conversationId: string, isTyping: boolean): void {
      if (!isTyping || current !== conversationId) stop();
      if (!isTyping || timers.has('repeat')) return;
      current = conversationId;
      tell(conversationId, true);
      timers.set('repeat', repeatMs, () => {});
    },
    stop,
  };
}

interface TypingFrame {
  role: 'visitor' | 'agent';
  name: string | null;
  isTyping: boolean;
  expiresInMs: number;
}

/** Keeps the other side's typing in the thread until it ends or runs out. */
export function createTypingIn(access: { get: () => Thread | null; set: (thread: Thread) => void }) {
  const timers = createTimers<'expiry'>();

  function show(typing: Thread['typing']): void {
    const thread = access.get();
    if (thread === null || (thread.typing === null && typing === null)) return;
    access.set({ ...thread, typing });
  }

  return {
    receive(frame: TypingFrame): void {
      timers.clearAll();
      show(frame.isTyping ? { role: frame.role, name: frame.name } : null);
      if (frame.isTyping) timers.set('expiry', frame.expiresInMs, () => show(null));
    },
    stop(): void {
      timers.clearAll();
      show(null);
    },
  };
}
