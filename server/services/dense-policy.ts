import type { Embedder } from '../ports.ts';

/**
 * The built-in embedder knows spelling only, which the lexical ranking knows better: its cosines serve the
 * confidence and are computed for the lexical candidates alone.
 */
export function isBuiltin(embedder: Embedder): boolean {
  return embedder.id.startsWith('builtin-');
}

/**
 * Up to this many passages a site's vectors are scanned exactly (some 2 ms at 384 dimensions); beyond, an
 * approximate index is built and used.
 */
export const maxExactPassages = 5000;

/**
 * What the nearest passage's cosine adds to the score, as a share of the best lexical score. Measured with vectors
 * of known quality (evals/README.md): more gains a little with a good model and loses much with a bad one.
 */
export function denseWeight(embedder: Embedder): number {
  return isBuiltin(embedder) ? 0 : 0.5;
}
