import type { Analyzer } from '../../server/domain/analysis/analyze.ts';
import { idf } from '../../server/domain/retrieval/score.ts';
import { recipe } from '../../server/domain/retrieval/recipe.ts';
import { benchDocument, benchQuestion, passagesPerDocument } from '../retrieval/corpus.ts';

/** The words of a passage, as stems with their counts. */
export interface CountedPassage {
  /** From 0, over the whole corpus. */
  ordinal: number;
  counts: ReadonlyMap<string, number>;
  length: number;
}

/** The passages of one made-up document, counted. */
export function countDocument(analyzer: Analyzer, number: number): CountedPassage[] {
  return benchDocument(number).passages.map(({ text }, position) => {
    const tokens = analyzer.analyze(text, 'en');
    const counts = new Map<string, number>();
    for (const { stem } of tokens) counts.set(stem, (counts.get(stem) ?? 0) + 1);
    return { ordinal: number * passagesPerDocument + position, counts, length: tokens.length };
  });
}

/** A question's text, and its stems, each once. */
export function storageQuestion(analyzer: Analyzer, number: number, documents: number) {
  const text = benchQuestion(number, documents);
  return { text, stems: [...new Set(analyzer.analyze(text, 'en').map(({ stem }) => stem))] };
}

interface Postings {
  ordinals: number[];
  frequencies: number[];
}

/** Exact BM25 over all words in the memory of this process: what the storages are compared with. */
export interface ExactIndex {
  add(passage: CountedPassage): void;
  readonly averageLength: number;
  /** Its weight in a question. */
  idfOf(stem: string): number;
  /** BM25 of one word in one passage, without its idf. */
  saturation(frequency: number, length: number): number;
  /** Ordinals of the five best. */
  best(stems: readonly string[]): number[];
  frequencies(): Iterable<[stem: string, count: number]>;
}

export function createExactIndex(): ExactIndex {
  const postings = new Map<string, Postings>();
  const lengths: number[] = [];
  let total = 0;
  const averageOf = () => Math.max(1, total / Math.max(1, lengths.length));
  const idfOf = (stem: string) => idf(postings.get(stem)?.ordinals.length ?? 0, lengths.length);
  const saturation = (frequency: number, length: number) => {
    const norm = recipe.k1 * (1 - recipe.b + (recipe.b * length) / averageOf());
    return ((recipe.k1 + 1) * frequency) / (frequency + norm);
  };
  return {
    add({ ordinal, counts, length }) {
      lengths[ordinal] = length;
      total += length;
      for (const [stem, count] of counts) {
        const known = postings.get(stem) ?? { ordinals: [], frequencies: [] };
        known.ordinals.push(ordinal);
        known.frequencies.push(count);
        postings.set(stem, known);
      }
    },
    get averageLength() {
      return averageOf();
    },
    idfOf,
    saturation,
    best(stems) {
      const scores = new Float64Array(lengths.length);
      for (const stem of stems) {
        const own = postings.get(stem);
        if (own === undefined) continue;
        const weight = idfOf(stem);
        for (const [index, ordinal] of own.ordinals.entries()) {
          const gained = weight * saturation(own.frequencies[index] ?? 0, lengths[ordinal] ?? 0);
          scores[ordinal] = (scores[ordinal] ?? 0) + gained;
        }
      }
      return [...scores.keys()]
        .filter((ordinal) => (scores[ordinal] ?? 0) > 0)
        .sort((first, second) => (scores[second] ?? 0) - (scores[first] ?? 0) || first - second)
        .slice(0, 5);
    },
    *frequencies() {
      for (const [stem, { ordinals }] of postings) yield [stem, ordinals.length];
    },
  };
}
