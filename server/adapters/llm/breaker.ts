import type { Clock } from '../../ports.ts';

export interface BreakerOptions {
  clock: Clock;
  /** Failures in a row that open it. */
  threshold?: number;
  /** How long it stays open before one request may probe. */
  openMs?: number;
}

/** Leave to make one call; exactly one of the three must be called, once. */
export interface BreakerPermit {
  succeed(): void;
  fail(isStanding: boolean): void;
  /** The caller lost interest: says nothing about the provider. */
  release(): void;
}

export interface Breaker {
  /** A permit, or the milliseconds after which the next probe is allowed. */
  enter(): BreakerPermit | { retryAfterMs: number };
}

/**
 * Stops calling a provider that keeps failing: opens after `threshold` failures in a row, or at once after a
 * standing failure (no money, wrong key); after `openMs` lets one probe through, whose outcome decides.
 */
export function createBreaker({ clock, threshold = 5, openMs = 15_000 }: BreakerOptions): Breaker {
  let failures = 0;
  let openUntil: number | null = null;
  let isProbing = false;

  const permit = (isProbe: boolean): BreakerPermit => {
    const leave = () => {
      if (isProbe) isProbing = false;
    };
    return {
      succeed() {
        leave();
        failures = 0;
        openUntil = null;
      },
      fail(isStanding) {
        leave();
        failures += 1;
        if (isProbe || isStanding || failures >= threshold) openUntil = clock.now() + openMs;
      },
      release: leave,
    };
  };

  return {
    enter() {
      if (openUntil === null) return permit(false);
      const remainingMs = openUntil - clock.now();
      if (remainingMs > 0) return { retryAfterMs: remainingMs };
      if (isProbing) return { retryAfterMs: 1000 };
      isProbing = true;
      return permit(true);
    },
  };
}
