import { nearness, probeOf, readEmbedderFit } from '../server/domain/retrieval/embedder-fit.ts';
import type { Ranking } from '../server/domain/retrieval/rank.ts';
import type { Embedder } from '../server/ports.ts';
import { denseWeight } from '../server/services/dense-policy.ts';
import { embeddingText } from '../server/services/passage-vectors.ts';
import { candidateCount } from '../server/services/dense-search.ts';
import { thin } from './answer-tasks.ts';
import type { MemoryIndex } from './memory-index.ts';

export interface DenseResult {
  passages: { passageId: number; cosine: number }[];
  weight: number;
  nearness: number;
}

export interface DenseSearch {
  search(question: string, ranking: Ranking): Promise<DenseResult>;
}

const sampleSize = 256;
const probeCount = 48;

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

/** Exact search over the vectors of all passages, with the embedder's weight learnt as the product learns it. */
export async function createDenseSearch(embedder: Embedder, { passages }: MemoryIndex): Promise<DenseSearch> {
  const texts = passages.map((passage) => embeddingText(passage.title, passage));
  const vectors = await embedder.embed(texts, 'passage');
  const ordinals = new Map(
    [...new Set(passages.map(({ documentId }) => documentId))].map((id, at) => [id, at]),
  );
  const sample = thin(
    passages.flatMap((passage, at) => {
      const vector = vectors[at];
      const documentId = ordinals.get(passage.documentId) ?? -1;
      return vector === undefined ? [] : [{ documentId, vector, text: passage.text }];
    }),
    sampleSize,
  );
  const pieces = thin(
    sample.flatMap(({ text }, of) => {
      const piece = probeOf(text);
      return piece === null ? [] : [{ of, piece }];
    }),
    probeCount,
  );
  const probes = await embedder.embed(
    pieces.map(({ piece }) => piece),
    'query',
  );
  const fit = readEmbedderFit(
    sample,
    pieces.map(({ of }, at) => ({ of, vector: probes[at] ?? new Float32Array() })),
  );
  return {
    async search(question, { candidates }) {
      const [vector] = await embedder.embed([question], 'query');
      const scored = vectors.map((passage, passageId) => ({
        passageId,
        cosine: vector === undefined ? 0 : dot(vector, passage),
      }));
      const near = scored.toSorted((a, b) => b.cosine - a.cosine).slice(0, candidateCount);
      const seen = new Set(near.map(({ passageId }) => passageId));
      const lexical = candidates
        .slice(0, candidateCount)
        .flatMap(({ passageId }) => (seen.has(passageId) ? [] : (scored[passageId] ?? [])));
      return {
        passages: [...near, ...lexical],
        weight: denseWeight(embedder) * fit.trust,
        nearness: nearness(near[0]?.cosine ?? null, fit),
      };
    },
  };
}
