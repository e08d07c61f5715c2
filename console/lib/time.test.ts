import { describe, expect, it } from 'vitest';
import { dayLabel, milliseconds, relativeTime, shortDuration, timer } from './time.ts';

describe('time in words', () => {
  it.each([
    [0, 'now'],
    [59_999, 'now'],
    [60_000, '1 min'],
    [3_599_999, '59 min'],
    [3_600_000, '1 h'],
    [86_400_000 * 3, '3 d'],
  ])('names %i ms', (ms, words) => {
    expect(shortDuration(ms)).toBe(words);
  });

  it.each([
    [-5, '0:00'],
    [42_900, '0:42'],
    [725_000, '12:05'],
    [3_729_000, '1:02:09'],
  ])('shows %i ms on a timer', (ms, words) => {
    expect(timer(ms)).toBe(words);
  });

  it.each([
    [0.4, '< 1 ms'],
    [8.4, '8 ms'],
    [1234, '1.2 s'],
  ])('shows %d ms of a step', (ms, words) => {
    expect(milliseconds(ms)).toBe(words);
  });

  it('is relative under a day and a date after it', () => {
    const now = Date.parse('2026-03-10T12:00:00Z');
    expect(relativeTime('2026-03-10T11:59:30Z', now, 'en-GB')).toBe('just now');
    expect(relativeTime('2026-03-10T09:00:00Z', now, 'en-GB')).toBe('3 h ago');
    expect(relativeTime('2026-02-01T12:00:00Z', now, 'en-GB')).toBe('1 Feb');
    expect(relativeTime('2025-02-01T12:00:00Z', now, 'en-GB')).toBe('1 Feb 2025');
  });

  it('names days by the calendar, not by hours', () => {
    const now = new Date(2026, 2, 10, 0, 30).getTime();
    expect(dayLabel(new Date(2026, 2, 10, 0, 5).toISOString(), now, 'en-GB')).toBe('Today');
    expect(dayLabel(new Date(2026, 2, 9, 23, 55).toISOString(), now, 'en-GB')).toBe('Yesterday');
    expect(dayLabel(new Date(2026, 2, 8, 23, 55).toISOString(), now, 'en-GB')).toBe('Sunday 8 March');
  });
});
