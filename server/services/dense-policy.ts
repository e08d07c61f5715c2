import type { Embedder } from '../ports.ts';

/**
 * The built-in embedder knows spelling only, which the lexical ranking knows better: its cosines serve the
 * confidence and are computed for the lexical candidates alone.
 */
export function isBuiltin(embedder: Embedder): boolean {
  return embedder.id.startsWith('builtin-');
}

/** Numbers that an exact scan reads at most: 5,000 vectors of 384 dimensions, which take some 1 ms. */
const maxExactNumbers = 2_000_000;
/** The fewest and the most passages that the limit may be; each site beyond it has an index of its own. */
const exactBounds = { least: 2000, most: 5000 } as const;

/**
 * Up to this many passages a site's vectors are scanned exactly; beyond, an approximate index is built and used.
 */
export function maxExactPassages(dimensions: number): number {
  const { least, most } = exactBounds;
  return Math.min(most, Math.max(least, Math.floor(maxExactNumbers / dimensions)));
}

/**
 * What the nearest passage's cosine adds to the score, as a share of the best lexical score. Measured with vectors
 * of known quality (evals/README.md): more gains a little with a good model and loses much with a bad one.
 */
export function denseWeight(embedder: Embedder): number {
  return isBuiltin(embedder) ? 0 : 0.5;
}
