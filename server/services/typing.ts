import type { LiveHub } from './live-hub.ts';
import type { LiveTimings } from './live-limits.ts';

export interface Typist {
  conversationId: string;
  role: 'visitor' | 'agent';
  name: string | null;
}

/** Who types where. The server ends it: when it is not repeated, when the message comes, when the socket goes. */
export interface Typing {
  /** `text`: what is typed, for agents to see; null where the site does not show it. */
  set(typist: Typist, isTyping: boolean, text?: string | null): void;
  close(): void;
}

export function createTyping(hub: LiveHub, { typingLifeMs }: LiveTimings): Typing {
  const timers = new Map<string, NodeJS.Timeout>();
  const keyOf = ({ conversationId, role }: Typist) => `${role}:${conversationId}`;

  function show({ conversationId, role, name }: Typist, isTyping: boolean, text: string | null): void {
    const expiresInMs = isTyping ? typingLifeMs : 0;
    hub.show({ type: 'typing', conversationId, role, name, isTyping, expiresInMs, text });
  }

  function set(typist: Typist, isTyping: boolean, text: string | null = null): void {
    const key = keyOf(typist);
    const timer = timers.get(key);
    clearTimeout(timer);
    timers.delete(key);
    if (isTyping)
      timers.set(
        key,
        setTimeout(() => set(typist, false), typingLifeMs),
      );
    if (isTyping || timer !== undefined) show(typist, isTyping, isTyping ? text : null);
  }

  return {
    set,
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
