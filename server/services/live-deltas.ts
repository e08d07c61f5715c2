import type { DeltaPiece } from './live-bus.ts';
import { busDeltaMs, maxBusPieces, maxBusTextLength } from './live-limits.ts';

/**
 * Gathers the pieces of streamed answers for a moment before they go over the bus, so that a model's hundred
 * tokens a second are twenty pieces, and the pieces of all answers few messages; watchers of the same process do
 * not wait for this.
 */
export function createBusDeltas(publish: (pieces: readonly DeltaPiece[]) => void) {
  const waiting = new Map<string, DeltaPiece>();
  let timer: NodeJS.Timeout | null = null;

  /** Publishes pieces, in bundles of what the bus takes. */
  function send(pieces: Iterable<DeltaPiece>): void {
    let bundle: DeltaPiece[] = [];
    let room = maxBusTextLength;
    for (const part of partsOf(pieces)) {
      if (part.text.length > room || bundle.length === maxBusPieces) {
        publish(bundle);
        bundle = [];
        room = maxBusTextLength;
      }
      bundle.push(part);
      room -= part.text.length;
    }
    if (bundle.length > 0) publish(bundle);
  }

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (waiting.size > 0) send(waiting.values());
    waiting.clear();
  }

  return {
    add({ conversationId, turnId, offset, text }: DeltaPiece): void {
      const known = waiting.get(turnId);
      if (known === undefined) waiting.set(turnId, { conversationId, turnId, offset, text });
      else known.text += text;
      timer ??= setTimeout(flush, busDeltaMs);
    },
    send,
    flush,
    close: flush,
  };
}

/** The pieces, cut to the longest text that one bus message takes. */
function* partsOf(pieces: Iterable<DeltaPiece>): Generator<DeltaPiece> {
  for (const piece of pieces) {
    for (let start = 0; start < piece.text.length; start += maxBusTextLength) {
      const text = piece.text.slice(start, start + maxBusTextLength);
      yield { ...piece, offset: piece.offset + start, text };
    }
  }
}
