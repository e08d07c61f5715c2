import { splitsOf } from './compounds.ts';
import type { Split } from './compounds.ts';
import { functionWordsOf } from './function-words.ts';
import { grammarUnits } from './function-words-unspaced.ts';
import { createStemmers } from './stem.ts';
import { isUnspaced, normalizeText, placeWords } from './tokenize.ts';

/** One word of a text, as it is indexed. */
export interface Token {
  /** Normalised, not stemmed. */
  surface: string;
  stem: string;
  /** A word of grammar rather than of content, by the language's own list. */
  isFunction: boolean;
  /** Two characters of a script without spaces. */
  isUnspaced: boolean;
}

export interface Analyzer {
  /** Words of `text` in order; `language` is ISO 639-1, null means neither stems nor function words. */
  analyze(text: string, language: string | null): Token[];
  /** Every way to read a normalised word as two, in stems; none where the language does not join words. */
  splits(word: string, language: string | null): Split[];
}

function isGrammar(units: Uint8Array | null, start: number, length: number): boolean {
  return units !== null && units.subarray(start, start + length).every((unit) => unit === 1);
}

/** Makes the one analysis that passages and questions share; it holds caches, so make it once and keep it. */
export function createAnalyzer(): Analyzer {
  const stemmerOf = createStemmers();
  return {
    splits(word, language) {
      const { stem } = stemmerOf(language);
      return splitsOf(word, language).map(({ lefts, right }) => ({
        lefts: [...new Set(lefts.map(stem))],
        right: stem(right),
      }));
    },
    analyze(text, language) {
      const stemmer = stemmerOf(language);
      const functionWords = functionWordsOf(language);
      const normalized = normalizeText(text);
      const grammar = grammarUnits(normalized, language);
      return placeWords(normalized).map(({ word, start }) => {
        const isPair = isUnspaced(word);
        return {
          surface: word,
          stem: stemmer.stem(word),
          isFunction: isPair ? isGrammar(grammar, start, word.length) : functionWords.has(word),
          isUnspaced: isPair,
        };
      });
    },
  };
}
