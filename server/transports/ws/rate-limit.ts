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

export function createTokenBucket(allowance: Allowance): TokenBucket {
  return new Bucket(allowance);
}

class Bucket implements TokenBucket {
  readonly #allowance: Allowance;
  #tokens: number;
  #filledAtMs: number | null = null;

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
    this.#tokens = allowance.burst;
  }

  take(nowMs: number): number {
    const { burst, perSecond } = this.#allowance;
    const elapsedMs = this.#filledAtMs === null ? 0 : Math.max(0, nowMs - this.#filledAtMs);
    this.#filledAtMs = nowMs;
    this.#tokens = Math.min(burst, this.#tokens + (elapsedMs / 1000) * perSecond);
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return 0;
    }
    return Math.ceil(((1 - this.#tokens) / perSecond) * 1000);
  }
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

/** The buckets of one connection; one that was never needed is not made. */
export interface ConnectionLimiter {
  readonly frames: TokenBucket;
  readonly resumes: TokenBucket;
  readonly signals: TokenBucket;
}

export function createConnectionLimiter(limits: ConnectionLimits): ConnectionLimiter {
  return new Limiter(limits);
}

class Limiter implements ConnectionLimiter {
  readonly #limits: ConnectionLimits;
  readonly frames: TokenBucket;
  #resumes: TokenBucket | null = null;
  #signals: TokenBucket | null = null;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
    this.frames = createTokenBucket(limits.frames);
  }

  get resumes(): TokenBucket {
    return (this.#resumes ??= createTokenBucket(this.#limits.resumes));
  }

  get signals(): TokenBucket {
    return (this.#signals ??= createTokenBucket(this.#limits.signals));
  }
}
