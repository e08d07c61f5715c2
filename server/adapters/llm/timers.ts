import type { ChatChunk } from '../../ports.ts';
import { ModelFailure } from './failure.ts';

/** Limits of one model call, in milliseconds. */
export interface ModelTimers {
  /** Until the TCP and TLS connection stands; kept by the HTTP client. */
  connectMs: number;
  /** Until the first text, all attempts together. */
  firstTokenMs: number;
  /** Between two chunks. */
  idleMs: number;
  /** Until the end, all attempts together. */
  totalMs: number;
}

/** The reliability map's rule 26. */
export const defaultTimers: ModelTimers = {
  connectMs: 5000,
  firstTokenMs: 15_000,
  idleMs: 15_000,
  totalMs: 90_000,
};

/**
 * Streams what `open` gives and aborts it when a timer runs out or `signal` fires; ends promptly even when the
 * source ignores its signal.
 * @throws ModelFailure `timeout`, the signal's reason, or what the source throws.
 */
export async function* withTimers(
  open: (signal: AbortSignal) => AsyncIterable<ChatChunk>,
  timers: Pick<ModelTimers, 'firstTokenMs' | 'idleMs' | 'totalMs'>,
  signal: AbortSignal,
): AsyncGenerator<ChatChunk> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const expire = (what: string, ms: number) =>
    setTimeout(() => controller.abort(new ModelFailure('timeout', `${what} after ${String(ms)} ms`)), ms);
  const follow = () => controller.abort(signal.reason);
  signal.addEventListener('abort', follow, { once: true });
  let progress = expire('no first token', timers.firstTokenMs);
  const total = expire('no end', timers.totalMs);
  let isIdleTimer = false;
  const source = open(controller.signal)[Symbol.asyncIterator]();
  const next = createNext(source, controller.signal);
  let isDone = false;
  try {
    for (;;) {
      const result = await next();
      controller.signal.throwIfAborted();
      if (result.done === true) {
        isDone = true;
        return;
      }
      if (isIdleTimer) {
        progress.refresh();
      } else if (result.value.type === 'delta' && result.value.text.length > 0) {
        clearTimeout(progress);
        progress = expire('no further token', timers.idleMs);
        isIdleTimer = true;
      }
      yield result.value;
    }
  } catch (error) {
    // whatever an aborted source makes of it, the reason is the one it was aborted for
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(progress);
    clearTimeout(total);
    signal.removeEventListener('abort', follow);
    if (!isDone) {
      controller.abort(new ModelFailure('incomplete', 'the reader left'));
      // not awaited: a source that hangs would hold the caller up
      void source.return?.().catch(() => {});
    }
  }
}

/** `source.next()` that also rejects when `signal` fires; one listener for the whole stream. */
function createNext(
  source: AsyncIterator<ChatChunk>,
  signal: AbortSignal,
): () => Promise<IteratorResult<ChatChunk>> {
  let rejectPending: ((reason: unknown) => void) | null = null;
  signal.addEventListener('abort', () => rejectPending?.(signal.reason), { once: true });
  return () =>
    new Promise((resolve, reject) => {
      rejectPending = reject;
      source.next().then(resolve, reject);
    });
}
