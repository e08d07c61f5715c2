import type { Typing } from '../../services/typing.ts';

/** The typing of one connection: ends with its message, its leaving, or its change of conversation. */
export function createTypist(typing: Typing, role: 'visitor' | 'agent') {
  let current: { conversationId: string; role: 'visitor' | 'agent'; name: string | null } | null = null;

  function stop(): void {
    if (current !== null) typing.set(current, false);
    current = null;
  }

  return {
    set(conversationId: string, name: string | null, isTyping: boolean, text: string | null = null): void {
      if (!isTyping || current?.conversationId !== conversationId) stop();
      if (!isTyping) return;
      current = { conversationId, role, name };
      typing.set(current, true, text);
    },
    stop,
  };
}
