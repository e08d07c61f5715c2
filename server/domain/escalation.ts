import type { Decision, HandoffReason } from '../protocol/entities.ts';
import type { Intent } from './intent.ts';
import type { Retrieval } from './knowledge.ts';

export interface Situation {
  intent: Intent;
  /** The site holds at least one passage. */
  hasContent: boolean;
  /** Retrieval gave something that has to do with the question. */
  hasFound: boolean;
  /** The model failed, before or during the answer. */
  hasModelFailed: boolean;
  /** The text is a question back, because the visitor's can mean several things. */
  isClarifying: boolean;
  /** Null where no answer was tried. */
  confidence: number | null;
  /** The site's: answers less likely to be right than this go to a person. */
  threshold: number;
}

export interface Outcome {
  decision: Decision;
  handoffReason: HandoffReason | null;
}

const handoff = (handoffReason: HandoffReason): Outcome => ({ decision: 'handoff', handoffReason });
const answer: Outcome = { decision: 'answer', handoffReason: null };

/**
 * Answer or hand off. The visitor's wish comes first; politeness is never handed off; then what is missing;
 * then the number that the owner chose.
 */
export function decide(situation: Situation): Outcome {
  switch (situation.intent) {
    case 'person':
      return handoff('visitor-asked');
    case 'greeting':
    case 'thanks':
    case 'goodbye':
      return answer;
    case 'question':
      if (!situation.hasContent) return handoff('nothing-found');
      if (situation.hasModelFailed) return handoff('model-unavailable');
      if (situation.isClarifying) return { decision: 'clarify', handoffReason: null };
      if (!situation.hasFound) return handoff('nothing-found');
      if (situation.confidence === null || situation.confidence < situation.threshold) {
        return handoff('low-confidence');
      }
      return answer;
  }
}

/** Below all of these a search has found nothing that has to do with the question. */
const relevanceFloor = {
  lexicalCoverage: 0.08,
  ngramCosine: 0.08,
  sentenceOverlap: 0.15,
  nearness: 0.6,
} as const;

/** Whether a search found anything worth reading. A low bar: the confidence judges the rest. */
export function hasRelevant({ passages, signals }: Retrieval): boolean {
  if (passages.length === 0) return false;
  return (
    signals.lexicalCoverage >= relevanceFloor.lexicalCoverage ||
    signals.ngramCosine >= relevanceFloor.ngramCosine ||
    signals.sentenceOverlap >= relevanceFloor.sentenceOverlap ||
    (signals.nearness ?? 0) >= relevanceFloor.nearness
  );
}
