import type { Ranking } from '../domain/retrieval/rank.ts';
import { errorMessage } from '../errors.ts';
import type { Database, Embedder, Logger } from '../ports.ts';
import { hasAnnIndex, nearestPassagesByAnn } from '../store/passage-ann.ts';
import { cosinesOf, nearestPassages, vectorText } from '../store/passage-index.ts';
import type { ScoredPassage, VectorQuery } from '../store/passage-index.ts';
import { isBuiltin, maxExactPassages } from './dense-policy.ts';

/** Candidates of each kind; the right document is among the first 50 in 93 to 100 of 100 questions. */
export const candidateCount = 100;

export interface DenseRequest {
  siteId: string;
  /** Null where the site's vectors cannot be searched. */
  embedder: Embedder | null;
  text: string;
  /** How many passages the site has, about, and how many the caller wants. */
  passages: number;
  k: number;
  signal: AbortSignal | undefined;
}

/** A question as a vector, and the passages that it was found near to. */
export interface DenseResult {
  embedder: Embedder;
  query: VectorQuery;
  near: ScoredPassage[];
}

export interface DenseSearch {
  /**
   * Embeds a text and finds the passages nearest to it, while the caller ranks by words. Null without an embedder,
   * or where it fails: that costs the dense part, not the search. Of the built-in embedder only the vector.
   */
  begin(request: DenseRequest): Promise<DenseResult | null>;
  /** Adds the cosines of the best lexical candidates, once these are known. */
  complete(result: DenseResult, ranking: Ranking, k: number): Promise<ScoredPassage[]>;
}

/** Makes the part of a search that compares vectors; it remembers which sites have an approximate index. */
export function createDenseSearch({ db, logger }: { db: Database; logger: Logger }): DenseSearch {
  const withAnnIndex = new Set<string>();

  /** Asks the database until the index is there; without one that was dropped since, the scan is exact. */
  async function isAnnReady(siteId: string, embedder: Embedder): Promise<boolean> {
    const name = JSON.stringify([siteId, embedder.id]);
    if (withAnnIndex.has(name)) return true;
    const isReady = await hasAnnIndex(db, { siteId, embedder });
    if (isReady) withAnnIndex.add(name);
    return isReady;
  }

  async function findNear(query: VectorQuery, embedder: Embedder, request: DenseRequest) {
    const limit = Math.max(candidateCount, request.k);
    const isLarge = request.passages > maxExactPassages(embedder.dimensions);
    if (isLarge && (await isAnnReady(query.siteId, embedder))) {
      const found = await nearestPassagesByAnn(db, query, limit, request.passages);
      if (found.length >= limit) return found;
    }
    return nearestPassages(db, query, limit);
  }

  return {
    async begin(request) {
      const { siteId, embedder, text, signal } = request;
      const vector = embedder === null ? null : await embedQuestion(logger, embedder, text, signal);
      if (embedder === null || vector === null) return null;
      const query = { siteId, embedder, vector: vectorText(vector) };
      const near = isBuiltin(embedder) ? [] : await findNear(query, embedder, request);
      return { embedder, query, near };
    },
    async complete({ embedder, query, near }, { candidates }, k) {
      const ids = candidates.slice(0, candidateCount).map(({ passageId }) => passageId);
      // its cosines weigh nothing and are read with the passages; without words it still gives an order
      if (isBuiltin(embedder)) {
        return ids.length >= k ? [] : nearestPassages(db, query, Math.max(candidateCount, k));
      }
      const known = new Set(near.map(({ passageId }) => passageId));
      const others = ids.filter((id) => !known.has(id));
      return [...near, ...(await cosinesOf(db, query, others))];
    },
  };
}

async function embedQuestion(
  logger: Logger,
  embedder: Embedder,
  text: string,
  signal: AbortSignal | undefined,
): Promise<Float32Array | null> {
  try {
    const [vector] = await embedder.embed([text], 'query', signal);
    return vector ?? null;
  } catch (error) {
    signal?.throwIfAborted();
    logger.warn('query-embedding-failed', { embedder: embedder.id, reason: errorMessage(error) });
    return null;
  }
}
