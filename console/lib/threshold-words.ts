import type { ThresholdCurve } from '../../server/protocol/http-quality.ts';

export type CurvePoint = ThresholdCurve['points'][number];

/** The curve's point nearest to a threshold; null for an empty curve. */
export const pointAt = (curve: ThresholdCurve, threshold: number): CurvePoint | null =>
  curve.points.reduce<CurvePoint | null>(
    (best, point) =>
      best === null || Math.abs(point.threshold - threshold) < Math.abs(best.threshold - threshold)
        ? point
        : best,
    null,
  );

const hundred = (share: number): number => Math.round(share * 100);

/**
 * What a threshold would have meant for the site's own recent questions, in words. Null while there are too
 * few questions to say anything.
 */
export const describePoint = (curve: ThresholdCurve, threshold: number): string | null => {
  const point = pointAt(curve, threshold);
  if (point === null || curve.recentCount < 10) return null;
  const answered = `Of 100 recent questions the AI would answer ${hundred(point.automated)}.`;
  if (point.automated === 0) return answered;
  const range = `${hundred(point.wrongLow)} to ${hundred(point.wrongHigh)}`;
  const basis =
    point.judged === 0
      ? 'No answer has been judged yet, so this is a cautious guess.'
      : `It rests on ${point.judged} judged ${point.judged === 1 ? 'answer' : 'answers'}.`;
  return `${answered} About ${hundred(point.wrong)} in 100 of those answers would be wrong (likely ${range}). ${basis}`;
};

/** Judgements from which on the confidence follows the site, and up to which it gains much (quality map, section 2). */
export const judgementsWanted = { some: 20, enough: 50 };

/** How many answers of the site have been judged: at threshold 0 every one counts. */
export const judgedCount = (curve: ThresholdCurve): number => pointAt(curve, 0)?.judged ?? 0;

/** How far the site's judgements carry, and how many are lacking, in words. */
export const describeJudgements = (curve: ThresholdCurve): string => {
  const count = judgedCount(curve);
  const { some, enough } = judgementsWanted;
  const counted = `${count} ${count === 1 ? 'answer' : 'answers'} judged`;
  if (count < some)
    return `${counted}, ${some - count} more and the confidence follows your own site. Visitors' thumbs, agents' corrections and the test questions below count.`;
  return count < enough
    ? `${counted}: the confidence follows your site. ${enough - count} more make it surer.`
    : `${counted}: the confidence follows your site.`;
};
