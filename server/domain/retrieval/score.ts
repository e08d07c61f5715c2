import { isDocumentKey } from '../analysis/term-key.ts';
import type { LengthField, SegmentFigures } from './figures.ts';
import type { PlannedTerm } from './plan.ts';
import type { SegmentInfo } from './segment.ts';
import type { TermList } from './term-list.ts';

/** A segment whose posting lists can be asked for. */
export interface SearchableSegment {
  info: SegmentInfo;
  figures: SegmentFigures;
  /** The list of a key, or null where the segment does not hold it. */
  postings(key: number): TermList | null;
}

/** What the postings of a key count: the documents of a segment, or its passages. */
export function sizeFor(info: Pick<SegmentInfo, 'documents' | 'documentOf'>, key: number): number {
  return isDocumentKey(key) ? info.documents.length : info.documentOf.length;
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

/** How many passages, or documents, of `segments` hold the term of a key. */
export function frequencyIn(segments: readonly SearchableSegment[]): (key: number) => number {
  return (key) => segments.reduce((sum, segment) => sum + (segment.postings(key)?.count ?? 0), 0);
}

/** A term with its lists in every segment. */
export interface LookedUpTerm {
  term: PlannedTerm;
  /** Passages or documents that hold the term, over all segments. */
  frequency: number;
  idf: number;
  /** By segment. */
  lists: readonly (readonly TermList[])[];
}

/** Finds the lists of a term; the forms of one term count together, as one word with several spellings. */
export function lookUp(
  term: PlannedTerm,
  segments: readonly SearchableSegment[],
  stats: CorpusStats,
): LookedUpTerm {
  let frequency = 0;
  const lists = segments.map((segment) => {
    const found: TermList[] = [];
    for (const key of term.keys) {
      const list = segment.postings(key);
      if (list === null) continue;
      frequency += list.count;
      found.push(list);
    }
    return found;
  });
  const isOfDocuments = term.keys[0] !== undefined && isDocumentKey(term.keys[0]);
  return { term, frequency, idf: idf(frequency, isOfDocuments ? stats.documents : stats.passages), lists };
}
