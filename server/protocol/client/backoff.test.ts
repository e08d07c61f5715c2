import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

test('CON-9 the pause is any time up to its limit, so that nobody comes back together', () => {
  expect([0, 0.25, 0.999].map((dice) => backoffMs(3, () => dice))).toEqual([0, 2_000, 7_992]);
  expect(backoffMs(50, () => 0.999)).toBe(29_970);
});
