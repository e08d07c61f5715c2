import { functionWordsOf } from './function-words.ts';
import { createStemmers } from './stem.ts';
import { isUnspaced, normalizeText, tokenize } from './tokenize.ts';

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
}

/** Makes the one analysis that passages and questions share; it holds caches, so make it once and keep it. */
export function createAnalyzer(): Analyzer {
  const stemmerOf = createStemmers();
  return {
    analyze(text, language) {
      const stemmer = stemmerOf(language);
      const functionWords = functionWordsOf(language);
      return tokenize(normalizeText(text)).map((surface) => ({
        surface,
        stem: stemmer.stem(surface),
        isFunction: functionWords.has(surface),
        isUnspaced: isUnspaced(surface),
      }));
    },
  };
}
