import { AppError } from '../../errors.ts';
import type { ChatChunk, ChatMessage, ChatModel, Clock, Logger } from '../../ports.ts';
import { createBreaker, type BreakerPermit } from './breaker.ts';
import { ModelFailure, toAppError, toModelFailure } from './failure.ts';
import { defaultTimers, withTimers, type ModelTimers } from './timers.ts';

/** One try at a provider, without timers or retries of its own. Throws `ModelFailure`. */
export interface ModelAttempt {
  readonly name: string;
  open(messages: readonly ChatMessage[], signal: AbortSignal): AsyncIterable<ChatChunk>;
}

export interface ResilientOptions {
  attempt: ModelAttempt;
  clock: Clock;
  logger: Logger;
  timers?: Partial<ModelTimers>;
  /** Tries in all, the first included. */
  maxAttempts?: number;
  /** Uniform in 0..1, for jitter. */
  random?: () => number;
  breaker?: { threshold?: number; openMs?: number };
}

const baseDelayMs = 400;

/**
 * The only layer that retries a model call (the SDKs' own retries are off). It tries again only while nothing
 * has reached the caller and only while the first token can still come in time: all attempts share one
 * `firstTokenMs` and one `totalMs`. Retry-After is kept; quota and key failures are never retried and open the
 * breaker at once.
 */
export function createResilientModel(options: ResilientOptions): ChatModel {
  const { attempt, clock, logger, maxAttempts = 3, random = Math.random } = options;
  const timers: ModelTimers = { ...defaultTimers, ...options.timers };
  const breaker = createBreaker({ clock, ...options.breaker });
  const runOnce = createRunOnce(attempt, timers, logger);

  async function* stream(messages: readonly ChatMessage[], signal: AbortSignal): AsyncGenerator<ChatChunk> {
    const startedAt = clock.now();
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted();
      const permit = enter(tries);
      const failed = yield* runOnce(permit, messages, signal, clock.now() - startedAt);
      if (failed === null) return;
      signal.throwIfAborted();
      const { failure, hasStarted } = failed;
      logger.warn('model-attempt-failed', { model: attempt.name, kind: failure.kind, tries });
      const delayMs = failure.retryAfterMs ?? baseDelayMs * 2 ** (tries - 1) * (0.5 + random() / 2);
      const isInTime = clock.now() - startedAt + delayMs < timers.firstTokenMs;
      const mayRetry = failure.isRetryable && !hasStarted && isInTime && tries < maxAttempts;
      if (!mayRetry) throw toAppError(failure, tries);
      await wait(delayMs, signal);
    }
  }

  function enter(tries: number): BreakerPermit {
    const permit = breaker.enter();
    if (!('retryAfterMs' in permit)) return permit;
    throw new AppError('model-unavailable', 'The model is resting after repeated failures.', {
      details: { kind: 'breaker-open', attempts: tries - 1 },
      retryAfterMs: permit.retryAfterMs,
    });
  }

  return { name: attempt.name, stream };
}

interface FailedRun {
  failure: ModelFailure;
  /** The caller has seen some of the text. */
  hasStarted: boolean;
}

/** One attempt under the timers, with its outcome told to the breaker. */
function createRunOnce(attempt: ModelAttempt, timers: ModelTimers, logger: Logger) {
  /** Null when the stream ended properly. */
  return async function* runOnce(
    permit: BreakerPermit,
    messages: readonly ChatMessage[],
    signal: AbortSignal,
    elapsedMs: number,
  ): AsyncGenerator<ChatChunk, FailedRun | null> {
    let hasStarted = false;
    let isSettled = false;
    const settle = (tell: (permit: BreakerPermit) => void) => {
      if (!isSettled) tell(permit);
      isSettled = true;
    };
    try {
      const remaining = shorten(timers, elapsedMs);
      for await (const chunk of withTimers((inner) => attempt.open(messages, inner), remaining, signal)) {
        if (chunk.type === 'end') {
          if (!hasStarted && chunk.finishReason === 'stop') {
            throw new ModelFailure('malformed', 'the completion was empty');
          }
          settle((it) => it.succeed());
          yield chunk;
          return null;
        }
        if (chunk.text.length === 0) continue;
        hasStarted = true;
        yield chunk;
      }
      throw new ModelFailure('incomplete', 'the stream ended without a finish reason');
    } catch (error) {
      signal.throwIfAborted();
      const failure = toModelFailure(error);
      if (failure.isStanding) {
        logger.error('model-needs-attention', { model: attempt.name, kind: failure.kind });
      }
      if (failure.kind !== 'rejected') settle((it) => it.fail(failure.isStanding));
      return { failure, hasStarted };
    } finally {
      settle((it) => it.release());
    }
  };
}

/** What is left of the timers that all attempts share. */
function shorten(timers: ModelTimers, elapsedMs: number): ModelTimers {
  return {
    ...timers,
    firstTokenMs: Math.max(1, timers.firstTokenMs - elapsedMs),
    totalMs: Math.max(1, timers.totalMs - elapsedMs),
  };
}

function wait(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, delayMs);
    signal.addEventListener('abort', stop, { once: true });
  });
}
