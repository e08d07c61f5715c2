import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sigmoid } from './confidence.ts';
import { calibratedScore, fitCalibration, noCalibration, type Judgement } from './confidence-calibration.ts';
import { betaQuantile, chooseThreshold, thresholdCurve } from './confidence-curve.ts';

/** Deterministic uniform numbers in 0..1. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Judgements of a site whose true odds are `slope * logit + intercept`. */
function simulate(count: number, slope: number, intercept: number, seed = 1): Judgement[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const logit = (random() - 0.5) * 6;
    return { logit, isRight: random() < sigmoid(slope * logit + intercept) };
  });
}

describe('calibration to a site', () => {
  it('leaves the numbers alone without judgements', () => {
    expect(fitCalibration([])).toEqual(noCalibration);
  });

  it('finds the level of a site that is easier or harder than the model thinks', () => {
    for (const intercept of [-1.5, 1.5]) {
      const { intercept: found, slope } = fitCalibration(simulate(400, 1, intercept));
      expect(Math.abs(found - intercept)).toBeLessThan(0.4);
      expect(Math.abs(slope - 1)).toBeLessThan(0.35);
    }
  });

  it('errs less after 50 judgements than before, on sites of all levels', () => {
    const error = (calibration: typeof noCalibration, intercept: number) => {
      const logits = Array.from({ length: 61 }, (_, index) => (index - 30) / 10);
      const gaps = logits.map((logit) =>
        Math.abs(calibratedScore(logit, calibration) - sigmoid(logit + intercept)),
      );
      return gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    };
    for (const intercept of [-2, -1, 1, 2]) {
      const after = fitCalibration(simulate(50, 1, intercept, 7));
      expect(error(after, intercept)).toBeLessThan(error(noCalibration, intercept) / 2);
    }
  });

  it('keeps the ranking, whatever is judged', () => {
    const judgement = fc.record({
      logit: fc.double({ min: -8, max: 8, noNaN: true }),
      isRight: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(judgement, { maxLength: 60 }), (judgements) => {
        const calibration = fitCalibration(judgements);
        expect(calibration.slope).toBeGreaterThan(0);
        expect(Number.isFinite(calibration.intercept)).toBe(true);
        expect(calibratedScore(1, calibration)).toBeGreaterThanOrEqual(calibratedScore(0, calibration));
      }),
    );
  });
});

describe('the curve from threshold to answers and errors', () => {
  const judgements = simulate(200, 1, 0);
  const recent = judgements.map(({ logit }) => logit);
  const curve = thresholdCurve({ recent, judgements, calibration: noCalibration });

  it('answers fewer questions the higher the threshold', () => {
    expect(curve[0]?.automated).toBe(1);
    expect(curve.at(-1)?.automated).toBe(0);
    for (const [index, point] of curve.entries()) {
      expect(point.automated).toBeLessThanOrEqual(curve[index - 1]?.automated ?? 1);
      expect(point.wrongLow).toBeLessThanOrEqual(point.wrong);
      expect(point.wrongHigh).toBeGreaterThanOrEqual(point.wrong);
    }
  });

  it('is less certain with fewer judgements', () => {
    const few = thresholdCurve({ recent, judgements: judgements.slice(0, 10), calibration: noCalibration });
    const width = (point: (typeof curve)[number] | undefined) =>
      (point?.wrongHigh ?? 0) - (point?.wrongLow ?? 0);
    expect(width(few[10])).toBeGreaterThan(2 * width(curve[10]));
  });

  it('gives the lowest threshold that keeps the owner’s promise', () => {
    const chosen = chooseThreshold(curve, 0.1);
    expect(chosen?.point.wrong).toBeLessThanOrEqual(0.1);
    const below = curve.filter(({ threshold }) => threshold < (chosen?.point.threshold ?? 0));
    expect(below.every(({ wrong }) => wrong > 0.1)).toBe(true);
    expect(chooseThreshold(curve, 0)).toBeNull();
  });
});

it('knows the quantiles of the Beta distribution', () => {
  expect(betaQuantile(0.5, 1, 1)).toBeCloseTo(0.5, 6);
  expect(betaQuantile(0.95, 1, 1)).toBeCloseTo(0.95, 6);
  expect(betaQuantile(0.9, 1, 10)).toBeCloseTo(1 - 0.1 ** 0.1, 6);
  expect(betaQuantile(0.5, 20, 20)).toBeCloseTo(0.5, 6);
  // 5 wrong of 100 with a flat prior, from tables
  expect(betaQuantile(0.95, 6, 96)).toBeCloseTo(0.1, 2);
});
