import type { FeatureVector } from './features.ts';

/** Puts the cosine of a vector to each class's middle into `into`, whose length is the number of classes. */
export type CentroidScores = (vector: FeatureVector, into: Float64Array) => void;

/** The middles of classes of vectors. */
export function createCentroids(
  vectors: readonly FeatureVector[],
  labels: readonly number[],
  { classes, features }: { classes: number; features: number },
): CentroidScores {
  const sums = new Float32Array(features * classes);
  const lengths = new Float64Array(classes);
  for (const [example, { ids, values }] of vectors.entries()) {
    const label = labels[example] ?? 0;
    for (let place = 0; place < ids.length; place += 1) {
      const at = (ids[place] ?? 0) * classes + label;
      sums[at] = (sums[at] ?? 0) + (values[place] ?? 0);
    }
  }
  for (let at = 0; at < sums.length; at += 1) {
    const label = at % classes;
    lengths[label] = (lengths[label] ?? 0) + (sums[at] ?? 0) ** 2;
  }
  return ({ ids, values }, into) => {
    into.fill(0);
    for (let place = 0; place < ids.length; place += 1) {
      const value = values[place] ?? 0;
      const at = (ids[place] ?? 0) * classes;
      for (let label = 0; label < classes; label += 1) {
        into[label] = (into[label] ?? 0) + value * (sums[at + label] ?? 0);
      }
    }
    for (let label = 0; label < classes; label += 1) {
      into[label] = (into[label] ?? 0) / (Math.sqrt(lengths[label] ?? 0) || 1);
    }
  };
}
