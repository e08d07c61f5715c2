import { expect, it } from 'vitest';
import { createAnalyzer } from './analyze.ts';
import { createPhraseCache } from './phrase-cache.ts';

it('reads a phrase once for each language, and again once too many are known', () => {
  const analyzer = createAnalyzer();
  const read: string[] = [];
  const counting = {
    analyze(text: string, language: string | null) {
      read.push(`${language ?? ''} ${text}`);
      return analyzer.analyze(text, language);
    },
  };
  const cache = createPhraseCache(counting, 2);
  expect(cache.analyze('gift cards', 'en')).toEqual(analyzer.analyze('gift cards', 'en'));
  cache.analyze('gift cards', 'en');
  expect(cache.analyze('gift cards', null)).toEqual(analyzer.analyze('gift cards', null));
  expect(read).toEqual(['en gift cards', ' gift cards']);
  cache.analyze('voucher', 'en');
  cache.analyze('gift cards', 'en');
  expect(read).toEqual(['en gift cards', ' gift cards', 'en voucher', 'en gift cards']);
});
