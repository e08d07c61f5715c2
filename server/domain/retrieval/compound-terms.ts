import type { Analyzer, Token } from '../analysis/analyze.ts';
import { termKey } from '../analysis/term-key.ts';
import type { PlannedTerm } from './plan.ts';
import type { SearchableSegment } from './score.ts';

/** Keys of one word, in the body and in the title. */
interface WordKeys {
  body: number;
  title: number;
}

/** A word of the question that may be a compound, with the ways to read it as two words. */
export interface PlannedCompound {
  form: string;
  turn: number;
  splits: { lefts: WordKeys[]; right: WordKeys }[];
}

/** A part of a compound counts as a word where this many passages hold it on its own. */
const minPassages = 2;

const keysOf = (stem: string): WordKeys => ({ body: termKey('body', stem), title: termKey('title', stem) });

/** The words of a turn that may be compounds in one of `languages`. */
export function planCompounds(
  analyzer: Analyzer,
  tokens: readonly Token[],
  languages: readonly (string | null)[],
  turn: number,
): PlannedCompound[] {
  return tokens.flatMap(({ surface, isFunction }) => {
    if (isFunction) return [];
    const splits = languages.flatMap((language) => analyzer.splits(surface, language));
    if (splits.length === 0) return [];
    const keyed = splits.map(({ lefts, right }) => ({ lefts: lefts.map(keysOf), right: keysOf(right) }));
    return [{ form: surface, turn, splits: keyed }];
  });
}

/** Every key that `halvesOf` may ask for. */
export function compoundKeys(compounds: readonly PlannedCompound[]): number[] {
  return compounds.flatMap(({ splits }) =>
    splits.flatMap(({ lefts, right }) => [...lefts, right].flatMap(({ body, title }) => [body, title])),
  );
}

/**
 * The two words that each compound is made of, as terms: the split whose rarer word is the most frequent in the
 * site's own passages, if both are words there. So the site's vocabulary decides, and no dictionary.
 */
export function halvesOf(
  compounds: readonly PlannedCompound[],
  segments: readonly SearchableSegment[],
): PlannedTerm[] {
  const frequency = ({ body }: WordKeys) =>
    segments.reduce((sum, segment) => sum + (segment.postings(body)?.count ?? 0), 0);
  return compounds.flatMap(({ form, turn, splits }) => {
    const readings = splits.flatMap(({ lefts, right }) => {
      const most = frequency(right);
      if (most < minPassages) return [];
      return lefts.map((left) => ({ left, right, frequency: Math.min(most, frequency(left)) }));
    });
    const known = readings.filter((reading) => reading.frequency >= minPassages);
    const [best] = known.sort((first, second) => second.frequency - first.frequency);
    if (best === undefined) return [];
    return [best.left, best.right].flatMap(({ body, title }): PlannedTerm[] => [
      { part: 'half', form, keys: [body], isFunction: false, turns: [turn] },
      { part: 'titleHalf', form, keys: [title], isFunction: false, turns: [turn] },
    ]);
  });
}
