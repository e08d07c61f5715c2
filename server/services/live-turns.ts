import type { Clock } from '../ports.ts';

/** The answer being written in a conversation, as far as this instance knows it. */
export interface LiveTurn {
  readonly turnId: string;
  readonly text: string;
  /** True where the answer is made by this instance. */
  readonly isLocal: boolean;
}

/** A turn of another instance that says nothing for this long is forgotten; none takes longer. */
const forgetMs = 150_000;
/** What is shown while an answer is written; none gets near it, and the stored text has no part in this. */
const maxTextLength = 200_000;

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
  // changed in place: this is done for every piece of every answer
  const turns = new Map<string, { turnId: string; text: string; isLocal: boolean; heardAtMs: number }>();
  return {
    get: (conversationId) => turns.get(conversationId) ?? null,
    add(conversationId, { turnId, offset, text }, isLocal) {
      const heardAtMs = clock.now();
      const known = turns.get(conversationId);
      if (known?.turnId !== turnId) {
        if (offset > 0) return false;
        turns.set(conversationId, { turnId, text: text.slice(0, maxTextLength), isLocal, heardAtMs });
        return true;
      }
      const have = known.text.length;
      // a text that is too long to be shown has no missing pieces
      if (offset > have) return have >= maxTextLength;
      if (have < maxTextLength) known.text += offset === have ? text : text.slice(have - offset);
      known.isLocal = isLocal;
      known.heardAtMs = heardAtMs;
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
