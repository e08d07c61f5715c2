import { expect, it } from 'vitest';
import { createByteCache } from './byte-cache.ts';

/** Room for three entries of 80 bytes with what each costs besides. */
const room = 3 * 200;

function filled(...keys: string[]) {
  const cache = createByteCache<string>(room);
  for (const key of keys) cache.set(key, key.toUpperCase(), 80);
  return cache;
}

it('drops the oldest that nobody asked for', () => {
  const cache = filled('a', 'b', 'c');
  expect(cache.get('a')).toBe('A');
  cache.set('d', 'D', 80);
  expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key))).toEqual(['A', undefined, 'C', 'D']);
});

it('keeps within its bytes when all were asked for', () => {
  const cache = filled('a', 'b', 'c');
  for (const key of ['a', 'b', 'c']) cache.get(key);
  cache.set('d', 'D', 80);
  expect(cache.bytes).toBeLessThanOrEqual(room);
  expect(cache.get('d')).toBe('D');
});

it('spares so many at a time and no more, however many were asked for', () => {
  const keys = Array.from({ length: 100 }, (_, at) => String(at));
  const cache = createByteCache<string>(keys.length * 200);
  for (const key of keys) cache.set(key, key, 80);
  for (const key of keys) cache.get(key);
  cache.set('new', 'new', 80);
  expect(keys.filter((key) => cache.get(key) === undefined)).toEqual(['64']);
});

it('replaces without counting twice, and leaves out what is too large', () => {
  const cache = filled('a');
  cache.set('a', 'other', 80);
  expect(cache.bytes).toBe(200);
  cache.set('huge', 'HUGE', room);
  expect(cache.get('huge')).toBeUndefined();
});
