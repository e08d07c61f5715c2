import { recipe } from './recipe.ts';
import type { LookedUpTerm } from './score.ts';

/** What a passage full of all the question's words would get for its body; unknown words count fully. */
export function possibleScore(questionTerms: readonly LookedUpTerm[]): number {
  const { k1, parts } = recipe;
  return questionTerms
    .filter(({ term }) => term.part === 'body')
    .reduce(
      (sum, { idf, term }) => sum + idf * (k1 + 1) * (term.isFunction ? parts.body.functionWeight : 1),
      0,
    );
}
