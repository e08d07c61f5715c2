import type { Analyzer } from '../analysis/analyze.ts';
import { pairOf } from '../analysis/pair.ts';
import { termKey } from '../analysis/term-key.ts';
import { accountWords } from './words-account.ts';
import { everydayWords } from './words-everyday.ts';
import { shopWords } from './words-shop.ts';

/** The language of the lists. */
export const thesaurusLanguage = 'en';

/** A word or phrase as it is written and as the index knows it. */
interface Wording {
  text: string;
  /** Of all its words, in order. */
  stems: readonly string[];
  /** Of its word of content, or of the pair of them. */
  key: number;
}

/** A word or phrase of the lists, with what pages may call it. */
export interface KnownWord {
  own: Wording;
  /** The nearest in meaning first. */
  others: readonly Wording[];
}

/** How many passages of a site hold a term. */
export type FrequencyOf = (key: number) => number;

export interface Thesaurus {
  /** What of `text` the lists know: phrases of two words, then single words. */
  find(text: string): KnownWord[];
  /**
   * `text` with each of `words` that no passage holds put in the nearest word that one holds; null where nothing
   * changes. Words that the site does use stay: its own meaning of them is better known than the lists'.
   */
  reword(text: string, words: readonly KnownWord[], frequencyOf: FrequencyOf): string | null;
}

const wordPattern = /[\p{L}\p{M}\p{N}]+/gu;

function toWording(analyzer: Analyzer, entry: string): Wording | null {
  const text = entry.replaceAll('_', ' ');
  const tokens = analyzer.analyze(text, thesaurusLanguage);
  const [first, second, third] = tokens.filter(({ isFunction }) => !isFunction).map(({ stem }) => stem);
  if (first === undefined || third !== undefined) return null;
  const key = second === undefined ? termKey('body', first) : termKey('pair', pairOf(first, second));
  return { text, stems: tokens.map(({ stem }) => stem), key };
}

function readLists(analyzer: Analyzer): Map<string, KnownWord> {
  const known = new Map<string, KnownWord>();
  for (const line of `${shopWords}${accountWords}${everydayWords}`.split('\n')) {
    const [own, ...others] = line.split(' ').flatMap((entry) => toWording(analyzer, entry) ?? []);
    if (own === undefined) continue;
    const id = own.stems.join(' ');
    known.set(id, { own, others: [...(known.get(id)?.others ?? []), ...others] });
  }
  return known;
}

/** Makes the reader of the lists; they are analysed when it is first asked. */
export function createThesaurus(analyzer: Analyzer): Thesaurus {
  let lists: Map<string, KnownWord> | null = null;
  const stemsOf = (text: string) => analyzer.analyze(text, thesaurusLanguage).map(({ stem }) => stem);

  /** Puts `by` in the place of every run of words with these stems; what stands between the words stays. */
  const replace = (text: string, stems: readonly string[], by: string): string => {
    const places = [...text.matchAll(wordPattern)].map((place) => ({
      start: place.index,
      end: place.index + place[0].length,
    }));
    let said = '';
    let from = 0;
    for (const [at, { start }] of places.entries()) {
      const end = places[at + stems.length - 1]?.end;
      if (end === undefined || start < from) continue;
      if (stemsOf(text.slice(start, end)).join(' ') !== stems.join(' ')) continue;
      said += text.slice(from, start) + by;
      from = end;
    }
    return said + text.slice(from);
  };

  return {
    find(text) {
      lists ??= readLists(analyzer);
      const known = lists;
      const stems = stemsOf(text);
      const phrases = stems.slice(1).map((stem, index) => `${stems[index] ?? ''} ${stem}`);
      return [...new Set([...phrases, ...stems])].flatMap((id) => known.get(id) ?? []);
    },
    reword(text, words, frequencyOf) {
      let said = text;
      for (const { own, others } of words) {
        if (frequencyOf(own.key) > 0) continue;
        const nearest = others.find(({ key }) => frequencyOf(key) > 0);
        if (nearest !== undefined) said = replace(said, own.stems, nearest.text);
      }
      return said === text ? null : said;
    },
  };
}
