/** First pause before a new attempt, at most; doubles with every further attempt. */
const baseMs = 1000;
/** Longest pause between two attempts. */
const capMs = 30_000;

/**
 * How long to wait before attempt number `attempt` (from 0): uniform between 0 and the doubled base, so that
 * clients that lost the same server do not come back together ("full jitter").
 * @param random gives a number in [0, 1).
 */
export function backoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 10));
  return Math.floor(random() * ceiling);
}
