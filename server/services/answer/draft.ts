import type { CaughtSentence } from '../../domain/citations-guard.ts';
import type { RetrievedPassage } from '../../domain/knowledge.ts';
import type { ConfidencePenalties } from '../../domain/confidence.ts';
import type { PromptBudget, Verdict } from '../../domain/prompt.ts';
import type { Citation } from '../../protocol/entities.ts';

/** What a way of answering hands to the steps after it. */
export interface Draft {
  text: string;
  citations: readonly Citation[];
  isQuoted: boolean;
  /** `failed`: the model gave nothing; `incomplete`: it broke off. */
  status: 'complete' | 'incomplete' | 'failed';
  /** Set where the owner wrote it: how likely it was for this question, 1 for one worded the same. */
  ownersCertainty?: number;
  /** How well the text stands in the pages, 0..1. */
  support: number;
  penalties: Partial<ConfidencePenalties>;
  verdict: Verdict | null;
  /** Sentences of the model that the pages do not bear out. */
  caught?: readonly CaughtSentence[];
  model: string | null;
  promptVersion: string | null;
  /** Spent by the call; null where there was none, or the provider did not tell. */
  tokens: number | null;
}

/** What answering starts from. */
export interface AnswerTask {
  question: string;
  /** As searched, with the history taken into account. */
  standaloneQuestion: string;
  /** The question as the site would put it, in English: translated, or in the words of its pages. */
  siteWording?: string;
  /** The question in the owner's other words. */
  rewordings?: readonly string[];
  history: readonly { role: 'user' | 'agent'; text: string }[];
  language: string;
  passages: readonly RetrievedPassage[];
  /** How much of the passages a model reads. */
  budget: PromptBudget;
  siteName: string;
  instructions: string;
  tone: string;
  examples: readonly { question: string; answer: string }[];
  /** Hosts that may be linked besides those of the passages. */
  linkHosts: readonly string[];
}
