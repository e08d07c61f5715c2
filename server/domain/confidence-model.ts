/**
 * Coefficients of the confidence. Reviewed by hand; `npm run eval -- --fit` proposes new ones.
 *
 * Origin: set by hand on 2026-11-21 from the ranges seen on squad2, clapnq, mtrag and doc2dial (gap), before the
 * first fit. Signs are fixed: each signal may only raise the confidence, each penalty only lower it.
 */
export const confidenceModel = {
  intercept: -3.2,
  /** Per unit of each signal; all are at least 0. */
  signals: {
    lexicalCoverage: 1.6,
    ngramCosine: 1.6,
    sentenceOverlap: 2.0,
    documentMargin: 0.6,
    pairProximity: 0.8,
    support: 1.6,
  },
  /** Typical values of answerable questions' signals: what lies above raises, what lies below lowers. */
  typical: {
    lexicalCoverage: 0.5,
    ngramCosine: 0.4,
    sentenceOverlap: 0.55,
    documentMargin: 0.25,
    pairProximity: 0.3,
    support: 0.6,
  },
  /** Subtracted once each; all are at least 0. */
  penalties: {
    negation: 0.9,
    missingNumber: 0.9,
    antonym: 0.6,
    /** A sentence of the model's answer was taken out as invented. */
    invented: 1.5,
    /** Per share of the model's sentences whose words the pages do not hold. */
    unsupported: 3,
    /** Per share of the model's sentences without a citation. */
    uncited: 0.8,
  },
  /** What the model said of its own answer; set by hand, no data at hand. */
  verdicts: { full: 1.2, partial: -0.6, none: -4, clarify: -4 },
} as const;
