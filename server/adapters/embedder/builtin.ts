import { embedText } from '../../domain/analysis/embed-text.ts';
import type { Embedder } from '../../ports.ts';

/** Length of the built-in vectors. */
export const builtinDimensions = 384;

/** Makes the vectors of many texts, elsewhere. */
export type EmbedMany = (texts: readonly string[], dimensions: number) => Promise<Float32Array[]>;

/**
 * The embedder that needs no model and no network: the same text always gives the same vector. It knows
 * spelling, not meaning, so it serves the confidence more than the ranking. Passages, which come by the thousand,
 * go to `embedMany` where there is one; a question is embedded at once.
 */
export function createBuiltinEmbedder(embedMany: EmbedMany | null = null): Embedder {
  return {
    id: `builtin-1-${String(builtinDimensions)}`,
    dimensions: builtinDimensions,
    embed(texts, kind) {
      if (kind === 'passage' && embedMany !== null) return embedMany(texts, builtinDimensions);
      return Promise.resolve(texts.map((text) => embedText(text, builtinDimensions)));
    },
  };
}
