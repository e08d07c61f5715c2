export interface ConfidenceWords {
  /** The word beside the bar. */
  word: 'High' | 'Fair' | 'Low';
  percent: number;
}

/**
 * A probability as a word and whole per cent. The word's borders are for reading only: what is handed over is
 * decided by the site's own threshold.
 */
export const describeConfidence = (confidence: number): ConfidenceWords => {
  const percent = Math.round(Math.min(1, Math.max(0, confidence)) * 100);
  return { word: percent >= 75 ? 'High' : percent >= 50 ? 'Fair' : 'Low', percent };
};
