import { stemmer as bulgarian } from '@orama/stemmers/bulgarian';
import { stemmer as greek } from '@orama/stemmers/greek';
import { stemmer as hindi } from '@orama/stemmers/indian';
import { stemmer as indonesian } from '@orama/stemmers/indonesian';
import { stemmer as lithuanian } from '@orama/stemmers/lithuanian';
import { stemmer as nepali } from '@orama/stemmers/nepali';
import { stemmer as serbian } from '@orama/stemmers/serbian';
import { stemmer as ukrainian } from '@orama/stemmers/ukrainian';
import snowball from 'snowball-stemmers';
import { plainForm } from './english-forms.ts';

/** ISO 639-1 code to Snowball algorithm. Languages that are absent keep their words as they are. */
const algorithmOf: Readonly<Record<string, string>> = {
  ar: 'arabic',
  hy: 'armenian',
  eu: 'basque',
  ca: 'catalan',
  cs: 'czech',
  da: 'danish',
  nl: 'dutch',
  en: 'english',
  fi: 'finnish',
  fr: 'french',
  de: 'german',
  hu: 'hungarian',
  it: 'italian',
  ga: 'irish',
  nb: 'norwegian',
  nn: 'norwegian',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  es: 'spanish',
  sl: 'slovene',
  sv: 'swedish',
  ta: 'tamil',
  tr: 'turkish',
};

/** Stemmers of the languages that the first library lacks. */
const others: Readonly<Record<string, (word: string) => string>> = {
  bg: bulgarian,
  bs: serbian,
  el: greek,
  hi: hindi,
  hr: serbian,
  id: indonesian,
  lt: lithuanian,
  ms: indonesian,
  ne: nepali,
  sr: serbian,
  uk: ukrainian,
};

/** Stems kept per language; a stem costs some 6 µs, a hit 0.1 µs. Full caches are dropped whole. */
const cacheSize = 50_000;

export interface Stemmer {
  /** The stem of a normalised word; the word itself where the language has no stemmer. */
  stem(word: string): string;
  /** False where `stem` gives every word back unchanged. */
  readonly isKnown: boolean;
}

const identity: Stemmer = { stem: (word) => word, isKnown: false };

/** Makes stemmers by language, one cache of stems each. */
export function createStemmers(): (language: string | null) => Stemmer {
  const made = new Map<string, Stemmer>();
  return (language) => {
    const known = language === null ? identity : made.get(language);
    if (known !== undefined) return known;
    const inner = language === null ? null : findStemmer(language);
    if (language === null || inner === null) return identity;
    const stemmer = createCachedStemmer(inner);
    made.set(language, stemmer);
    return stemmer;
  };
}

function findStemmer(language: string): ((word: string) => string) | null {
  const algorithm = algorithmOf[language];
  if (algorithm === undefined) return others[language] ?? null;
  const stemmer = snowball.newStemmer(algorithm);
  return language === 'en' ? (word) => stemmer.stem(plainForm(word)) : (word) => stemmer.stem(word);
}

function createCachedStemmer(inner: (word: string) => string): Stemmer {
  const cache = new Map<string, string>();
  return {
    isKnown: true,
    stem(word) {
      const cached = cache.get(word);
      if (cached !== undefined) return cached;
      if (cache.size >= cacheSize) cache.clear();
      const stem = inner(word);
      cache.set(word, stem);
      return stem;
    },
  };
}

/** Whether there is a stemmer for a language. */
export function hasStemmer(language: string | null): boolean {
  return language !== null && (algorithmOf[language] ?? others[language]) !== undefined;
}
