import { setTimeout as sleepFor } from 'node:timers/promises';
import { AppError } from '../server/errors.ts';
import type { FetchedPage, Outbound, OutboundOptions } from '../server/ports.ts';

const maxAttempts = 3;
const firstPauseMs = 500;
const maxPauseMs = 20_000;
const passingStatuses = new Set([429, 500, 502, 503, 504]);

/** Waits, or rejects with the signal's reason when that fires first. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  try {
    await sleepFor(ms, undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
}

/** What a `Retry-After` header asks for, in milliseconds; null when it cannot be read. */
export function retryAfterMs(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/**
 * Fetches, and tries again twice what may pass: network faults, 429 and 5xx, after the time that the server asks
 * for (20 s at most) or a growing pause. Waits for its `turn` before each try.
 */
export async function fetchWithRetry(
  deps: { outbound: Outbound; signal: AbortSignal; clock: { now(): number }; turn: () => Promise<void> },
  url: string,
  options: Omit<OutboundOptions, 'signal'>,
): Promise<FetchedPage> {
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt >= maxAttempts;
    let pauseMs = firstPauseMs * 4 ** (attempt - 1);
    await deps.turn();
    try {
      const page = await deps.outbound.get(url, { ...options, signal: deps.signal });
      if (isLast || !passingStatuses.has(page.status)) return page;
      pauseMs = retryAfterMs(page.headers['retry-after'], deps.clock.now()) ?? pauseMs;
    } catch (error) {
      deps.signal.throwIfAborted();
      if (isLast || !(error instanceof AppError) || error.code !== 'fetch-failed') throw error;
    }
    await sleep(Math.min(pauseMs, maxPauseMs), deps.signal);
  }
}
