import { describe, expect, it } from 'vitest';
import { order } from '../../testing/small-index.ts';
import { createAnalyzer } from '../analysis/analyze.ts';
import { matchSynonyms } from './synonyms.ts';

const pages = [
  { title: 'Refunds', texts: ['A refund takes five days.'] },
  { title: 'Opening hours', texts: ['We open at nine.'] },
  { title: 'Money', texts: ['Coins and notes of the country.'] },
  { title: 'Gift cards', texts: ['A gift card is valid for three years.'] },
];
const twoWay = [{ words: ['refund', 'money back'], means: [] }];
const oneWay = [{ words: ['voucher'], means: ['gift card'] }];

describe("an owner's synonyms", () => {
  it('find what the pages say in other words, both ways, phrases too', () => {
    expect(order(pages, 'When do I get my money back?')[0]).toBe(3);
    expect(order(pages, 'When do I get my money back?', { synonyms: twoWay })[0]).toBe(1);
    const phrase = [...pages, { title: 'Guarantee', texts: ['You get your money back at once.'] }];
    expect(order(phrase, 'refund', { synonyms: twoWay })).toEqual(expect.arrayContaining([1, 5]));
    expect(order(phrase, 'refund')).toEqual([1]);
  });

  it('are found in any form of their words, in the language of the question', () => {
    expect(order(pages, 'refunds', { synonyms: [{ words: ['coin', 'refund'], means: [] }] })).toContain(3);
    const german = [{ title: 'Erstattung', texts: ['Die Erstattung dauert fünf Tage.'], language: 'de' }];
    const rule = [{ words: ['Geld zurück'], means: ['Erstattung'] }];
    expect(order(german, 'Wann gibt es Geld zurück?', { languages: ['de'] })).toEqual([]);
    expect(order(german, 'Wann gibt es Geld zurück?', { languages: ['de'], synonyms: rule })).toEqual([1]);
  });

  it('that go one way do not go the other', () => {
    const shelf = [...pages, { title: 'Vouchers', texts: ['Print your voucher.'] }];
    expect(order(shelf, 'voucher', { synonyms: oneWay })).toEqual(expect.arrayContaining([4, 5]));
    expect(order(shelf, 'gift card', { synonyms: oneWay })).toEqual([4]);
  });

  it('word the question anew, for what reads it as a text', () => {
    const analyzer = createAnalyzer();
    const tokens = analyzer.analyze('Is my voucher valid?', 'en');
    expect(matchSynonyms(analyzer, tokens, oneWay, 'en').rewordings).toEqual(['is my gift card valid']);
    expect(matchSynonyms(analyzer, tokens, twoWay, 'en')).toEqual({ forms: new Map(), rewordings: [] });
  });
});
