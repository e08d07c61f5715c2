import type { Field } from '../analysis/term-key.ts';

/**
 * The parts a lexical score is the sum of. `pair` are neighbours among the question's words of content, in either
 * order, `skip` those with one word between them. `half` and `titleHalf` are the words that a longer word of the
 * question is made of. `questionTitle` and `questionTitleGram` count only for documents whose title is a question.
 */
export type Part =
  'body' | 'pair' | 'skip' | 'gram' | 'half' | 'title' | 'titleHalf' | 'questionTitle' | 'questionTitleGram';

export interface PartRule {
  field: Field;
  /** Factor of the part's BM25 in the sum. */
  weight: number;
  /** Factor of function words within the part; they are never dropped. */
  functionWeight: number;
}

export interface Recipe {
  k1: number;
  b: number;
  parts: Readonly<Record<Part, PartRule>>;
  /** Weight of `gram` where the question's language has no stemmer. */
  gramWeightUnstemmed: number;
}

/**
 * Hand-set constants, measured over 16 tasks on sets of seven kinds, then frozen and confirmed on others
 * (see evals/README.md). BM25's k1 and b are the usual ones; no other values helped.
 */
export const recipe: Recipe = {
  k1: 1.2,
  b: 0.75,
  parts: {
    body: { field: 'body', weight: 1, functionWeight: 0.3 },
    pair: { field: 'pair', weight: 0.4, functionWeight: 0 },
    skip: { field: 'pair', weight: 0.2, functionWeight: 0 },
    gram: { field: 'gram', weight: 0.15, functionWeight: 0 },
    half: { field: 'body', weight: 0.7, functionWeight: 0 },
    title: { field: 'title', weight: 0.5, functionWeight: 0.5 },
    titleHalf: { field: 'title', weight: 0.35, functionWeight: 0 },
    questionTitle: { field: 'title', weight: 0.3, functionWeight: 1 },
    questionTitleGram: { field: 'titleGram', weight: 0.1, functionWeight: 0 },
  },
  gramWeightUnstemmed: 0.4,
};
