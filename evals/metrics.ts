/** Ranking figures of one question, over documents. */
export interface RankingFigures {
  recallAt1: number;
  recallAt5: number;
  reciprocalRank: number;
  ndcg: number;
}

/** How many ranks MRR and nDCG look at. */
const depth = 10;

/** Discount of a place, from 0: 1, 0.63, 0.5, ... */
function discount(place: number): number {
  return 1 / Math.log2(place + 2);
}

/**
 * Recall@1 and @5, reciprocal rank@10 and nDCG@10 with binary relevance.
 * @param ranked document ids, best first, each once
 */
export function rankingFigures(ranked: readonly string[], relevant: readonly string[]): RankingFigures {
  const wanted = new Set(relevant);
  const share = (count: number) => ranked.slice(0, count).filter((id) => wanted.has(id)).length / wanted.size;
  const first = ranked.slice(0, depth).findIndex((id) => wanted.has(id));
  let gain = 0;
  for (const [place, id] of ranked.slice(0, depth).entries()) if (wanted.has(id)) gain += discount(place);
  let ideal = 0;
  for (let place = 0; place < Math.min(wanted.size, depth); place += 1) ideal += discount(place);
  return {
    recallAt1: share(1),
    recallAt5: share(5),
    reciprocalRank: first < 0 ? 0 : 1 / (first + 1),
    ndcg: gain / ideal,
  };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Letters and digits only, lower case: how spans are compared. */
export function squash(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
}
