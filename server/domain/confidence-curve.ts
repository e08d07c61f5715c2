import { calibratedScore, type Calibration, type Judgement } from './confidence-calibration.ts';

/** What a threshold would mean for a site. Shares are 0..1. */
export interface CurvePoint {
  threshold: number;
  /** Share of the questions that the AI would answer. */
  automated: number;
  /** Share of those answers that would be wrong: the best estimate and a 90 % interval. */
  wrong: number;
  wrongLow: number;
  wrongHigh: number;
  /** Judged answers that the estimate rests on. */
  judged: number;
}

export interface CurveInput {
  /** Log odds of the site's recent answers, judged or not: what visitors ask. */
  recent: readonly number[];
  judgements: readonly Judgement[];
  calibration: Calibration;
}

/** As many judgements as the model's own prediction is worth. */
const priorStrength = 10;
const interval = { low: 0.05, high: 0.95 } as const;
const stepCount = 20;

/**
 * The curve from threshold to share answered and share wrong. The share wrong is a Beta posterior: the calibrated
 * prediction over the answers above the threshold, worth `priorStrength` judgements, and the judgements there.
 */
export function thresholdCurve({ recent, judgements, calibration }: CurveInput): CurvePoint[] {
  const scores = recent.map((logit) => calibratedScore(logit, calibration));
  const judged = judgements.map(({ logit, isRight }) => ({
    score: calibratedScore(logit, calibration),
    isRight,
  }));
  return Array.from({ length: stepCount + 1 }, (_, step): CurvePoint => {
    const threshold = step / stepCount;
    const above = scores.filter((score) => score >= threshold);
    const judgedAbove = judged.filter(({ score }) => score >= threshold);
    const basis = above.length > 0 ? above : [Math.min(1, threshold + 0.5 / stepCount)];
    const predicted = basis.reduce((sum, score) => sum + 1 - score, 0) / basis.length;
    const wrongCount = judgedAbove.filter(({ isRight }) => !isRight).length;
    const alpha = priorStrength * predicted + wrongCount;
    const beta = priorStrength * (1 - predicted) + judgedAbove.length - wrongCount;
    return {
      threshold,
      automated: scores.length === 0 ? 0 : above.length / scores.length,
      wrong: alpha / (alpha + beta),
      wrongLow: betaQuantile(interval.low, alpha, beta),
      wrongHigh: betaQuantile(interval.high, alpha, beta),
      judged: judgedAbove.length,
    };
  });
}

/**
 * The lowest threshold that keeps the share of wrong answers at `maxWrong` ("at most 5 in 100"), by the best
 * estimate; `isCertain` tells whether the interval's upper end keeps it too. Null when none does that answers anything.
 */
export function chooseThreshold(
  curve: readonly CurvePoint[],
  maxWrong: number,
): { point: CurvePoint; isCertain: boolean } | null {
  const point = curve.find(({ wrong, automated }) => automated > 0 && wrong <= maxWrong);
  return point === undefined ? null : { point, isCertain: point.wrongHigh <= maxWrong };
}

/** The value below which a Beta(alpha, beta) variable stays with probability `share`, by bisection. */
export function betaQuantile(share: number, alpha: number, beta: number): number {
  if (alpha <= 0) return 0;
  if (beta <= 0) return 1;
  let low = 0;
  let high = 1;
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (betaShare(middle, alpha, beta) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The regularised incomplete beta function, by its continued fraction (Lentz's method). */
function betaShare(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log(1 - x) - logBeta(a, b));
  // the fraction converges fast on this side of the mean only; the other follows by symmetry
  if (x > (a + 1) / (a + b + 2)) return 1 - betaShare(1 - x, b, a);
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / notZero(1 - ((a + b) * x) / (a + 1), tiny);
  let fraction = d;
  for (let m = 1; m <= 200; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / notZero(1 + even * d, tiny);
    c = notZero(1 + even / c, tiny);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / notZero(1 + odd * d, tiny);
    c = notZero(1 + odd / c, tiny);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-12) break;
  }
  return (front * fraction) / a;
}

function notZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Stirling's series after shifting the argument up, good to 1e-12 here. */
function logGamma(x: number): number {
  let shifted = x;
  let correction = 0;
  while (shifted < 8) {
    correction -= Math.log(shifted);
    shifted += 1;
  }
  const inverse = 1 / shifted ** 2;
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / shifted;
  return correction + (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + series;
}
