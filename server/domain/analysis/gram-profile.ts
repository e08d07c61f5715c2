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
  const profile = new Map<number, number>();
  for (const [word, count] of countWords(text)) {
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

/** Slots of the table that tells most n-grams of other texts apart from a profile's own without looking them up. */
const filterSlots = 1 << 13;

/**
 * Makes the cosine of one text with others, whose weights are the square roots of their profiles' values; 0 for an
 * empty text. The others' profiles are not made: only what they share is counted, and their sum.
 */
export function createProfileCosine(profile: GramProfile): (text: string) => number {
  const own = Float64Array.from(profile.values());
  const places = new Map([...profile.keys()].map((key, place) => [key, place]));
  const filter = new Uint8Array(filterSlots);
  for (const key of profile.keys()) filter[key & (filterSlots - 1)] = 1;
  const ownMass = own.reduce((sum, value) => sum + value, 0);
  const shared = new Float64Array(own.length);

  function count(key: number, weight: number): void {
    if (filter[key & (filterSlots - 1)] === 0) return;
    const place = places.get(key);
    if (place !== undefined) shared[place] = (shared[place] ?? 0) + weight;
  }

  return (text) => {
    shared.fill(0);
    let mass = 0;
    for (const [word, times] of countWords(text)) {
      const weight = times * (grammar.has(word) ? grammarWeight : 1);
      mass += weight;
      count(termKey('body', word), weight);
      visitGrams(word, (padded, start, end) => {
        mass += weight;
        count(termKey('gram', padded, start, end), weight);
      });
    }
    let product = 0;
    for (let place = 0; place < own.length; place += 1) {
      product += Math.sqrt((own[place] ?? 0) * (shared[place] ?? 0));
    }
    const length = Math.sqrt(ownMass * mass);
    return length === 0 ? 0 : product / length;
  };
}

function countWords(text: string): Map<string, number> {
  const words = new Map<string, number>();
  for (const word of tokenize(normalizeText(text))) words.set(word, (words.get(word) ?? 0) + 1);
  return words;
}
