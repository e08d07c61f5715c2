/**
 * Coefficients of the confidence. Reviewed by hand; `npm run eval -- --answers --fit` proposes new ones.
 *
 * Origin: fitted on 2026-11-25 on squad2, clapnq, mtrag, doc2dial (gap far), our own set, covidqa, va-site and seven
 * languages of xquad with half of their pages withheld, and off-topic questions to seven sets, each task and class
 * weighing the same, rounded. The first four penalties are fixed by hand (they help on squad2's adversarial
 * questions and are too rare elsewhere to be fitted); those of a model's answer and its verdicts are set by hand,
 * for want of data. Signs are fixed: a signal may only raise the confidence, a penalty only lower it.
 */
export const confidenceModel = {
  intercept: -6.8,
  /** Per unit of each signal as `shapeSignal` gives it; all are at least 0. */
  signals: {
    lexicalCoverage: 1.1,
    ngramCosine: 3.8,
    sentenceOverlap: 1.2,
    documentMargin: 3.15,
    pairProximity: 1.5,
    support: 2.85,
  },
  /** Typical values of answerable questions' signals: what lies above raises, what lies below lowers. */
  typical: {
    lexicalCoverage: 0.5,
    ngramCosine: 0.35,
    sentenceOverlap: 0.6,
    documentMargin: 0.35,
    pairProximity: 0.4,
    support: 0.65,
  },
  /**
   * Added for the language of the best passage: inflection and scripts without spaces lower every signal. How far
   * the midpoint between answerable and unanswerable questions lies below the English one, on xquad's parallel
   * questions. `unspaced` stands for scripts of that kind, `other` (the mean) for languages that were not measured.
   */
  languages: { en: 0, es: 0, de: 0.35, ru: 0.35, tr: 0.6, ar: 0.7, zh: 1.2, unspaced: 1.2, other: 0.4 },
  /** Subtracted once each; all are at least 0. */
  penalties: {
    negation: 0.9,
    missingNumber: 0.9,
    antonym: 0.6,
    lacksKind: 0.9,
    /** Per share of what a question (yes or no, how many) names that no page holds, .5 at most; set by hand. */
    absent: 2,
    /** A sentence of the model's answer was taken out as invented. */
    invented: 1.5,
    /** Per share of the model's sentences whose words the pages do not hold. */
    unsupported: 3,
    /** Per share of the model's sentences without a citation. */
    uncited: 0.8,
  },
  /** Of an embedder's nearness, from .5 on; set by hand with vectors of known quality (`npm run eval -- --scripted`). */
  nearness: 2.5,
  /** What the model said of its own answer; set by hand, no data at hand. */
  verdicts: { full: 1.2, partial: -0.6, none: -2.3, clarify: -9 },
} as const;
