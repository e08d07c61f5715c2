import { dependence, documentShare, openness, turnWeights } from './conversation.ts';
import type { HistoryTurn } from './conversation.ts';
import { halvesOf } from './compound-terms.ts';
import { joinHistory } from './history.ts';
import { createLowestHeap } from './lowest-heap.ts';
import { partWeight } from './plan.ts';
import type { QueryPlan } from './plan.ts';
import type { Recipe } from './recipe.ts';
import { corpusStats, idf, lookUp, scoreSegment } from './score.ts';
import type { CorpusStats, LookedUpTerm, SearchableSegment, SegmentScores, WeightedTerm } from './score.ts';

/** A passage with its lexical score, not yet checked against the database. */
export interface Candidate {
  passageId: number;
  /** Index of its segment and its document's ordinal there. */
  segment: number;
  document: number;
  /** The sum of all parts, with the document's prior from the history. */
  score: number;
  /** BM25 over the body of the question alone, without its history. */
  bodyScore: number;
  /** The sum of all parts of the question alone, without its history. */
  questionScore: number;
}

export interface Ranking {
  /** Every passage that shares a term with the question, best first, `limit` at most. */
  candidates: Candidate[];
  /** Terms of the question alone (its last turn), for the confidence. */
  questionTerms: LookedUpTerm[];
  /** Terms of all turns. */
  found: LookedUpTerm[];
  stats: CorpusStats;
  /** Weight of each turn, oldest first; the question's own is 1. */
  weights: number[];
  /** How much the question leans on its history, 0..1; 0 where another document than the history's came out best. */
  dependence: number;
}

export interface RankInput {
  plan: QueryPlan;
  question: string;
  history: readonly HistoryTurn[];
  segments: readonly SearchableSegment[];
  recipe: Recipe;
  limit: number;
}

function weigh(
  found: readonly LookedUpTerm[],
  weightOfTurn: readonly number[],
  input: RankInput,
): WeightedTerm[] {
  const { recipe, plan } = input;
  return found.flatMap((each) => {
    const rule = recipe.parts[each.term.part];
    const turn = Math.max(...each.term.turns.map((index) => weightOfTurn[index] ?? 0));
    const weight =
      turn *
      partWeight(recipe, each.term.part, plan.language) *
      (each.term.isFunction ? rule.functionWeight : 1);
    return weight > 0 ? [{ found: each, weight }] : [];
  });
}

/** The `limit`-th highest positive score, or the lowest above 0 where there are fewer. */
function lowestKept(totals: readonly Float64Array[], limit: number): number {
  const heap = createLowestHeap(limit);
  for (const total of totals) {
    for (let passage = 0; passage < total.length; passage += 1) heap.offer(total[passage] ?? 0);
  }
  return heap.lowest();
}

function collect(
  input: RankInput,
  totals: readonly Float64Array[],
  alone: readonly SegmentScores[],
): Candidate[] {
  const candidates: Candidate[] = [];
  const lowest = lowestKept(totals, input.limit);
  for (const [segment, { info }] of input.segments.entries()) {
    const total = totals[segment] ?? new Float64Array(0);
    for (let passage = 0; passage < total.length; passage += 1) {
      const score = total[passage] ?? 0;
      if (score <= 0 || score < lowest) continue;
      candidates.push({
        passageId: info.passageIds[passage] ?? 0,
        segment,
        document: info.documentOf[passage] ?? 0,
        score,
        bodyScore: alone[segment]?.body[passage] ?? 0,
        questionScore: alone[segment]?.total[passage] ?? 0,
      });
    }
  }
  return candidates
    .sort((first, second) => second.score - first.score || first.passageId - second.passageId)
    .slice(0, input.limit);
}

/** Ranks all passages of a site for a question with its history. Pure: the lists must be at hand. */
export function rankPassages(input: RankInput): Ranking {
  const { plan, segments, recipe, history } = input;
  const stats = corpusStats(segments);
  const found = [...plan.terms, ...halvesOf(plan.compounds, segments)].map((term) =>
    lookUp(term, segments, stats),
  );
  const last = plan.turnCount - 1;
  const questionTerms = found.filter(({ term }) => term.turns.at(-1) === last);
  const content = questionTerms.filter(({ term }) => term.part === 'body' && !term.isFunction);
  const unknownIdf = idf(0, stats.passages);
  const weights = [...turnWeights(history), 1];
  const score = (isWanted: (turn: number) => boolean) => {
    const wanted = weights.map((weight, turn) => (isWanted(turn) ? weight : 0));
    const terms = weigh(found, wanted, input);
    return segments.map((segment, index) => scoreSegment(segment, index, terms, stats, recipe));
  };
  const alone = score((turn) => turn === last);
  const { totals, about } =
    history.length === 0
      ? { totals: alone.map(({ total }) => total), about: null }
      : joinHistory(
          segments,
          alone,
          score((turn) => turn < last),
          (fit) =>
            documentShare({
              question: input.question,
              history,
              open: openness(content, unknownIdf),
              ...fit,
            }),
        );
  const candidates = collect(input, totals, alone);
  const [top] = candidates;
  const isNewTopic = top !== undefined && (top.segment !== about?.segment || top.document !== about.document);
  const leaning = isNewTopic ? 0 : dependence(input.question, content, unknownIdf);
  return { candidates, questionTerms, found, stats, weights, dependence: leaning };
}
