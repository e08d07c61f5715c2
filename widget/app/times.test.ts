import { describe, expect, it } from 'vitest';
import { formatMoment, formatWhen } from './times.ts';

const now = Date.parse('2026-03-10T12:00:00Z');
const when = (at: string, language = 'en') => formatWhen(at, now, language, 'just now');

describe('formatWhen', () => {
  it('is relative under a day', () => {
    expect(when('2026-03-10T11:59:30Z')).toBe('just now');
    expect(when('2026-03-10T12:00:05Z')).toBe('just now');
    expect(when('2026-03-10T11:45:00Z')).toBe('15 min. ago');
    expect(when('2026-03-10T09:00:00Z')).toBe('3 hr. ago');
    expect(when('2026-03-10T09:00:00Z', 'de')).toBe('vor 3 Std.');
  });

  it('is a date from a day on', () => {
    expect(when('2026-03-08T12:00:00Z')).toMatch(/^Mar 8, 2026/u);
    expect(formatMoment('2026-03-08T12:00:00Z', 'en')).toMatch(/^Sunday, March 8, 2026 at/u);
  });
});
