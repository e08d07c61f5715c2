import { errorMessage } from '../errors.ts';
import type { Logger, Reranker } from '../ports.ts';
import { embeddingText } from './passage-vectors.ts';
import type { AlivePassage } from './retrieve-steps.ts';

/** Passages that a reranker reads: the right one is among them nearly always, and it reads each with the question. */
export const rerankDepth = 30;

export interface RerankDeps {
  reranker: Reranker | null;
  logger: Logger;
}

/**
 * Puts the best passages in the reranker's order. Each place keeps its score, so that scores still fall from the
 * first to the last. Without a reranker, or where it fails, the order stays; `problem` says why.
 */
export async function rerankPassages(
  { reranker, logger }: RerankDeps,
  query: string,
  passages: readonly AlivePassage[],
  signal: AbortSignal | undefined,
): Promise<{ passages: AlivePassage[]; problem: string | null }> {
  const read = passages.slice(0, rerankDepth);
  if (reranker === null || read.length < 2) return { passages: [...passages], problem: null };
  try {
    const texts = read.map(({ found }) => embeddingText(found.title, found, found.aliases));
    const relevance = await reranker.rerank(query, texts, signal);
    const ordered = read
      .map((passage, place) => ({ passage, place, relevance: relevance[place] ?? 0 }))
      .sort((first, second) => second.relevance - first.relevance || first.place - second.place);
    const moved = ordered.map(({ passage }, place) => ({
      ...passage,
      fused: { ...passage.fused, score: read[place]?.fused.score ?? passage.fused.score },
    }));
    return { passages: [...moved, ...passages.slice(rerankDepth)], problem: null };
  } catch (error) {
    signal?.throwIfAborted();
    const problem = errorMessage(error);
    logger.warn('rerank-failed', { reason: problem });
    return { passages: [...passages], problem };
  }
}
