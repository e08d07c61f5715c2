import { describe, expect, it } from 'vitest';
import { createAnalyzer } from './analyze.ts';

const analyzer = createAnalyzer();
const stemOf = (word: string, language = 'en') => analyzer.analyze(word, language)[0]?.stem;

describe('English words in several forms', () => {
  it.each([
    ['colour', 'color'],
    ['centres', 'center'],
    ['organisation', 'organization'],
    ['personalised', 'personalize'],
    ['telephone', 'phone'],
    ['email', 'mail'],
    ['paid', 'pay'],
    ['broken', 'breaking'],
    ['children', 'child'],
  ])('have one stem: %s, %s', (one, other) => {
    expect(stemOf(one)).toBe(stemOf(other));
  });

  it('keep their stems where two words only look alike, and in other languages', () => {
    expect(stemOf('advise')).not.toBe(stemOf('advize'));
    expect(stemOf('left')).not.toBe(stemOf('leave'));
    expect(stemOf('made', 'nl')).toBe('mad');
  });
});
