import { embedText } from '../../domain/analysis/embed-text.ts';
import type { Embedder } from '../../ports.ts';

/** Length of the built-in vectors. */
export const builtinDimensions = 384;

/**
 * The embedder that needs no model and no network: the same text always gives the same vector. It knows
 * spelling, not meaning, so it serves the confidence more than the ranking.
 */
export function createBuiltinEmbedder(): Embedder {
  return {
    id: `builtin-1-${String(builtinDimensions)}`,
    dimensions: builtinDimensions,
    embed: (texts) => Promise.resolve(texts.map((text) => embedText(text, builtinDimensions))),
  };
}
