import { sigmoid } from '../server/domain/confidence.ts';

/** One row to learn from; `weight` evens out sets of different size. */
export interface FitRow {
  /** Each feature is made so that more of it means more likely right. */
  features: readonly number[];
  isRight: boolean;
  weight: number;
}

export interface Fitted {
  intercept: number;
  weights: readonly number[];
}

const steps = 4000;
const learningRate = 0.5;

/**
 * Logistic regression whose weights may not be negative, by projected gradient descent with momentum and a small
 * ridge. Deterministic.
 */
export function fitLogistic(rows: readonly FitRow[], ridge = 1e-3): Fitted {
  const width = rows[0]?.features.length ?? 0;
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  let intercept = 0;
  const weights = Array.from({ length: width }, () => 0);
  const velocity = Array.from({ length: width + 1 }, () => 0);
  for (let step = 0; step < steps; step += 1) {
    const gradient = Array.from({ length: width + 1 }, () => 0);
    for (const { features, isRight, weight } of rows) {
      const error = ((sigmoid(intercept + dot(weights, features)) - Number(isRight)) * weight) / total;
      gradient[width] = (gradient[width] ?? 0) + error;
      for (let index = 0; index < width; index += 1) {
        gradient[index] = (gradient[index] ?? 0) + error * (features[index] ?? 0);
      }
    }
    for (let index = 0; index <= width; index += 1) {
      const slope = (gradient[index] ?? 0) + (index < width ? ridge * (weights[index] ?? 0) : 0);
      velocity[index] = 0.9 * (velocity[index] ?? 0) - learningRate * slope;
    }
    intercept += velocity[width] ?? 0;
    for (let index = 0; index < width; index += 1) {
      weights[index] = Math.max(0, (weights[index] ?? 0) + (velocity[index] ?? 0));
    }
  }
  return { intercept, weights };
}

export function predictLogit({ intercept, weights }: Fitted, features: readonly number[]): number {
  return intercept + dot(weights, features);
}

function dot(weights: readonly number[], features: readonly number[]): number {
  let sum = 0;
  for (const [index, weight] of weights.entries()) sum += weight * (features[index] ?? 0);
  return sum;
}
