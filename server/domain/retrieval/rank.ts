import { dependence, documentShare, openness, turnWeights } from './conversation.ts';
import type { HistoryTurn } from './conversation.ts';
import { halvesOf } from './compound-terms.ts';
import { joinHistory } from './history.ts';
import { createLowestHeap } from './lowest-heap.ts';
import { partWeight } from './plan.ts';
import type { QueryPlan } from './plan.ts';
import type { Recipe } from './recipe.ts';
import { createScoreBuffers } from './score-buffers.ts';
import type { ScoreBuffers } from './score-buffers.ts';
import { corpusStats, idf, lookUp } from './score.ts';
import type { CorpusStats, LookedUpTerm, SearchableSegment } from './score.ts';
import { addLate, scoreEarly } from './score-segment.ts';
import type { SegmentScores, SegmentSearch, WeightedTerm } from './score-segment.ts';

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
  /** Shared by rankings that follow each other; by default of its own. */
  buffers?: ScoreBuffers;
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

/** The `limit`-th highest score; 0 where fewer are above 0. */
function lowestKept(totals: readonly Float64Array[], limit: number): number {
  const heap = createLowestHeap(limit);
  let lowest = 0;
  for (const total of totals) {
    for (let passage = 0; passage < total.length; passage += 1) {
      const score = total[passage] ?? 0;
      if (score <= lowest) continue;
      heap.offer(score);
      lowest = heap.lowest();
    }
  }
  return lowest;
}

/** So that sums which differ in their last digits only are taken for equal. */
const roundingShare = 1e-9;

/** Scores every passage; passages that cannot be among the best `limit` may get less than they should. */
function scoreBest(searches: readonly SegmentSearch[], limit: number): SegmentScores[] {
  const early = searches.map(scoreEarly);
  const totals = early.map(({ total }) => total);
  const lowest = lowestKept(totals, limit);
  for (const scores of early) addLate(scores, lowest * (1 - roundingShare) - scores.mostLate);
  return early;
}

function scoreAll(searches: readonly SegmentSearch[]): SegmentScores[] {
  return searches.map((search) => {
    const scores = scoreEarly(search);
    addLate(scores, 0);
    return scores;
  });
}

function collect(
  input: RankInput,
  totals: readonly Float64Array[],
  alone: readonly SegmentScores[],
): Candidate[] {
  const candidates: Candidate[] = [];
  const lowest = Math.max(lowestKept(totals, input.limit), Number.MIN_VALUE);
  for (const [segment, { info }] of input.segments.entries()) {
    const total = totals[segment] ?? new Float64Array(0);
    for (let passage = 0; passage < total.length; passage += 1) {
      const score = total[passage] ?? 0;
      if (score < lowest) continue;
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
  const { plan, segments, recipe, history, buffers = createScoreBuffers() } = input;
  buffers.begin();
  const stats = corpusStats(segments);
  const found = [...plan.terms, ...halvesOf(plan.compounds, segments)].map((term) =>
    lookUp(term, segments, stats),
  );
  const last = plan.turnCount - 1;
  const questionTerms = found.filter(({ term }) => term.turns.at(-1) === last);
  const content = questionTerms.filter(({ term }) => term.part === 'body' && !term.isFunction);
  const unknownIdf = idf(0, stats.passages);
  const weights = [...turnWeights(history), 1];
  const searchesFor = (isWanted: (turn: number) => boolean): SegmentSearch[] => {
    const wanted = weights.map((weight, turn) => (isWanted(turn) ? weight : 0));
    const terms = weigh(found, wanted, input);
    return segments.map((segment, index) => ({ segment, index, terms, stats, recipe, buffers }));
  };
  const asked = searchesFor((turn) => turn === last);
  const alone = history.length === 0 ? scoreBest(asked, input.limit) : scoreAll(asked);
  const { totals, about } =
    history.length === 0
      ? { totals: alone.map(({ total }) => total), about: null }
      : joinHistory(segments, alone, scoreAll(searchesFor((turn) => turn < last)), (fit) =>
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
