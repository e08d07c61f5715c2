import type { AnswerExplanation, Reranking } from '../../server/protocol/http.ts';

/** What became of the reranker, in a sentence. */
export const rerankingTitles: Record<Reranking['outcome'], string> = {
  answered: 'The reranker put these in order. Each place keeps its score.',
  failed: 'The reranker failed, so the order is that of the search.',
  'timed-out': 'The reranker was too slow, so the order is that of the search.',
  skipped: 'The reranker was not asked.',
};

/** How a passage came to its place (from 1); undefined where no reranker read it. */
export function describeMove(
  { reranked, score }: AnswerExplanation['passages'][number],
  place: number,
): string | undefined {
  if (reranked === undefined) return undefined;
  const { placeBefore, scoreBefore, relevance } = reranked;
  const own = `reranker ${relevance.toFixed(2)}`;
  if (placeBefore === place) return `Stayed in place ${String(place)} · ${own}`;
  const before = `place ${String(placeBefore)} (score ${scoreBefore.toFixed(2)})`;
  return `From ${before} to ${String(place)} (${score.toFixed(2)}) · ${own}`;
}
