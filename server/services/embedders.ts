import type { Embedder, Logger } from '../ports.ts';
import { errorMessage } from '../errors.ts';
import type { EmbedderName } from '../store/index-version.ts';

/** The embedder that new vectors are made with, and those that older vectors were made with. */
export interface Embedders {
  readonly configured: Embedder;
  /**
   * The embedder whose vectors a site's search reads, by its name: an earlier one until the index of the configured
   * one is whole; the configured one where the site has none yet.
   * Null when that one cannot be opened any more; the site is then searched by words alone.
   */
  serving(live: EmbedderName | null): Promise<Embedder | null>;
}

/** Opens an embedder by its id; null for one that cannot be reached as things are configured. */
export type OpenEmbedder = (id: string, dimensions: number) => Promise<Embedder | null>;

export function createEmbedders(deps: {
  embedder: Embedder;
  openEmbedder: OpenEmbedder;
  logger: Logger;
}): Embedders {
  const { embedder: configured, openEmbedder, logger } = deps;
  const opened = new Map<string, Promise<Embedder | null>>();

  function openOnce(id: string, dimensions: number): Promise<Embedder | null> {
    const known = opened.get(id);
    if (known !== undefined) return known;
    const opening = openEmbedder(id, dimensions).catch((error: unknown) => {
      logger.warn('embedder-not-opened', { embedder: id, reason: errorMessage(error) });
      return null;
    });
    opened.set(id, opening);
    return opening;
  }

  return {
    configured,
    async serving(live) {
      if (live === null || live.id === configured.id) return configured;
      return openOnce(live.id, live.dimensions);
    },
  };
}
