import type { Candidate } from './rank.ts';

/** A passage found by words, by its vector, or by both. */
export interface FusedPassage {
  passageId: number;
  /** Which document of the index it belongs to; null where only its vector was found. */
  document: string | null;
  /** Comparable within one search only. */
  score: number;
  lexicalScore: number;
  /** BM25 over the body of the question alone. */
  bodyScore: number;
  /** What `score` would be without the history. */
  questionScore: number;
  cosine: number | null;
}

export interface FusionInput {
  /** Best first. */
  lexical: readonly Candidate[];
  dense: readonly { passageId: number; cosine: number }[];
  /** What the nearest passage gets, as a share of the best lexical score or of most of the possible one. */
  denseWeight: number;
  /** What a passage with all the question's words would get. */
  possible: number;
}

/** Where words find less than this of what they could, the vectors know more than they do. */
const shareOfPossible = 0.7;
/** So that vectors alone still give an order. */
const tiniest = 1e-6;

/**
 * Raw weighted sum: the lexical score plus a share of the best one (of a good one, where the words of the question
 * are hardly found), as far as the passage's cosine lies
 * between the lowest and the highest found. Passages without a cosine get nothing for it.
 */
export function fuse(input: FusionInput): FusedPassage[] {
  const found = new Map<number, FusedPassage>();
  for (const { passageId, segment, document, score, bodyScore, questionScore } of input.lexical) {
    if (found.has(passageId)) continue;
    found.set(passageId, {
      passageId,
      document: `${String(segment)}:${String(document)}`,
      score,
      lexicalScore: score,
      bodyScore,
      questionScore,
      cosine: null,
    });
  }
  const cosines = input.dense.map((passage) => passage.cosine);
  const highest = Math.max(...cosines);
  const lowest = Math.min(...cosines);
  const best = Math.max(input.lexical[0]?.score ?? 0, shareOfPossible * input.possible, tiniest);
  const scale = best * input.denseWeight;
  for (const { passageId, cosine } of input.dense) {
    const passage = found.get(passageId) ?? {
      passageId,
      document: null,
      score: 0,
      lexicalScore: 0,
      bodyScore: 0,
      questionScore: 0,
      cosine: null,
    };
    passage.cosine = cosine;
    const share = highest > lowest ? (scale * (cosine - lowest)) / (highest - lowest) : 0;
    passage.score += share;
    passage.questionScore += share;
    found.set(passageId, passage);
  }
  return [...found.values()].sort((a, b) => b.score - a.score || a.passageId - b.passageId);
}
