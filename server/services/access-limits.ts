import { AppError } from '../errors.ts';
import type { Clock } from '../ports.ts';

export interface LimitOptions {
  /** Attempts at once. */
  burst: number;
  /** One attempt comes back after this time. */
  refillMs: number;
  /** Keys remembered at most; the fullest buckets are forgotten first. */
  maxKeys?: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** A token bucket per key, in this process's memory. */
export interface AttemptLimit {
  /** Takes one attempt. @throws AppError `rate-limited` with `retryAfterMs` when none is left. */
  take(key: string): void;
  /** Gives the attempt back, after a success. */
  refund(key: string): void;
}

/** @see AttemptLimit */
export function createAttemptLimit(clock: Clock, options: LimitOptions): AttemptLimit {
  const { burst, refillMs, maxKeys = 20_000 } = options;
  const buckets = new Map<string, Bucket>();

  const levelOf = (bucket: Bucket, now: number): number =>
    Math.min(burst, bucket.tokens + (now - bucket.at) / refillMs);

  const forgetFull = (now: number): void => {
    for (const [key, bucket] of buckets) {
      if (levelOf(bucket, now) >= burst) buckets.delete(key);
    }
    // still too many: the oldest go, so that memory stays bounded under a flood of addresses
    for (const key of buckets.keys()) {
      if (buckets.size < maxKeys) break;
      buckets.delete(key);
    }
  };

  return {
    take(key) {
      const now = clock.now();
      const known = buckets.get(key);
      if (known === undefined && buckets.size >= maxKeys) forgetFull(now);
      const level = known === undefined ? burst : levelOf(known, now);
      if (level < 1) {
        const retryAfterMs = Math.ceil((1 - level) * refillMs);
        throw new AppError('rate-limited', 'There were too many attempts.', {
          fix: `Wait ${Math.ceil(retryAfterMs / 1000)} seconds and try again.`,
          retryAfterMs,
        });
      }
      buckets.set(key, { tokens: level - 1, at: now });
    },

    refund(key) {
      const bucket = buckets.get(key);
      if (bucket !== undefined) bucket.tokens = Math.min(burst, bucket.tokens + 1);
    },
  };
}
