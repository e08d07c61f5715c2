import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fakeClock } from './testing/deps.ts';
import { createIds, systemIds } from './system.ts';

describe('createIds', () => {
  it('makes valid UUIDv7s that carry the time', () => {
    const ids = createIds(fakeClock(0x0123_4567_89ab));
    const id = ids.uuid();
    expect(z.uuidv7().safeParse(id).success).toBe(true);
    expect(id.replaceAll('-', '').slice(0, 12)).toBe('0123456789ab');
  });

  it('keeps the order of making within one millisecond and past the counter', () => {
    const ids = createIds(fakeClock());
    const made = Array.from({ length: 10_000 }, () => ids.uuid());
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  it('keeps the order when the clock goes back', () => {
    const clock = fakeClock();
    const ids = createIds(clock);
    const before = ids.uuid();
    clock.advance(-60_000);
    expect(ids.uuid() > before).toBe(true);
  });

  it('makes secrets of the asked length', () => {
    expect(Buffer.from(systemIds.secret(32), 'base64url')).toHaveLength(32);
    expect(systemIds.secret(32)).not.toBe(systemIds.secret(32));
  });
});
