import { describe, expect, it } from 'vitest';
import { dependence, pointsBack } from './conversation.ts';
import { idf } from './score.ts';
import { standaloneQuery } from './standalone.ts';
import type { Ranking } from './rank.ts';

const word = (value: number) => ({ idf: value });
const smallSite = idf(0, 200);
const largeSite = idf(0, 20_000);

describe('how much a question leans on its history', () => {
  it('is little for rare words of its own, also on a small site whose idfs are low', () => {
    expect(dependence('Can I pay with bitcoin?', [word(2.5), word(smallSite)], smallSite)).toBeLessThan(0.3);
    expect(dependence('Can I pay with bitcoin?', [word(6), word(largeSite)], largeSite)).toBe(0);
  });

  it('is much for a question without words of its own, or one that points back', () => {
    expect(dependence('How much?', [], smallSite)).toBe(1);
    expect(dependence('Is it waterproof?', [word(6), word(6), word(6)], smallSite)).toBe(0.6);
    expect(pointsBack('What about the Pro plan?')).toBe(true);
    expect(pointsBack('Which plans do you offer?')).toBe(false);
  });
});

describe('the standalone question', () => {
  const history = [{ role: 'user' as const, text: 'How long is a gift card valid?' }];
  const said = {
    term: { part: 'body', form: 'gift', stem: 'gift', isFunction: false, turns: [0] },
    idf: 4,
  };
  const ranking = (leaning: number) =>
    ({ found: [said], weights: [0.4, 1], dependence: leaning }) as unknown as Ranking;

  it('takes words of the history only where the question leans on it', () => {
    expect(standaloneQuery('Can I pay with bitcoin?', history, ranking(0.3))).toBe('Can I pay with bitcoin?');
    expect(standaloneQuery('How long is it?', history, ranking(0.6))).toBe('How long is it? gift');
  });
});
