import type { EphemeralFrame } from './live-bus.ts';
import { busDeltaMs, maxBusTextLength } from './live-limits.ts';

type DeltaFrame = Extract<EphemeralFrame, { type: 'answer-delta' }>;

/**
 * Gathers the pieces of streamed answers for a moment before they go over the bus, so that a model's hundred
 * tokens a second are twenty messages; watchers of the same process do not wait for this.
 */
export function createBusDeltas(publish: (frame: DeltaFrame) => void) {
  const waiting = new Map<string, DeltaFrame>();
  let timer: NodeJS.Timeout | null = null;

  /** Publishes a piece, cut to what the bus takes. */
  function send(frame: DeltaFrame): void {
    for (let start = 0; start < frame.text.length; start += maxBusTextLength) {
      const text = frame.text.slice(start, start + maxBusTextLength);
      publish({ ...frame, offset: frame.offset + start, text });
    }
  }

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    for (const frame of waiting.values()) send(frame);
    waiting.clear();
  }

  return {
    add(frame: DeltaFrame): void {
      const known = waiting.get(frame.turnId);
      waiting.set(frame.turnId, known === undefined ? frame : { ...known, text: known.text + frame.text });
      timer ??= setTimeout(flush, busDeltaMs);
    },
    send,
    flush,
    close: flush,
  };
}
