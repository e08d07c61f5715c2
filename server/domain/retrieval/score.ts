import { isDocumentKey } from '../analysis/term-key.ts';
import type { PostingList } from './postings.ts';
import type { PlannedTerm } from './plan.ts';
import type { Part, Recipe } from './recipe.ts';
import type { SegmentInfo } from './segment.ts';

/** A segment whose posting lists can be asked for. */
export interface SearchableSegment {
  info: SegmentInfo;
  /** The list of a key, or null where the segment does not hold it. */
  postings(key: number): PostingList | null;
}

type LengthField = 'body' | 'pair' | 'gram' | 'title' | 'titleGram';

export interface CorpusStats {
  passages: number;
  documents: number;
  /** Mean length by field, in terms; at least 1. */
  averages: Readonly<Record<LengthField, number>>;
}

function sum(values: Uint32Array): number {
  let total = 0;
  for (let index = 0; index < values.length; index += 1) total += values[index] ?? 0;
  return total;
}

/** Counts and mean lengths over all segments of a site. */
export function corpusStats(infos: readonly SegmentInfo[]): CorpusStats {
  const totals = { body: 0, pair: 0, gram: 0, title: 0, titleGram: 0 };
  let passages = 0;
  let documents = 0;
  for (const info of infos) {
    passages += info.documentOf.length;
    documents += info.documents.length;
    totals.body += sum(info.lengths.body);
    totals.pair += sum(info.lengths.pair);
    totals.gram += sum(info.lengths.gram);
    for (const document of info.documents) {
      totals.title += document.titleLength;
      totals.titleGram += document.titleGramLength;
    }
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

function createNorms(info: SegmentInfo, stats: CorpusStats, recipe: Recipe) {
  const made = new Map<LengthField, LengthNorm>();
  const lengthsOf = (field: LengthField): Uint32Array => {
    if (field === 'title') return Uint32Array.from(info.documents, (document) => document.titleLength);
    if (field === 'titleGram')
      return Uint32Array.from(info.documents, (document) => document.titleGramLength);
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
  const { info } = segment;
  const normsOf = createNorms(info, stats, recipe);
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
    const norm = normsOf(recipe.parts[found.term.part].field);
    const factor = weight * found.idf * (recipe.k1 + 1);
    for (const list of found.lists[segmentIndex] ?? []) {
      addList(targetOf[found.term.part], list, factor, norm);
    }
  }
  for (let passage = 0; passage < total.length; passage += 1) {
    const ordinal = info.documentOf[passage] ?? 0;
    const question = info.documents[ordinal]?.hasQuestionTitle === true ? (questionTitles[ordinal] ?? 0) : 0;
    total[passage] = (total[passage] ?? 0) + (body[passage] ?? 0) + (titles[ordinal] ?? 0) + question;
  }
  return { body, total };
}
