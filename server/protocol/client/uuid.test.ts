import { expect, test } from 'vitest';
import { createIds, uuidV7 } from './uuid.ts';

test('MSG-1 ids are UUIDv7: version, variant, and ordered by time', () => {
  const ids = [1, 2, 1_700_000_000_000, 1_900_000_000_000].map((now) => uuidV7(now));
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect([...ids].sort()).toEqual(ids);
  expect(parseInt(ids[2]?.replace('-', '').slice(0, 12) ?? '', 16)).toBe(1_700_000_000_000);
});

test('MSG-2 ids sort as they were made, in one millisecond and while the clock is set back', () => {
  const times = [5_000, 5_000, 5_000, 1_000, 1_000, 9_000];
  const next = createIds(() => times.shift() ?? 0);
  const ids = Array.from({ length: 6 }, next);
  expect([...ids].sort()).toEqual(ids);
});
