import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDeltaWindow } from './delta-window.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open() {
  const shown: [number, string][] = [];
  const window = createDeltaWindow(25, (offset, text) => shown.push([offset, text]));
  return { shown, window };
}

test('the first piece is shown at once, what follows soon after it together', () => {
  const { shown, window } = open();
  for (const piece of ['one ', 'two ', 'three ']) window.add(piece);
  expect(shown).toEqual([[0, 'one ']]);
  vi.advanceTimersByTime(25);
  expect(shown).toEqual([
    [0, 'one '],
    [4, 'two three '],
  ]);
});

test('a slow stream is shown piece by piece', () => {
  const { shown, window } = open();
  for (const piece of ['a', 'b', 'c']) {
    window.add(piece);
    vi.advanceTimersByTime(60);
  }
  expect(shown).toEqual([
    [0, 'a'],
    [1, 'b'],
    [2, 'c'],
  ]);
});

test('a flush shows the rest, a discard nothing more; no timer stays', () => {
  const { shown, window } = open();
  window.add('a');
  window.add('b');
  window.flush();
  expect(shown).toEqual([
    [0, 'a'],
    [1, 'b'],
  ]);
  window.add('c');
  window.add('d');
  window.discard();
  vi.advanceTimersByTime(1000);
  expect(shown.map(([, text]) => text).join('')).toBe('abc');
  expect(vi.getTimerCount()).toBe(0);
});
