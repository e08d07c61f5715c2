import { germanicWords } from './function-words-germanic.ts';
import { otherWords } from './function-words-other.ts';
import { normalizeText } from './tokenize.ts';
import { romanceWords } from './function-words-romance.ts';

const lists: Readonly<Record<string, string>> = { ...germanicWords, ...romanceWords, ...otherWords };

const empty: ReadonlySet<string> = new Set<string>();

const sets: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(lists).map(([language, words]) => [
    language,
    new Set(normalizeText(words).split(/\s+/u).filter(Boolean)),
  ]),
);

/**
 * The words of grammar of a language (articles, pronouns, prepositions, auxiliaries, question words), in
 * normalised form. Empty for a language without a list.
 */
export function functionWordsOf(language: string | null): ReadonlySet<string> {
  return (language === null ? undefined : sets.get(language)) ?? empty;
}

/** The languages that have a list of function words. */
export const languagesWithFunctionWords: readonly string[] = [...sets.keys()];
