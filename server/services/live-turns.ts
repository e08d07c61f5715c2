import type { Clock } from '../ports.ts';

/** The answer being written in a conversation, as far as this instance knows it. */
export interface LiveTurn {
  turnId: string;
  text: string;
  /** True where the answer is made by this instance. */
  isLocal: boolean;
}

/** A turn of another instance that says nothing for this long is forgotten; none takes longer. */
const forgetMs = 150_000;

export interface LiveTurns {
  /** The text so far, or null when none is known. */
  get(conversationId: string): LiveTurn | null;
  /**
   * Takes a piece; false when one before it is missing. Pieces of another turn than the known one begin anew.
   */
  add(
    conversationId: string,
    piece: { turnId: string; offset: number; text: string },
    isLocal: boolean,
  ): boolean;
  end(conversationId: string, turnId: string): void;
  /** Forgets turns of other instances whose end was not heard. */
  sweep(): void;
  /** How many are under way; for the metrics. */
  readonly size: number;
}

/** What is being written everywhere, so that any instance can show a new tab the text so far. */
export function createLiveTurns(clock: Clock): LiveTurns {
  const turns = new Map<string, LiveTurn & { heardAtMs: number }>();
  return {
    get: (conversationId) => turns.get(conversationId) ?? null,
    add(conversationId, { turnId, offset, text }, isLocal) {
      const known = turns.get(conversationId);
      const before = known?.turnId === turnId ? known.text : '';
      if (offset > before.length) return false;
      const addition = text.slice(before.length - offset);
      turns.set(conversationId, { turnId, text: before + addition, isLocal, heardAtMs: clock.now() });
      return true;
    },
    end(conversationId, turnId) {
      if (turns.get(conversationId)?.turnId === turnId) turns.delete(conversationId);
    },
    sweep() {
      const oldest = clock.now() - forgetMs;
      for (const [conversationId, turn] of turns) if (turn.heardAtMs < oldest) turns.delete(conversationId);
    },
    get size() {
      return turns.size;
    },
  };
}
