import type { FeatureVector } from './features.ts';

/** One linear function per class over feature vectors. */
export interface LinearModel {
  /** Puts each class's score of `vector` into `scores`, whose length is the number of classes. */
  score(vector: FeatureVector, scores: Float64Array): void;
}

export interface SvmOptions {
  /** How dear an error of the margin is. */
  cost: number;
  /** Passes over the examples, at most. */
  passes: number;
  /** A pass whose largest step is below this is the last. */
  tolerance: number;
}

const defaultOptions: SvmOptions = { cost: 2, passes: 12, tolerance: 0.05 };
/** A class that an example is this far beyond the margin of, without pushing it, is left alone from then on. */
const farBeyond = 0.3;

/** Multiplications after which the training may be interrupted: some milliseconds. */
const breather = 2_000_000;

/**
 * A linear support vector machine for each class against the others, all trained side by side by dual coordinate
 * descent with shrinking (Hsieh et al. 2008, squared hinge loss). Deterministic: the order is shuffled alike each time.
 * Yields every few milliseconds, so that others may work in between.
 */
export function* trainSvm(
  vectors: readonly FeatureVector[],
  labels: readonly number[],
  size: { classes: number; features: number },
  options: SvmOptions = defaultOptions,
): Generator<undefined, LinearModel> {
  const { weights, biasAt, visit } = createDescent(vectors, labels, size, options.cost);
  const order = shuffledOrder(vectors.length);
  let work = 0;
  for (let pass = 0; pass < options.passes; pass += 1) {
    let largest = 0;
    for (const example of order) {
      const visited = visit(example, pass > 0);
      largest = Math.max(largest, visited.step);
      work += visited.work;
      if (work < breather) continue;
      work = 0;
      yield undefined;
    }
    if (largest < options.tolerance) break;
  }
  return { score: (vector, scores) => addRows(weights, biasAt, vector, scores) };
}

/** The weights, and the step that one example asks for. */
function createDescent(
  vectors: readonly FeatureVector[],
  labels: readonly number[],
  { classes, features }: { classes: number; features: number },
  cost: number,
) {
  // by feature, then class; the last row is the bias
  const weights = new Float32Array((features + 1) * classes);
  const biasAt = features * classes;
  const alphas = new Float32Array(vectors.length * classes);
  const scores = new Float64Array(classes);
  const diagonal = 1 / (2 * cost);
  const everyClass = Int32Array.from({ length: classes }, (_, index) => index);
  const active: Int32Array[] = vectors.map(() => everyClass);
  const nothing: FeatureVector = { ids: new Int32Array(), values: new Float32Array() };

  /** Moves the functions that the example pushes; gives the largest step and the multiplications made. */
  const visit = (example: number, mayShrink: boolean): { step: number; work: number } => {
    const vector = vectors[example] ?? nothing;
    const candidates = active[example] ?? everyClass;
    // a row at a time is how memory lies, as long as nearly all classes are wanted
    const isWhole = candidates === everyClass;
    if (isWhole) addRows(weights, biasAt, vector, scores);
    const curvature = lengthOf(vector) + 1 + diagonal;
    let step = 0;
    const kept: number[] = [];
    for (const own of candidates) {
      const side = own === labels[example] ? 1 : -1;
      const at = example * classes + own;
      const alpha = alphas[at] ?? 0;
      const score = isWhole ? (scores[own] ?? 0) : scoreOf(weights, classes, biasAt, vector, own);
      const gradient = side * score - 1 + alpha * diagonal;
      if (alpha > 0 || gradient < farBeyond) kept.push(own);
      const next = Math.max(0, alpha - gradient / curvature);
      if (next === alpha) continue;
      alphas[at] = next;
      move(weights, classes, biasAt, vector, own, (next - alpha) * side);
      step = Math.max(step, Math.abs(next - alpha));
    }
    if (mayShrink) active[example] = Int32Array.from(kept);
    return { step, work: vector.ids.length * candidates.length };
  };
  return { weights, biasAt, visit };
}

/** The score of one class only. */
function scoreOf(
  weights: Float32Array,
  classes: number,
  biasAt: number,
  { ids, values }: FeatureVector,
  own: number,
): number {
  let sum = weights[biasAt + own] ?? 0;
  for (let place = 0; place < ids.length; place += 1) {
    sum += (values[place] ?? 0) * (weights[(ids[place] ?? 0) * classes + own] ?? 0);
  }
  return sum;
}

/** Adds `step` times the vector to one class's function. */
function move(
  weights: Float32Array,
  classes: number,
  biasAt: number,
  { ids, values }: FeatureVector,
  own: number,
  step: number,
): void {
  weights[biasAt + own] = (weights[biasAt + own] ?? 0) + step;
  for (let place = 0; place < ids.length; place += 1) {
    const at = (ids[place] ?? 0) * classes + own;
    weights[at] = (weights[at] ?? 0) + step * (values[place] ?? 0);
  }
}

/** Sums the rows of `vector`'s features, the bias row first. */
function addRows(
  weights: Float32Array,
  biasAt: number,
  { ids, values }: FeatureVector,
  scores: Float64Array,
): void {
  const classes = scores.length;
  for (let index = 0; index < classes; index += 1) scores[index] = weights[biasAt + index] ?? 0;
  for (let place = 0; place < ids.length; place += 1) {
    const value = values[place] ?? 0;
    const at = (ids[place] ?? 0) * classes;
    for (let index = 0; index < classes; index += 1) {
      scores[index] = (scores[index] ?? 0) + value * (weights[at + index] ?? 0);
    }
  }
}

function lengthOf({ values }: FeatureVector): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

/** All places once, in an order that mixes classes and is the same every time. */
function shuffledOrder(count: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  let state = 0x9e3779b9;
  for (let index = count - 1; index > 0; index -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (index + 1));
    const kept = order[index] ?? 0;
    order[index] = order[other] ?? 0;
    order[other] = kept;
  }
  return order;
}
