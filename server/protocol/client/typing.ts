import { maxPreviewLength } from '../version.ts';
import { createTimers } from './timers.ts';
import type { Thread } from './types.ts';

/** Own typing is repeated after this time, well before it expires at the others. */
const repeatMs = 3_000;
/** Where the other side sees what is typed, it hears of changes this often. */
const previewMs = 600;

/** Tells the other side that one is typing, seldom, and that one has stopped. */
export function createTypingOut(write: (frame: object) => boolean) {
  let current: string | null = null;
  let toldText: string | null = null;
  let newestText: string | null = null;
  const timers = createTimers<'repeat'>();

  function tell(conversationId: string): void {
    toldText = newestText;
    const text = toldText === null ? {} : { text: toldText.slice(-maxPreviewLength) };
    write({ type: 'typing-set', conversationId, isTyping: true, ...text });
    timers.set('repeat', toldText === null ? repeatMs : previewMs, () => {
      if (newestText !== toldText) tell(conversationId);
    });
  }

  function stop(): void {
    timers.clearAll();
    if (current !== null) write({ type: 'typing-set', conversationId: current, isTyping: false });
    current = null;
  }

  return {
    /** Call it on every keystroke. `text`: what the other side may see of it; null for nothing. */
    set(conversationId: string, isTyping: boolean, text: string | null): void {
      if (!isTyping || current !== conversationId) stop();
      if (!isTyping) return;
      current = conversationId;
      newestText = text;
      if (!timers.has('repeat')) tell(conversationId);
    },
    stop,
  };
}

interface TypingFrame {
  role: 'visitor' | 'agent';
  name: string | null;
  isTyping: boolean;
  expiresInMs: number;
  text: string | null;
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
    receive({ role, name, isTyping, expiresInMs, text }: TypingFrame): void {
      timers.clearAll();
      show(isTyping ? { role, name, text } : null);
      if (isTyping) timers.set('expiry', expiresInMs, () => show(null));
    },
    stop(): void {
      timers.clearAll();
      show(null);
    },
  };
}
