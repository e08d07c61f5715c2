import { gramProfile } from './gram-profile.ts';

/**
 * A text as a unit vector: its words and their character 4-grams, hashed with a sign to `dimensions` places, the
 * square root of their counts as weight. A text without words gets a fixed vector.
 */
export function embedText(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const [key, weight] of gramProfile(text)) {
    const place = Math.floor(key / 4) % dimensions;
    const sign = Math.floor(key / 2) % 2 === 0 ? 1 : -1;
    vector[place] = (vector[place] ?? 0) + sign * Math.sqrt(weight);
  }
  return normalize(vector);
}

function normalize(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (squares === 0) {
    vector[0] = 1;
    return vector;
  }
  const length = Math.sqrt(squares);
  for (let index = 0; index < vector.length; index += 1) vector[index] = (vector[index] ?? 0) / length;
  return vector;
}
