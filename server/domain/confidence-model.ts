/**
 * Coefficients of the confidence. Reviewed by hand; `npm run eval -- --fit` proposes new ones.
 *
 * Origin: fitted on 2026-11-21 on squad2, clapnq, mtrag, doc2dial (gap far) and off-topic questions to seven sets,
 * each task and class weighing the same, rounded. The first three penalties are fixed by hand (they help on
 * squad2's adversarial questions and are too rare elsewhere to be fitted); those of a model's answer and its
 * verdicts are set by hand, for want of data. Signs are fixed: a signal may only raise the confidence, a penalty
 * only lower it.
 */
export const confidenceModel = {
  intercept: -3.75,
  /** Per unit of each signal; all are at least 0. */
  signals: {
    lexicalCoverage: 3.3,
    ngramCosine: 3.8,
    sentenceOverlap: 1.15,
    documentMargin: 1.3,
    pairProximity: 0.8,
    support: 1.05,
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
  verdicts: { full: 1.2, partial: -0.6, none: -9, clarify: -9 },
} as const;
