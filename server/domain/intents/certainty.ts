import { sigmoid } from '../confidence.ts';
import type { IntentEvidence } from './classifier.ts';

/** What the certainty is made of; more of each never lowers it. */
export const evidenceNames = ['margin', 'lead', 'centroid', 'nearest', 'votes'] as const;

/**
 * Fitted on 2026-11-24 by `npm run eval -- --intents --fit` on clinc150, banking77 and hint3, with intents withheld
 * and with one, three, eight or all utterances each. Left out in turn, at 0.9 and above .99, .94 and .91 were right.
 */
const model = {
  intercept: -1.54,
  weights: { margin: 1.38, lead: 1.73, centroid: 0.8, nearest: 1.36, votes: 0.27 },
} as const satisfies { intercept: number; weights: Record<(typeof evidenceNames)[number], number> };

/** The evidence as numbers in the order of `evidenceNames`. */
export function evidenceFeatures(evidence: IntentEvidence): number[] {
  return evidenceNames.map((name) => evidence[name]);
}

/** How likely the guess is right, texts out of scope included: 0..1. */
export function certaintyOf(evidence: IntentEvidence): number {
  return sigmoid(
    model.intercept + evidenceNames.reduce((sum, name) => sum + model.weights[name] * evidence[name], 0),
  );
}
