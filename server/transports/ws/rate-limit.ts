import { AppError } from '../../errors.ts';

/** So many at once, and so many a second on average. */
export interface Allowance {
  burst: number;
  perSecond: number;
}

/** Lets frames pass as long as the allowance lasts. */
export interface TokenBucket {
  /** Takes one; gives 0, or the milliseconds to wait for the next. */
  take(nowMs: number): number;
}

export function createTokenBucket({ burst, perSecond }: Allowance): TokenBucket {
  let tokens = burst;
  let filledAtMs: number | null = null;
  return {
    take(nowMs) {
      const elapsedMs = filledAtMs === null ? 0 : Math.max(0, nowMs - filledAtMs);
      filledAtMs = nowMs;
      tokens = Math.min(burst, tokens + (elapsedMs / 1000) * perSecond);
      if (tokens >= 1) {
        tokens -= 1;
        return 0;
      }
      return Math.ceil(((1 - tokens) / perSecond) * 1000);
    },
  };
}

/** What one connection may do, by class of frame. */
export interface ConnectionLimits {
  /** Frames of any kind; who goes over is cut off. */
  frames: Allowance;
  /** Resumes, each of which reads the log. */
  resumes: Allowance;
  /** Typing and seen marks; what goes over is dropped. */
  signals: Allowance;
}

/** A visitor follows one conversation, an agent several. */
export const visitorLimits: ConnectionLimits = {
  frames: { burst: 120, perSecond: 20 },
  resumes: { burst: 20, perSecond: 2 },
  signals: { burst: 20, perSecond: 4 },
};
export const agentLimits: ConnectionLimits = {
  frames: { burst: 300, perSecond: 50 },
  resumes: { burst: 40, perSecond: 5 },
  signals: { burst: 40, perSecond: 10 },
};

/** The buckets of one connection. */
export function createConnectionLimiter(limits: ConnectionLimits) {
  return {
    frames: createTokenBucket(limits.frames),
    resumes: createTokenBucket(limits.resumes),
    signals: createTokenBucket(limits.signals),
  };
}
export type ConnectionLimiter = ReturnType<typeof createConnectionLimiter>;

/** @throws AppError `rate-limited` when resumes come too often. */
export function takeOrThrow(limiter: ConnectionLimiter, nowMs: number): void {
  const waitMs = limiter.resumes.take(nowMs);
  if (waitMs > 0) {
    throw new AppError('rate-limited', 'That was asked for too often.', { retryAfterMs: waitMs });
  }
}
