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

/**
 * A text as a unit vector: its words' character 4-grams and the words themselves, hashed with a sign to
 * `dimensions` places, the square root of their counts as weight. A text without words gets a fixed vector.
 */
export function embedText(text: string, dimensions: number): Float32Array {
  const weights = new Map<number, number>();
  for (const word of tokenize(normalizeText(text))) {
    const weight = grammar.has(word) ? grammarWeight : 1;
    add(weights, termKey('body', word), weight);
    visitGrams(word, (padded, start, end) => {
      add(weights, termKey('gram', padded, start, end), weight);
    });
  }
  const vector = new Float32Array(dimensions);
  for (const [key, weight] of weights) {
    const place = Math.floor(key / 4) % dimensions;
    const sign = Math.floor(key / 2) % 2 === 0 ? 1 : -1;
    vector[place] = (vector[place] ?? 0) + sign * Math.sqrt(weight);
  }
  return normalize(vector);
}

function add(weights: Map<number, number>, key: number, weight: number): void {
  weights.set(key, (weights.get(key) ?? 0) + weight);
}

function normalize(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length === 0) {
    vector[0] = 1;
    return vector;
  }
  return vector.map((value) => value / length);
}
