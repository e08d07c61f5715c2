import type { FeatureVector } from './features.ts';

/** An example and its cosine to what was asked. */
export interface Neighbour {
  example: number;
  similarity: number;
}

/** Finds the examples that are most like a text. */
export interface Neighbours {
  /** At most `k`, the nearest first; none that shares nothing. */
  nearest(vector: FeatureVector, k: number): Neighbour[];
}

/** An inverted index over the examples' vectors, each of length 1. */
export function createNeighbours(vectors: readonly FeatureVector[], featureCount: number): Neighbours {
  const counts = new Int32Array(featureCount + 1);
  for (const { ids } of vectors) for (const id of ids) counts[id + 1] = (counts[id + 1] ?? 0) + 1;
  const starts = counts;
  for (let id = 1; id <= featureCount; id += 1) starts[id] = (starts[id] ?? 0) + (starts[id - 1] ?? 0);
  const filled = starts.slice();
  const examples = new Int32Array(starts[featureCount] ?? 0);
  const values = new Float32Array(examples.length);
  for (const [example, vector] of vectors.entries()) {
    for (const [place, id] of vector.ids.entries()) {
      const at = filled[id] ?? 0;
      examples[at] = example;
      values[at] = vector.values[place] ?? 0;
      filled[id] = at + 1;
    }
  }
  const similarities = new Float32Array(vectors.length);

  return {
    nearest(vector, k) {
      similarities.fill(0);
      for (const [place, id] of vector.ids.entries()) {
        const value = vector.values[place] ?? 0;
        const end = starts[id + 1] ?? 0;
        for (let at = starts[id] ?? 0; at < end; at += 1) {
          const example = examples[at] ?? 0;
          similarities[example] = (similarities[example] ?? 0) + value * (values[at] ?? 0);
        }
      }
      return best(similarities, k);
    },
  };
}

/** The `k` largest above 0, by one pass that keeps a short sorted list. */
function best(similarities: Float32Array, k: number): Neighbour[] {
  const found: Neighbour[] = [];
  let floor = 0;
  for (let example = 0; example < similarities.length; example += 1) {
    const similarity = similarities[example] ?? 0;
    if (similarity <= floor) continue;
    const place = found.findIndex((known) => known.similarity < similarity);
    found.splice(place === -1 ? found.length : place, 0, { example, similarity });
    if (found.length > k) found.pop();
    if (found.length === k) floor = found[k - 1]?.similarity ?? 0;
  }
  return found;
}
