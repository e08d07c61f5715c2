import { expect, test } from 'vitest';
import { createSlots } from './slots.ts';

/** A piece of work that ends when told. */
function held() {
  let end: () => void = () => {};
  let isRunning = false;
  const done = new Promise<void>((resolve) => (end = resolve));
  return {
    end: () => end(),
    isRunning: () => isRunning,
    work: async () => {
      isRunning = true;
      await done;
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;

test('runs so many at once, the rest in order, and frees a place even when work fails', async () => {
  const slots = createSlots(2);
  const [first, second, third, fourth] = [held(), held(), held(), held()];
  const runs = [first, second, third, fourth].map((one) => slots.run(never, one.work));
  await settled();
  expect([first, second, third, fourth].map((one) => one.isRunning())).toEqual([true, true, false, false]);
  first.end();
  await settled();
  expect([third.isRunning(), fourth.isRunning()]).toEqual([true, false]);
  for (const one of [second, third, fourth]) one.end();
  await Promise.all(runs);
  await expect(slots.run(never, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(Promise.all([1, 2].map((n) => slots.run(never, async () => n)))).resolves.toEqual([1, 2]);
});

test('who gives up waiting leaves the line', async () => {
  const slots = createSlots(1);
  const first = held();
  const running = slots.run(never, first.work);
  const tired = new AbortController();
  const waiting = slots.run(tired.signal, async () => 'ran');
  await settled();
  tired.abort();
  await expect(waiting).rejects.toThrow('Nobody waits');
  first.end();
  await running;
  await expect(slots.run(never, async () => 'next')).resolves.toBe('next');
});

test('a line that is full takes nobody', async () => {
  const slots = createSlots(1, 1);
  const first = held();
  const running = slots.run(never, first.work);
  const second = slots.run(never, async () => 'second');
  await expect(slots.run(never, async () => 'third')).rejects.toMatchObject({ code: 'unavailable' });
  first.end();
  await expect(second).resolves.toBe('second');
  await running;
  await expect(slots.run(never, async () => 'fourth')).resolves.toBe('fourth');
});
