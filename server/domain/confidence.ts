import type { ConfidenceReason } from '../protocol/entities.ts';
import type { RetrievalSignals } from './knowledge.ts';
import { confidenceModel } from './confidence-model.ts';
import type { Verdict } from './prompt.ts';

/** Signals that raise the confidence, each 0..1. `support`: how well the answer's words stand in the pages. */
export interface ConfidenceSignals extends RetrievalSignals {
  support: number;
}

/** Facts that lower it. Booleans count once, shares (0..1) in proportion. */
export interface ConfidencePenalties {
  /** The question is negated and the best passage is not. */
  negation: boolean;
  /** A number of the question stands in no passage. */
  missingNumber: boolean;
  /** The best sentence says the opposite of a word of the question. */
  antonym: boolean;
  /** The best sentence holds nothing of the kind that was asked for (see `quote/kind-fit.ts`). */
  lacksKind: boolean;
  /** Share of what a question (yes or no, how many) names that stands on none of the pages read (`quote/absent.ts`). */
  absent: number;
  invented: boolean;
  unsupported: number;
  uncited: number;
}

export const noPenalties: ConfidencePenalties = {
  negation: false,
  missingNumber: false,
  antonym: false,
  lacksKind: false,
  absent: 0,
  invented: false,
  unsupported: 0,
  uncited: 0,
};

export interface ConfidenceInput {
  signals: ConfidenceSignals;
  penalties: ConfidencePenalties;
  verdict: Verdict | null;
  /** Of the best passage, ISO 639-1; null where unknown. */
  language: string | null;
}

export interface Confidence {
  /** Probability that the answer is right, 0..1, before any calibration to the site. */
  score: number;
  /** Log odds: what calibration works on. */
  logit: number;
  reasons: ConfidenceReason[];
}

/** The signals that are fitted. */
export const signalNames = [
  'lexicalCoverage',
  'ngramCosine',
  'sentenceOverlap',
  'documentMargin',
  'pairProximity',
  'support',
] as const satisfies readonly (keyof ConfidenceSignals)[];
export type SignalName = (typeof signalNames)[number];

const signalWords: Readonly<Record<SignalName, readonly [raises: string, lowers: string]>> = {
  lexicalCoverage: [
    'The pages hold the words of the question',
    'Important words of the question are missing from the pages',
  ],
  ngramCosine: ['One passage is worded much like the question', 'No passage is worded like the question'],
  sentenceOverlap: ['One sentence covers most of the question', 'No single sentence covers the question'],
  documentMargin: ['One page stands out clearly', 'Several pages fit about equally well'],
  pairProximity: [
    'Words of the question stand together in a passage',
    'Words of the question stand far apart in the pages',
  ],
  support: ['The answer rests on the words of the pages', 'The answer holds little of what was asked'],
};

const nearnessWords = [
  'By its meaning a passage lies near to the question',
  'By its meaning no passage lies near to the question',
] as const;

const penaltyWords: Readonly<Record<keyof ConfidencePenalties, string>> = {
  negation: 'The question is negated, the passage is not',
  missingNumber: 'A number of the question stands in no passage',
  lacksKind: 'The question asks for a number, a time or a person, and the best sentence holds none',
  absent: 'Something that the question names stands nowhere on these pages',
  antonym: 'The best sentence says the opposite of a word of the question',
  invented: 'A statement that no page bears out was taken out of the answer',
  unsupported: 'Some sentences of the answer are not borne out by the pages',
  uncited: 'Some sentences of the answer cite no page',
};

const verdictWords: Readonly<Record<Verdict, string>> = {
  full: 'The model finds the question fully answered by the pages',
  partial: 'The model finds the question partly answered by the pages',
  none: 'The model finds no answer in the pages',
  clarify: 'The model finds the question unclear',
};

/** Contributions to the log odds smaller than this are not worth a word. */
const worthTelling = 0.15;
const maxReasons = 5;

/** Where the logarithm of a cosine begins: what lies below is all the same. */
const cosineFloor = 0.05;

/** Signals of which the first half tells more than the second. */
const flattened: ReadonlySet<SignalName> = new Set<SignalName>(['pairProximity', 'support']);

/**
 * A signal as the model weighs it, 0..1. The cosine by its logarithm: between .05 and .2 it tells much, above .5
 * little. Pairs and support by their square root.
 */
export function shapeSignal(name: SignalName, value: number): number {
  const share = clamp(value);
  if (flattened.has(name)) return Math.sqrt(share);
  if (name !== 'ngramCosine') return share;
  return Math.log(1 + share / cosineFloor) / Math.log(1 + 1 / cosineFloor);
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/**
 * Logistic over few signals with fixed signs (see `confidence-model.ts` for the origin of the numbers): raising
 * a signal never lowers the score, a penalty never raises it. Reasons are told by size.
 */
export function assessConfidence({ signals, penalties, verdict, language }: ConfidenceInput): Confidence {
  const { intercept, signals: weights, typical, penalties: costs, verdicts } = confidenceModel;
  let logit = intercept + languageLevel(language);
  const reasons: { size: number; reason: ConfidenceReason }[] = [];
  const tell = (code: string, text: string, effect: number) => {
    if (Math.abs(effect) < worthTelling) return;
    reasons.push({
      size: Math.abs(effect),
      reason: { code, text, effect: effect > 0 ? 'raises' : 'lowers' },
    });
  };
  for (const name of signalNames) {
    const value = shapeSignal(name, signals[name]);
    logit += weights[name] * value;
    const effect = weights[name] * (value - shapeSignal(name, typical[name]));
    tell(name, signalWords[name][effect > 0 ? 0 : 1], effect);
  }
  const near = confidenceModel.nearness * (clamp(signals.nearness ?? 0.5) - 0.5);
  logit += near;
  tell('nearness', nearnessWords[near > 0 ? 0 : 1], near);
  for (const name of Object.keys(penaltyWords).filter(isPenalty)) {
    const effect = -costs[name] * Number(penalties[name]);
    logit += effect;
    tell(name, penaltyWords[name], effect);
  }
  if (verdict !== null) {
    logit += verdicts[verdict];
    tell(`verdict-${verdict}`, verdictWords[verdict], verdicts[verdict]);
  }
  reasons.sort((a, b) => b.size - a.size);
  return { score: sigmoid(logit), logit, reasons: reasons.slice(0, maxReasons).map(({ reason }) => reason) };
}

/** Languages that are written without spaces and were not measured: Chinese stands for them. */
const unspacedLanguages: ReadonlySet<string> = new Set(['ja', 'th', 'lo', 'km', 'my']);

/** What the signals of a language lack beside those of English, in log odds; nothing where it is unknown. */
export function languageLevel(language: string | null): number {
  if (language === null) return 0;
  const levels: Readonly<Record<string, number>> = confidenceModel.languages;
  const { unspaced, other } = confidenceModel.languages;
  return levels[language] ?? (unspacedLanguages.has(language) ? unspaced : other);
}

function isPenalty(name: string): name is keyof ConfidencePenalties {
  return name in penaltyWords;
}

function clamp(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;
}
