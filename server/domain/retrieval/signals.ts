import type { Analyzer } from '../analysis/analyze.ts';
import { createProfileCosine, gramProfile, type GramProfile } from '../analysis/gram-profile.ts';
import type { RetrievalSignals } from '../knowledge.ts';
import type { HistoryTurn } from './conversation.ts';
import { possibleScore } from './possible.ts';
import type { LookedUpTerm } from './score.ts';
import { createQuestionReader, fitPairs, fitSentences, readPassage } from './signals-words.ts';

/** What the signals read of a passage. */
export interface SignalPassage {
  documentId: number;
  language: string | null;
  /** Title, last heading and text. */
  contextText: string;
  text: string;
  score: number;
  /** BM25 of the question alone over the passage's body. */
  bodyScore: number;
  /** What `score` would be without the history. */
  questionScore: number;
}

export interface SignalInput {
  analyzer: Analyzer;
  question: string;
  /** What was said before, oldest first. */
  history: readonly HistoryTurn[];
  /** The question's own terms, with their idf. */
  questionTerms: readonly LookedUpTerm[];
  /** Best first. */
  passages: readonly SignalPassage[];
}

/** Passages that each signal looks at; sentences and pairs are only looked for in the very best. */
const depths = { cosine: 10, sentences: 5, pairs: 3 } as const;
/** What a search without any passage knows. */
export const noSignals: RetrievalSignals = {
  lexicalCoverage: 0,
  ngramCosine: 0,
  sentenceOverlap: 0,
  documentMargin: 0,
  pairProximity: 0,
};

function clamp(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;
}

/** Best body score over what a passage full of all the question's words would get. */
function lexicalCoverage(input: SignalInput): number {
  const possible = possibleScore(input.questionTerms);
  const best = Math.max(0, ...input.passages.map((passage) => passage.bodyScore));
  return possible === 0 ? 0 : best / possible;
}

/** What the history's words count beside the question's, by who said them, and what each turn further back keeps. */
const historyShare = { user: 0.7, agent: 0.1, decay: 0.7, turns: 4 } as const;

/** The question's n-grams with those of the turns before it: a follow-up names its subject earlier. */
function talkProfile({ question, history }: SignalInput): GramProfile {
  const profile = new Map(gramProfile(question));
  for (const [age, { role, text }] of history.slice(-historyShare.turns).toReversed().entries()) {
    const weight = historyShare[role] * historyShare.decay ** age;
    for (const [gram, mass] of gramProfile(text)) profile.set(gram, (profile.get(gram) ?? 0) + weight * mass);
  }
  return profile;
}

function ngramCosine(input: SignalInput): number {
  const cosineTo = createProfileCosine(talkProfile(input));
  const cosines = input.passages.slice(0, depths.cosine).map((passage) => cosineTo(passage.contextText));
  return Math.max(0, ...cosines);
}

/**
 * How far the first document leads the second, each with its best passage, as a share of the first's score. Half
 * of that measure (in logarithms) is the question's own best score: otherwise, after much talk about one page,
 * what the history gives to all would hide how far the documents lie apart.
 */
function documentMargin(passages: readonly SignalPassage[]): number {
  const first = passages[0];
  if (first === undefined || first.score <= 0) return 0;
  const second = passages.find((passage) => passage.documentId !== first.documentId);
  const own = Math.max(...passages.map((passage) => passage.questionScore));
  const measure = own > 0 ? Math.sqrt(first.score * own) : first.score;
  return (first.score - (second?.score ?? 0)) / measure;
}

/** The five figures that tell best, without a model, whether the site answers a question. */
export function readSignals(input: SignalInput): RetrievalSignals {
  const { analyzer, question, passages } = input;
  if (passages.length === 0) return noSignals;
  const asked = createQuestionReader(analyzer, question);
  const read = passages.slice(0, depths.sentences).map((passage) => readPassage(analyzer, passage));
  return {
    lexicalCoverage: clamp(lexicalCoverage(input)),
    ngramCosine: clamp(ngramCosine(input)),
    sentenceOverlap: clamp(fitSentences(asked, read)),
    documentMargin: clamp(documentMargin(passages)),
    pairProximity: clamp(fitPairs(asked, read.slice(0, depths.pairs))),
  };
}
