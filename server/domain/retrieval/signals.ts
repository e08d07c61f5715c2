import type { Analyzer } from '../analysis/analyze.ts';
import { createProfileCosine, gramProfile, type GramProfile } from '../analysis/gram-profile.ts';
import type { RetrievalSignals } from '../knowledge.ts';
import type { HistoryTurn } from './conversation.ts';
import { possibleScore } from './possible.ts';
import type { LookedUpTerm } from './score.ts';
import { createQuestionReader, fitPairs, fitSentences, readPassage } from './signals-words.ts';
import { documentMargin, type Standings } from './standings.ts';

/** What the signals read of a passage. */
export interface SignalPassage {
  language: string | null;
  /** Title, last heading and text. */
  contextText: string;
  text: string;
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
  /** Of all that was found, of which `passages` are the best. */
  standings: Standings;
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
  return possible === 0 ? 0 : input.standings.bodyScore / possible;
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

/** The five figures that tell best, without a model, whether the site answers a question. */
export function readSignals(input: SignalInput): RetrievalSignals {
  const { analyzer, question, passages, standings } = input;
  if (passages.length === 0) return noSignals;
  const asked = createQuestionReader(analyzer, question);
  const read = passages.slice(0, depths.sentences).map((passage) => readPassage(analyzer, passage));
  return {
    lexicalCoverage: clamp(lexicalCoverage(input)),
    ngramCosine: clamp(ngramCosine(input)),
    sentenceOverlap: clamp(fitSentences(asked, read)),
    documentMargin: clamp(documentMargin(standings)),
    pairProximity: clamp(fitPairs(asked, read.slice(0, depths.pairs))),
  };
}
