import { isDocumentKey } from '../analysis/term-key.ts';
import type { LengthField, SegmentFigures } from './figures.ts';
import type { PostingList } from './postings.ts';
import type { PlannedTerm } from './plan.ts';
import type { Part, Recipe } from './recipe.ts';
import type { SegmentInfo } from './segment.ts';

/** A segment whose posting lists can be asked for. */
export interface SearchableSegment {
  info: SegmentInfo;
  figures: SegmentFigures;
  /** The list of a key, or null where the segment does not hold it. */
  postings(key: number): PostingList | null;
}

export interface CorpusStats {
  passages: number;
  documents: number;
  /** Mean length by field, in terms; at least 1. */
  averages: Readonly<Record<LengthField, number>>;
}

/** Counts and mean lengths over all segments of a site. */
export function corpusStats(segments: readonly Pick<SearchableSegment, 'info' | 'figures'>[]): CorpusStats {
  const totals = { body: 0, pair: 0, gram: 0, title: 0, titleGram: 0 };
  let passages = 0;
  let documents = 0;
  for (const { info, figures } of segments) {
    passages += info.documentOf.length;
    documents += info.documents.length;
    totals.body += figures.sums.body;
    totals.pair += figures.sums.pair;
    totals.gram += figures.sums.gram;
    totals.title += figures.sums.title;
    totals.titleGram += figures.sums.titleGram;
  }
  const mean = (total: number, count: number) => Math.max(1, total / Math.max(1, count));
  return {
    passages,
    documents,
    averages: {
      body: mean(totals.body, passages),
      pair: mean(totals.pair, passages),
      gram: mean(totals.gram, passages),
      title: mean(totals.title, documents),
      titleGram: mean(totals.titleGram, documents),
    },
  };
}

/** BM25's inverse document frequency in the form that is never negative (Lucene's). */
export function idf(frequency: number, count: number): number {
  const known = Math.min(frequency, count);
  return Math.log(1 + (count - known + 0.5) / (known + 0.5));
}

/** A term with its lists in every segment. */
export interface LookedUpTerm {
  term: PlannedTerm;
  /** Passages or documents that hold the term, over all segments. */
  frequency: number;
  idf: number;
  /** By segment. */
  lists: readonly (readonly PostingList[])[];
}

/** Finds the lists of a term; the forms of one term count together, as one word with several spellings. */
export function lookUp(
  term: PlannedTerm,
  segments: readonly SearchableSegment[],
  stats: CorpusStats,
): LookedUpTerm {
  let frequency = 0;
  const lists = segments.map((segment) => {
    const found: PostingList[] = [];
    for (const key of term.keys) {
      const list = segment.postings(key);
      if (list === null) continue;
      frequency += list.ordinals.length;
      found.push(list);
    }
    return found;
  });
  const isOfDocuments = term.keys[0] !== undefined && isDocumentKey(term.keys[0]);
  return { term, frequency, idf: idf(frequency, isOfDocuments ? stats.documents : stats.passages), lists };
}

/** Scores of one segment, by passage. */
export interface SegmentScores {
  /** The body's BM25 alone. */
  body: Float64Array;
  /** The sum of all parts. */
  total: Float64Array;
}

/** BM25's length term k1 (1 - b + b length / mean length) is `base + slope * length`. */
interface LengthNorm {
  base: number;
  slope: number;
  /** By passage or document. */
  lengths: Uint32Array;
}

function addList(scores: Float64Array, list: PostingList, factor: number, norm: LengthNorm): void {
  const { ordinals, frequencies } = list;
  const { base, slope, lengths } = norm;
  for (let index = 0; index < ordinals.length; index += 1) {
    const ordinal = ordinals[index] ?? 0;
    const frequency = frequencies[index] ?? 0;
    const length = base + slope * (lengths[ordinal] ?? 0);
    scores[ordinal] = (scores[ordinal] ?? 0) + (factor * frequency) / (frequency + length);
  }
}

function createNorms({ info, figures }: SearchableSegment, stats: CorpusStats, recipe: Recipe) {
  const made = new Map<LengthField, LengthNorm>();
  const lengthsOf = (field: LengthField): Uint32Array => {
    if (field === 'title') return figures.titleLengths;
    if (field === 'titleGram') return figures.titleGramLengths;
    return info.lengths[field];
  };
  return (field: LengthField): LengthNorm => {
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

export interface WeightedTerm {
  found: LookedUpTerm;
  /** Everything but idf and BM25: part, function word, turn. */
  weight: number;
}

/** BM25 of every passage of one segment, all parts summed with their weights. */
export function scoreSegment(
  segment: SearchableSegment,
  segmentIndex: number,
  terms: readonly WeightedTerm[],
  stats: CorpusStats,
  recipe: Recipe,
): SegmentScores {
  const { info, figures } = segment;
  const normsOf = createNorms(segment, stats, recipe);
  const body = new Float64Array(info.documentOf.length);
  const total = new Float64Array(info.documentOf.length);
  const titles = new Float64Array(info.documents.length);
  const questionTitles = new Float64Array(info.documents.length);
  const targetOf: Readonly<Record<Part, Float64Array>> = {
    body,
    pair: total,
    gram: total,
    title: titles,
    questionTitle: questionTitles,
    questionTitleGram: questionTitles,
    half: total,
    skip: total,
    titleHalf: titles,
  };
  for (const { found, weight } of terms) {
    if (targetOf[found.term.part] === questionTitles && !figures.hasQuestionTitles) continue;
    const norm = normsOf(recipe.parts[found.term.part].field);
    const factor = weight * found.idf * (recipe.k1 + 1);
    for (const list of found.lists[segmentIndex] ?? []) {
      addList(targetOf[found.term.part], list, factor, norm);
    }
  }
  for (let passage = 0; passage < total.length; passage += 1) {
    const ordinal = info.documentOf[passage] ?? 0;
    const isQuestion = figures.hasQuestionTitles && info.documents[ordinal]?.hasQuestionTitle === true;
    const question = isQuestion ? (questionTitles[ordinal] ?? 0) : 0;
    total[passage] = (total[passage] ?? 0) + (body[passage] ?? 0) + (titles[ordinal] ?? 0) + question;
  }
  return { body, total };
}
