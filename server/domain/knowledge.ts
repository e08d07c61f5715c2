/** A passage as the pipeline makes it, before it has an id. */
export interface NewPassage {
  /** Place among the document's passages, from 0. */
  position: number;
  text: string;
  /** From the document's top heading to the nearest one above the passage. */
  headingPath: readonly string[];
  /** Fragment id of the nearest heading above that has one. */
  anchor: string | null;
  /** 1-based page of a paged document. */
  page: number | null;
  /** Character range in the document's text, UTF-16 code units, end exclusive. */
  start: number;
  end: number;
  /** Other ways to ask for this passage alone: searched, never shown. */
  aliases?: readonly string[];
}

/** A document ready to be published: what the pipeline hands to the store and the index. */
export interface NewDocument {
  /** The caller's id, or the URL. Unique per site. */
  externalId: string;
  url: string | null;
  title: string;
  /** ISO 639-1, or null when it could not be told. */
  language: string | null;
  text: string;
  /** Hex SHA-256 of what was extracted; the same hash means nothing to do. */
  contentHash: string;
  /** Other ways to ask for it (a question's alternative wordings): searched, never shown. */
  aliases?: readonly string[];
  passages: readonly NewPassage[];
}

/** A passage found for a question. */
export interface RetrievedPassage {
  passageId: number;
  documentId: number;
  externalId: string;
  title: string;
  url: string | null;
  headingPath: readonly string[];
  anchor: string | null;
  page: number | null;
  language: string | null;
  text: string;
  /** Other ways to ask for it, as the owner wrote them; never shown. */
  aliases?: readonly string[];
  /** Fused score; comparable within one search only. */
  score: number;
  /** The parts the score is made of. */
  lexicalScore: number;
  /** Cosine of question and passage in the site's embedding space, -1..1; null where not computed. */
  cosine: number | null;
  /** What a reranker made of it; absent where none read it. */
  reranked?: RerankedPassage;
}

/** Where a passage stood before a reranker read it. */
export interface RerankedPassage {
  /** From 1. */
  placeBefore: number;
  /** Fused score at that place. */
  scoreBefore: number;
  /** The reranker's own score, on a scale of its own. */
  relevance: number;
}

/** What became of the reranker in one search. */
export interface Reranking {
  outcome: 'answered' | 'failed' | 'timed-out' | 'skipped';
  /** Why the order is the search's own, in words; null where the reranker answered. */
  reason: string | null;
}

/** What a search knows about itself, for the confidence. All unitless, 0..1 unless said otherwise. */
export interface RetrievalSignals {
  /** Best lexical score over the best possible for the question, unknown words at full idf. */
  lexicalCoverage: number;
  /** Highest cosine of character n-grams (question, passage). */
  ngramCosine: number;
  /** Best background-weighted overlap of the question and one sentence of the top passages. */
  sentenceOverlap: number;
  /** (first - second document's score) / first. */
  documentMargin: number;
  /** Weighted share of the question's adjacent pairs that stand close together in a top passage. */
  pairProximity: number;
  /** How near the nearest passage lies by an embedder's measure (see `embedder-fit.ts`); .5 says nothing, as no value does. */
  nearness?: number;
}

export interface Retrieval {
  passages: readonly RetrievedPassage[];
  signals: RetrievalSignals;
  /** The question as searched, after the history was taken into account. */
  standaloneQuery: string;
  /** The question as the site would put it, in English; absent where it was put so. */
  siteWording?: string;
  /** The question in the owner's other words; absent where there are none. */
  rewordings?: readonly string[];
  /** Milliseconds per step. */
  timings: Readonly<Record<string, number>>;
  /** Absent where no reranker is configured. */
  reranking?: Reranking;
}
