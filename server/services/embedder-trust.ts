import { probeOf, readEmbedderFit, unknownFit, type EmbedderFit } from '../domain/retrieval/embedder-fit.ts';
import { errorMessage } from '../errors.ts';
import type { Clock, Database, Embedder, Logger } from '../ports.ts';
import { samplePassages } from '../store/passage-sample.ts';
import { createByteCache } from './byte-cache.ts';
import { isBuiltin } from './dense-policy.ts';
import { embeddingText } from './passage-vectors.ts';

/** Tells what an embedder is worth on a site. */
export interface EmbedderTrust {
  /** `passages`: how many the site has; learnt anew when that has doubled. Never fails. */
  fitOf(siteId: string, embedder: Embedder, passages: number): Promise<EmbedderFit>;
}

/** Passages compared with each other, and pieces of them that are embedded as questions would be. */
const sampleSize = 256;
const probeCount = 48;
/** The first question of a site waits for this, once per process. */
const timeoutMs = 2000;
/** After a failure it is tried again this much later. */
const retryMs = 60_000;
const maxBytes = 1_000_000;
const entryBytes = 200;

interface Known {
  fit: Promise<EmbedderFit>;
  passages: number;
  /** When it is learnt anew however large the site is. */
  until: number;
}

/** Learns it from pieces of the site's own passages at the first question, and keeps it in memory. */
export function createEmbedderTrust(deps: { db: Database; clock: Clock; logger: Logger }): EmbedderTrust {
  const { db, clock, logger } = deps;
  const known = createByteCache<Known>(maxBytes);

  async function learn(siteId: string, embedder: Embedder): Promise<EmbedderFit> {
    const sample = await samplePassages(db, siteId, embedder.id, sampleSize);
    const step = Math.max(1, sample.length / probeCount);
    const pieces = sample.flatMap((passage, of) => {
      const piece = Math.floor(of / step) === Math.floor((of - 1) / step) ? null : probeOf(passage.text);
      return piece === null || piece === embeddingText(passage.title, passage, passage.aliases)
        ? []
        : [{ of, piece }];
    });
    if (pieces.length === 0) return unknownFit;
    const texts = pieces.map(({ piece }) => piece);
    const vectors = await embedder.embed(texts, 'query', AbortSignal.timeout(timeoutMs));
    const probes = pieces.flatMap(({ of }, index) => {
      const vector = vectors[index];
      return vector === undefined ? [] : [{ of, vector }];
    });
    const fit = readEmbedderFit(sample, probes);
    logger.info('embedder-checked', { siteId, embedder: embedder.id, trust: fit.trust, hits: fit.hitRate });
    return fit;
  }

  return {
    fitOf(siteId, embedder, passages) {
      if (isBuiltin(embedder)) return Promise.resolve(unknownFit);
      const key = `${siteId}\n${embedder.id}`;
      const seen = known.get(key);
      if (seen !== undefined && passages < 2 * seen.passages && clock.now() < seen.until) return seen.fit;
      const entry: Known = { passages, until: Number.POSITIVE_INFINITY, fit: Promise.resolve(unknownFit) };
      entry.fit = learn(siteId, embedder).catch((error: unknown) => {
        logger.warn('embedder-not-checked', { siteId, embedder: embedder.id, reason: errorMessage(error) });
        entry.until = clock.now() + retryMs;
        return unknownFit;
      });
      known.set(key, entry, entryBytes);
      return entry.fit;
    },
  };
}
