import { createAnalyzer, type Analyzer } from '../server/domain/analysis/analyze.ts';
import type { Retrieval } from '../server/domain/knowledge.ts';
import { fuse } from '../server/domain/retrieval/fuse.ts';
import { possibleScore } from '../server/domain/retrieval/possible.ts';
import { planQuery } from '../server/domain/retrieval/plan.ts';
import { createSiteWording } from '../server/domain/thesaurus/site-wording.ts';
import { frequencyIn } from '../server/domain/retrieval/score.ts';
import { rankPassages } from '../server/domain/retrieval/rank.ts';
import { recipe } from '../server/domain/retrieval/recipe.ts';
import { readSignals } from '../server/domain/retrieval/signals.ts';
import { readStandings } from '../server/domain/retrieval/standings.ts';
import { standaloneQuery } from '../server/domain/retrieval/standalone.ts';
import type { HistoryTurn } from '../server/protocol/entities.ts';
import type { Embedder } from '../server/ports.ts';
import { embeddingText } from '../server/services/passage-vectors.ts';
import { createDenseSearch } from './dense-search.ts';
import type { CorpusRow } from './data.ts';
import { buildMemoryIndex } from './memory-index.ts';

export type MemorySearch = (query: string, history: readonly HistoryTurn[], k: number) => Promise<Retrieval>;

/**
 * The product's search without its database: the same plan, ranking, fusion and signals over an index in memory.
 * With an embedder its vectors take part, weighed as the product weighs them.
 */
export async function createMemorySearch(
  corpus: readonly CorpusRow[],
  analyzer: Analyzer = createAnalyzer(),
  embedder: Embedder | null = null,
): Promise<MemorySearch> {
  const index = await buildMemoryIndex(analyzer, corpus);
  const { segments, passages, languages } = index;
  const translate = createSiteWording(analyzer).using(frequencyIn(segments));
  const ordinals = new Map([...new Set(corpus.map(({ id }) => id))].map((id, index) => [id, index]));
  const dense = embedder === null ? null : await createDenseSearch(embedder, index);
  return async (query, history, k) => {
    const plan = planQuery(analyzer, recipe, { question: query, history, languages, translate });
    const asked = plan.siteWording ?? query;
    const ranking = rankPassages({ plan, question: query, history, segments, recipe, limit: 200 });
    const standalone = standaloneQuery(asked, history, ranking);
    const near = await dense?.search(standalone, ranking);
    const fused = fuse({
      lexical: ranking.candidates,
      dense: near?.passages ?? [],
      denseWeight: near?.weight ?? 0,
      possible: possibleScore(ranking.questionTerms),
    });
    const placed = fused.flatMap((hit) => {
      const passage = passages[hit.passageId];
      return passage === undefined ? [] : [{ hit, passage }];
    });
    const found = placed.slice(0, Math.max(k, 10));
    const signals = readSignals({
      analyzer,
      question: asked,
      history,
      questionTerms: ranking.questionTerms,
      passages: found.map(({ passage }) => ({
        language: passage.language,
        contextText: embeddingText(passage.title, passage),
        text: [passage.headingPath.at(-1) ?? '', passage.text].join('\n'),
      })),
      standings: readStandings(placed.map(({ hit, passage }) => ({ ...hit, document: passage.documentId }))),
    });
    return {
      passages: found.slice(0, k).map(({ hit, passage }) => ({
        ...passage,
        passageId: hit.passageId,
        documentId: ordinals.get(passage.documentId) ?? -1,
        externalId: passage.documentId,
        url: null,
        score: hit.score,
        lexicalScore: hit.lexicalScore,
        cosine: null,
      })),
      signals: { ...signals, ...(near === undefined ? {} : { nearness: near.nearness }) },
      standaloneQuery: standalone,
      ...(plan.siteWording === null ? {} : { siteWording: plan.siteWording }),
      timings: {},
    };
  };
}
