import { sigmoid } from '../server/domain/confidence.ts';

/** One row to learn from; `weight` evens out sets of different size. */
export interface FitRow {
  /** Each feature is made so that more of it means more likely right. */
  features: readonly number[];
  isRight: boolean;
  weight: number;
  /** Log odds that are fixed beforehand. */
  offset: number;
}

export interface Fitted {
  intercept: number;
  weights: readonly number[];
}

const maxSweeps = 200;
const tolerance = 1e-4;

/**
 * Logistic regression whose weights may not be negative: one Newton step per coefficient in turn, cut at 0, until
 * none moves any more, with a small ridge. Deterministic.
 */
export function fitLogistic(rows: readonly FitRow[], ridge = 1e-3): Fitted {
  const width = rows[0]?.features.length ?? 0;
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const logits = rows.map(({ offset }) => offset);
  const weights = Array.from({ length: width }, () => 0);
  let intercept = 0;
  /** The Newton step for the coefficient of what `valueOf` reads. */
  const stepFor = (valueOf: (row: FitRow) => number, current: number, penalty: number): number => {
    let slope = penalty * current;
    let curvature = penalty;
    for (const [index, row] of rows.entries()) {
      const score = sigmoid(logits[index] ?? 0);
      const value = valueOf(row);
      const share = row.weight / total;
      slope += share * (score - Number(row.isRight)) * value;
      curvature += share * score * (1 - score) * value * value;
    }
    return -slope / (curvature + 1e-9);
  };
  const move = (valueOf: (row: FitRow) => number, step: number) => {
    for (const [index, row] of rows.entries()) logits[index] = (logits[index] ?? 0) + step * valueOf(row);
  };
  for (let sweep = 0; sweep < maxSweeps; sweep += 1) {
    const shift = stepFor(() => 1, 0, 0);
    intercept += shift;
    move(() => 1, shift);
    let largest = Math.abs(shift);
    for (let feature = 0; feature < width; feature += 1) {
      const valueOf = (row: FitRow) => row.features[feature] ?? 0;
      const current = weights[feature] ?? 0;
      const step = Math.max(-current, stepFor(valueOf, current, ridge));
      weights[feature] = current + step;
      move(valueOf, step);
      largest = Math.max(largest, Math.abs(step));
    }
    if (largest < tolerance) break;
  }
  return { intercept, weights };
}

export function predictLogit({ intercept, weights }: Fitted, features: readonly number[]): number {
  let sum = intercept;
  for (const [index, weight] of weights.entries()) sum += weight * (features[index] ?? 0);
  return sum;
}
