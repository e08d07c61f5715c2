import { describe, expect, test } from 'vitest';
import { createBatcher } from './batcher.ts';

/** A load that answers when the test says so. */
function heldLoads() {
  const loads: { keys: readonly number[]; end: () => void; fail: (error: Error) => void }[] = [];
  const load = (keys: readonly number[]): Promise<string[]> =>
    new Promise((resolve, reject) => {
      loads.push({ keys, end: () => resolve(keys.map((key) => `v${String(key)}`)), fail: reject });
    });
  return { loads, load };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a batcher', () => {
  test('asks for what was wanted in the meantime at once, so many at a time, and answers each', async () => {
    const { loads, load } = heldLoads();
    const ask = createBatcher({ load, maxBatch: 3, parallel: 1 });
    const first = ask(1);
    await settled();
    const rest = [2, 3, 4, 5].map(ask);
    await settled();
    expect(loads.map(({ keys }) => keys)).toEqual([[1]]);
    loads[0]?.end();
    await expect(first).resolves.toBe('v1');
    await settled();
    expect(loads.map(({ keys }) => keys)).toEqual([[1], [2, 3, 4]]);
    loads[1]?.end();
    await settled();
    loads[2]?.end();
    await expect(Promise.all(rest)).resolves.toEqual(['v2', 'v3', 'v4', 'v5']);
  });

  test('a load that fails fails those who asked, and the next goes on', async () => {
    const { loads, load } = heldLoads();
    const ask = createBatcher({ load, maxBatch: 10, parallel: 2 });
    const lost = [ask(1), ask(2)];
    await settled();
    const kept = ask(3);
    await settled();
    loads[0]?.fail(new Error('gone'));
    loads[1]?.end();
    for (const one of lost) await expect(one).rejects.toThrow('gone');
    await expect(kept).resolves.toBe('v3');
  });
});
