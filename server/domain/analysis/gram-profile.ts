import { functionWordsOf, languagesWithFunctionWords } from './function-words.ts';
import { visitGrams } from './grams.ts';
import { termKey } from './term-key.ts';
import { normalizeText, tokenize } from './tokenize.ts';

/** Words of grammar in any language we know: the language of the text need not be known. */
const grammar: ReadonlySet<string> = new Set(
  languagesWithFunctionWords.flatMap((language) => [...functionWordsOf(language)]),
);

/** Share of a content word's weight that a word of grammar gets. */
const grammarWeight = 0.1;

/** What a text is made of: squared weights of its words and their character 4-grams, by term key. */
export type GramProfile = ReadonlyMap<number, number>;

/** The profile of a text; a word of grammar weighs a tenth of another. */
export function gramProfile(text: string): GramProfile {
  const words = new Map<string, number>();
  for (const word of tokenize(normalizeText(text))) words.set(word, (words.get(word) ?? 0) + 1);
  const profile = new Map<number, number>();
  for (const [word, count] of words) {
    const weight = count * (grammar.has(word) ? grammarWeight : 1);
    const key = termKey('body', word);
    profile.set(key, (profile.get(key) ?? 0) + weight);
    visitGrams(word, (padded, start, end) => {
      const gram = termKey('gram', padded, start, end);
      profile.set(gram, (profile.get(gram) ?? 0) + weight);
    });
  }
  return profile;
}

/** The cosine of two texts whose weights are the square roots of their profiles' values; 0 for an empty text. */
export function profileCosine(first: GramProfile, second: GramProfile): number {
  const [small, large] = first.size < second.size ? [first, second] : [second, first];
  let product = 0;
  for (const [key, value] of small) {
    const other = large.get(key);
    if (other !== undefined) product += Math.sqrt(value * other);
  }
  const length = Math.sqrt(mass(first) * mass(second));
  return length === 0 ? 0 : product / length;
}

function mass(profile: GramProfile): number {
  let sum = 0;
  for (const value of profile.values()) sum += value;
  return sum;
}
