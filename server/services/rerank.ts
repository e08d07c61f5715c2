import type { Reranking } from '../domain/knowledge.ts';
import { AppError, errorMessage } from '../errors.ts';
import type { Logger, Reranker } from '../ports.ts';
import { embeddingText } from './passage-vectors.ts';
import type { AlivePassage } from './retrieve-steps.ts';

/** Passages that a reranker reads: the right one is among them nearly always, and it reads each with the question. */
export const rerankDepth = 30;

export interface RerankDeps {
  reranker: Reranker;
  logger: Logger;
}

/**
 * Puts the best passages in the reranker's order. Each place keeps its score, so that scores still fall from the
 * first to the last. Where the reranker fails or has nothing to order, the order stays; `reranking` says why.
 */
export async function rerankPassages(
  { reranker, logger }: RerankDeps,
  query: string,
  passages: readonly AlivePassage[],
  signal: AbortSignal | undefined,
): Promise<{ passages: AlivePassage[]; reranking: Reranking }> {
  const read = passages.slice(0, rerankDepth);
  const keepOrder = (outcome: Reranking['outcome'], reason: string) => ({
    passages: [...passages],
    reranking: { outcome, reason },
  });
  if (read.length < 2) return keepOrder('skipped', 'There were no two passages to put in order.');
  try {
    const texts = read.map(({ found }) => embeddingText(found.title, found, found.aliases));
    const relevance = await reranker.rerank(query, texts, signal);
    const moved = inOrderOf(relevance, read);
    return {
      passages: [...moved, ...passages.slice(rerankDepth)],
      reranking: { outcome: 'answered', reason: null },
    };
  } catch (error) {
    signal?.throwIfAborted();
    const reason = errorMessage(error);
    logger.warn('rerank-failed', { reason });
    const isLate = error instanceof AppError && error.details['kind'] === 'timeout';
    return keepOrder(isLate ? 'timed-out' : 'failed', reason);
  }
}

function inOrderOf(relevance: readonly number[], read: readonly AlivePassage[]): AlivePassage[] {
  return read
    .map((passage, index) => ({
      ...passage,
      reranked: {
        placeBefore: index + 1,
        scoreBefore: passage.fused.score,
        relevance: relevance[index] ?? 0,
      },
    }))
    .sort(
      ({ reranked: first }, { reranked: second }) =>
        second.relevance - first.relevance || first.placeBefore - second.placeBefore,
    )
    .map((passage, index) => ({
      ...passage,
      fused: { ...passage.fused, score: read[index]?.fused.score ?? passage.fused.score },
    }));
}
