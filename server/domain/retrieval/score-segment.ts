import type { LengthField } from './figures.ts';
import type { Part, Recipe } from './recipe.ts';
import type { CorpusStats, LookedUpTerm, SearchableSegment } from './score.ts';
import type { ScoreBuffers } from './score-buffers.ts';
import { addPacked, addSpread, addSpreadAt } from './term-list.ts';
import type { LengthNorm, SpreadList } from './term-list.ts';

/** A term with everything that its BM25 is multiplied with but idf: part, function word, turn. */
export interface WeightedTerm {
  found: LookedUpTerm;
  weight: number;
}

/** Scores of one segment, by passage. */
export interface SegmentScores {
  /** The body's BM25 alone. */
  body: Float64Array;
  /** The sum of all parts. */
  total: Float64Array;
}

/** Scores without what stands in so many passages that it tells little. */
export interface EarlyScores extends SegmentScores {
  late: LateList[];
  /** The most that the late lists can add to a passage. */
  mostLate: number;
}

interface LateList {
  list: SpreadList;
  isBody: boolean;
  factor: number;
  norm: LengthNorm;
}

type NormsOf = (field: LengthField) => LengthNorm;

function createNorms({ info, figures }: SearchableSegment, stats: CorpusStats, recipe: Recipe): NormsOf {
  const made = new Map<LengthField, LengthNorm>();
  const lengthsOf = (field: LengthField): Uint32Array => {
    if (field === 'title') return figures.titleLengths;
    if (field === 'titleGram') return figures.titleGramLengths;
    return info.lengths[field];
  };
  return (field) => {
    const known = made.get(field);
    if (known !== undefined) return known;
    const norm = {
      base: recipe.k1 * (1 - recipe.b),
      slope: (recipe.k1 * recipe.b) / stats.averages[field],
      lengths: lengthsOf(field),
    };
    made.set(field, norm);
    return norm;
  };
}

/** What one search asks of a segment. */
export interface SegmentSearch {
  segment: SearchableSegment;
  /** Its place among the segments, by which terms know their lists. */
  index: number;
  terms: readonly WeightedTerm[];
  stats: CorpusStats;
  recipe: Recipe;
  /** Where its scores are put. */
  buffers: ScoreBuffers;
}

/**
 * BM25 of every passage of one segment, all parts summed with their weights, but for the lists that are long
 * enough to be spread out: few passages come so close to the best that these make a difference.
 */
export function scoreEarly({ segment, index, terms, stats, recipe, buffers }: SegmentSearch): EarlyScores {
  const { info, figures } = segment;
  const normsOf = createNorms(segment, stats, recipe);
  const body = buffers.take(info.documentOf.length);
  const total = buffers.take(info.documentOf.length);
  const titles = buffers.take(info.documents.length);
  const questionTitles = figures.hasQuestionTitles ? buffers.take(info.documents.length) : null;
  const targetOf: Readonly<Record<Part, Float64Array | null>> = {
    body,
    pair: total,
    gram: total,
    half: total,
    skip: total,
    title: titles,
    titleHalf: titles,
    questionTitle: questionTitles,
    questionTitleGram: questionTitles,
  };
  const late: LateList[] = [];
  let mostLate = 0;
  for (const { found, weight } of terms) {
    const target = targetOf[found.term.part];
    if (target === null) continue;
    const norm = normsOf(recipe.parts[found.term.part].field);
    const factor = weight * found.idf * (recipe.k1 + 1);
    for (const list of found.lists[index] ?? []) {
      if (list.kind === 'packed') addPacked(target, list, factor, norm);
      else if (target !== body && target !== total) addSpread(target, list, factor, norm);
      else {
        late.push({ list, isBody: target === body, factor, norm });
        mostLate += factor;
      }
    }
  }
  addTitles(segment, { body, total }, titles, questionTitles);
  return { body, total, late, mostLate };
}

function addTitles(
  { info }: SearchableSegment,
  { body, total }: SegmentScores,
  titles: Float64Array,
  questionTitles: Float64Array | null,
): void {
  if (questionTitles !== null) {
    for (const [ordinal, { hasQuestionTitle }] of info.documents.entries()) {
      if (hasQuestionTitle) titles[ordinal] = (titles[ordinal] ?? 0) + (questionTitles[ordinal] ?? 0);
    }
  }
  const { documentOf } = info;
  for (let passage = 0; passage < total.length; passage += 1) {
    const title = titles[documentOf[passage] ?? 0] ?? 0;
    total[passage] = (total[passage] ?? 0) + (body[passage] ?? 0) + title;
  }
}

/** Adds the late lists to the scores of the passages that have at least `from` without them. */
export function addLate({ body, total, late }: EarlyScores, from: number): void {
  if (late.length === 0) return;
  const at = from > 0 ? passagesFrom(total, from) : null;
  for (const { list, isBody, factor, norm } of late) {
    for (const scores of isBody ? [body, total] : [total]) {
      if (at === null) addSpread(scores, list, factor, norm);
      else addSpreadAt(scores, list, factor, norm, at);
    }
  }
}

function passagesFrom(scores: Float64Array, from: number): Uint32Array {
  let most = 0;
  for (let passage = 0; passage < scores.length; passage += 1) if ((scores[passage] ?? 0) >= from) most += 1;
  const found = new Uint32Array(most);
  let count = 0;
  for (let passage = 0; passage < scores.length; passage += 1) {
    if ((scores[passage] ?? 0) < from) continue;
    found[count] = passage;
    count += 1;
  }
  return found;
}
