import type { Analyzer } from '../analysis/analyze.ts';

/** A text as weighted features, by rising id; its length as a vector is 1, or 0 where nothing of it is known. */
export interface FeatureVector {
  ids: Int32Array;
  values: Float32Array;
}

/** The features of a set of utterances with their rarity; texts are turned into vectors by it. */
export interface FeatureSpace {
  readonly size: number;
  /** Features that stand in none of the utterances are left out. */
  vectorOf(text: string, language: string | null): FeatureVector;
}

/** Lengths of the character n-grams, each word with its boundaries. */
const gramLengths = [3, 4, 5] as const;
/** What the two kinds of features weigh in the square of a vector's length. */
const shares = { words: 0.35, grams: 0.65 } as const;
/** How often a word of grammar counts as having occurred. */
const functionWordCount = 0.5;

interface Counts {
  words: Map<string, number>;
  grams: Map<string, number>;
}

function count(map: Map<string, number>, feature: string): void {
  map.set(feature, (map.get(feature) ?? 0) + 1);
}

/** Stems, pairs of neighbouring stems, and n-grams of characters within words. */
function countFeatures(analyzer: Analyzer, text: string, language: string | null): Counts {
  const counts: Counts = { words: new Map(), grams: new Map() };
  const tokens = analyzer.analyze(text, language);
  for (const [index, { surface, stem, isFunction, isUnspaced }] of tokens.entries()) {
    if (isFunction) counts.words.set(stem, functionWordCount);
    else count(counts.words, stem);
    count(counts.words, `${stem} ${tokens[index + 1]?.stem ?? '$'}`);
    if (index === 0) count(counts.words, `^ ${stem}`);
    if (isUnspaced) continue;
    const bounded = ` ${surface} `;
    for (const length of gramLengths) {
      for (let at = 0; at + length <= bounded.length; at += 1) {
        count(counts.grams, bounded.slice(at, at + length));
      }
    }
  }
  return counts;
}

/** Makes the space of `utterances`: tf-idf, with the logarithm of tf, words and n-grams each brought to length. */
export function createFeatureSpace(
  analyzer: Analyzer,
  utterances: readonly { text: string; language: string | null }[],
): FeatureSpace {
  const ids = new Map<string, number>();
  const documents: number[] = [];
  const all = utterances.map(({ text, language }) => countFeatures(analyzer, text, language));
  const note = (feature: string) => {
    const id = ids.get(feature) ?? ids.size;
    ids.set(feature, id);
    documents[id] = (documents[id] ?? 0) + 1;
  };
  for (const { words, grams } of all) {
    for (const word of words.keys()) note(word);
    // a tab keeps the n-grams apart from the words
    for (const gram of grams.keys()) note(`\t${gram}`);
  }
  const idf = Float32Array.from(documents, (seen) => Math.log((1 + all.length) / (1 + seen)) + 1);

  const weigh = (counts: Map<string, number>, prefix: string, share: number): [number, number][] => {
    const known = [...counts].flatMap(([feature, tf]): [number, number][] => {
      const id = ids.get(prefix + feature);
      return id === undefined ? [] : [[id, (1 + Math.log(tf)) * (idf[id] ?? 0)]];
    });
    const length = Math.sqrt(known.reduce((sum, [, value]) => sum + value * value, 0)) || 1;
    return known.map(([id, value]) => [id, (Math.sqrt(share) * value) / length]);
  };

  return {
    size: ids.size,
    vectorOf(text, language) {
      const { words, grams } = countFeatures(analyzer, text, language);
      const features = [...weigh(words, '', shares.words), ...weigh(grams, '\t', shares.grams)];
      features.sort(([a], [b]) => a - b);
      return {
        ids: Int32Array.from(features, ([id]) => id),
        values: Float32Array.from(features, ([, value]) => value),
      };
    },
  };
}
