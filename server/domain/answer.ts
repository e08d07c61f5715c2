import type { CaughtSentence } from './citations-guard.ts';
import type { Retrieval } from './knowledge.ts';
import type {
  AnswerStep,
  Citation,
  ConfidenceReason,
  Decision,
  HandoffReason,
  TriedPassage,
} from '../protocol/entities.ts';

/** What models used for one answer, all calls together. */
export interface ModelUsage {
  model: string;
  inputTokens: number;
  outputTokens: number;
  /** In the currency of the prices; null where the model has none. */
  cost: number | null;
}

/** A finished answer with all that led to it. */
export interface FinalAnswer {
  answerId: string;
  text: string;
  /** ISO 639-1, the visitor's. */
  language: string;
  decision: Decision;
  /** Set exactly when `decision` is `handoff`. */
  handoffReason: HandoffReason | null;
  /** Probability that the answer is right, 0..1. */
  confidence: number;
  reasons: readonly ConfidenceReason[];
  citations: readonly Citation[];
  isQuoted: boolean;
  /** What would have been answered, where it was not shown. For judging; never sent. */
  draftText?: string;
  /** Topics to choose from, where the answer is a question back; each can be asked as it is. */
  choices?: readonly string[];
  /** Set when the model broke off: the text is not a finished answer. */
  status?: 'incomplete';
  passages: readonly TriedPassage[];
  /** What the search gave; left out where none was made. For owners only. */
  retrieval?: Retrieval;
  /** Sentences of the model that the pages do not bear out. For owners only. */
  caught: readonly CaughtSentence[];
  /** Null where no model was asked. For owners only. */
  usage: ModelUsage | null;
  /** Milliseconds per step. */
  timings: Readonly<Record<string, number>>;
}

/** What an answer in the making gives; ends with exactly one `final`, or throws. */
export type AnswerProgress =
  | { type: 'step'; step: AnswerStep }
  | { type: 'delta'; text: string }
  | { type: 'final'; answer: FinalAnswer };
