import { describe, expect, it } from 'vitest';
import type { Source } from '../../server/protocol/http-knowledge.ts';
import { fakeUuid } from '../testing/summary.ts';
import { adviseOn, settledOf, summarise } from './source-health.ts';

const source = (given: Partial<Source>): Source => ({
  id: fakeUuid(1),
  siteId: 'demo',
  type: 'website',
  name: 'Help',
  url: 'https://shop.example/',
  state: 'done',
  reason: null,
  counts: {},
  createdAt: '2026-03-10T11:00:00.000Z',
  startedAt: null,
  finishedAt: null,
  ...given,
});

describe('a source in words', () => {
  it('counts what is usable and what needs eyes', () => {
    const counts = { total: 12, indexed: 8, unchanged: 1, failed: 2, skipped: 1 };
    expect(summarise(source({ counts }))).toBe('9 pages in use, 2 with a problem');
    expect(summarise(source({ type: 'upload', counts: { total: 1, indexed: 1 } }))).toBe('1 file in use');
  });

  it('counts what is settled while it is read', () => {
    const running = source({ state: 'running', counts: { total: 10, found: 6, fetched: 1, indexed: 3 } });
    expect(settledOf(running)).toBe(3);
    expect(summarise(running)).toBe('3 of 10 pages settled');
    expect(summarise(source({ state: 'running' }))).toBe('Looking for pages');
  });

  it('advises only when an ended source gives nothing to answer from', () => {
    expect(adviseOn(source({ counts: { total: 2, indexed: 1, failed: 1 } }))).toBeNull();
    expect(adviseOn(source({ state: 'running' }))).toBeNull();
    expect(adviseOn(source({ state: 'cancelled' }))).toBeNull();
  });

  it.each([
    [{ total: 0 }, 'spelled right'],
    [{ total: 3, blocked: 3 }, 'login'],
    [{ total: 3, skipped: 2, failed: 1 }, 'robots.txt'],
    [{ total: 3, empty: 3 }, 'sitemap'],
    [{ total: 3, failed: 3 }, 'the site is up'],
  ])('gives the next step for %o', (counts, words) => {
    const advice = adviseOn(source({ state: 'failed', reason: 'Nothing came.', counts }));
    expect(advice?.text).toBe('Nothing came.');
    expect(advice?.steps.join(' ')).toContain(words);
  });
});
