import { defaultChunkOptions, type ChunkOptions } from '../ingest/chunk.ts';
import { createBuiltinEmbedder } from '../server/adapters/embedder/builtin.ts';
import { createAnalyzer } from '../server/domain/analysis/analyze.ts';
import { maxHistoryTurns } from '../server/domain/retrieval/conversation.ts';
import type { HistoryTurn } from '../server/domain/retrieval/conversation.ts';
import { planQuery } from '../server/domain/retrieval/plan.ts';
import { createSiteWording } from '../server/domain/thesaurus/site-wording.ts';
import { frequencyIn } from '../server/domain/retrieval/score.ts';
import { rankPassages } from '../server/domain/retrieval/rank.ts';
import { recipe as productRecipe } from '../server/domain/retrieval/recipe.ts';
import type { Recipe } from '../server/domain/retrieval/recipe.ts';
import type { Database, Embedder } from '../server/ports.ts';
import { createPassageIndex } from '../server/services/passage-index.ts';
import { createRetrieve } from '../server/services/retrieve.ts';
import { systemClock } from '../server/system.ts';
import { serveWith, silentLogger } from '../server/testing/deps.ts';
import { addDocument } from '../server/testing/knowledge.ts';
import type { CorpusRow } from './data.ts';
import { buildMemoryIndex, chunkText } from './memory-index.ts';

/** A found passage, as the figures need it. */
export interface Hit {
  documentId: string;
  text: string;
}

/** Answers a question from one corpus, best passage first. */
export type Searcher = (question: string, history: readonly HistoryTurn[], k: number) => Promise<Hit[]>;

/** Indexes a corpus and gives its search; a corpus that was indexed before is not indexed again. */
export type SearcherFactory = (corpus: readonly CorpusRow[]) => Promise<Searcher>;

function remembering(make: SearcherFactory): SearcherFactory {
  const made = new Map<string, Promise<Searcher>>();
  return (corpus) => {
    const key = corpus.map((row) => row.id).join(' ');
    const known = made.get(key) ?? make(corpus);
    made.set(key, known);
    return known;
  };
}

/** The product's analysis, index and ranking without a database: seconds instead of minutes, for tuning. */
export function memorySearchers(
  recipe: Recipe = productRecipe,
  sizes: ChunkOptions = defaultChunkOptions,
): SearcherFactory {
  const analyzer = createAnalyzer();
  const wording = createSiteWording(analyzer);
  return remembering(async (corpus) => {
    const { segments, passages, languages } = await buildMemoryIndex(analyzer, corpus, sizes);
    const translate = wording.using(frequencyIn(segments));
    return (question, allHistory, k) => {
      const history = allHistory.slice(-maxHistoryTurns);
      const plan = planQuery(analyzer, recipe, { question, history, languages, translate });
      const { candidates } = rankPassages({ plan, question, history, segments, recipe, limit: k });
      return Promise.resolve(candidates.flatMap(({ passageId }) => passages[passageId] ?? []));
    };
  });
}

/** The real thing: documents are published into a site of `db`, questions go through the retrieve service. */
export function serviceSearchers(
  db: Database,
  embedder: Embedder = createBuiltinEmbedder(),
): SearcherFactory {
  const index = createPassageIndex({ embedder, logger: silentLogger });
  const retrieve = createRetrieve({
    db,
    embedders: serveWith(embedder),
    clock: systemClock,
    logger: silentLogger,
  });
  let sites = 0;
  return remembering(async (corpus) => {
    sites += 1;
    const siteId = `eval-${String(sites)}`;
    await db.execute('insert into site (id, name) values ($1, $1)', [siteId]);
    for (const row of corpus) {
      await addDocument(db, index, siteId, {
        externalId: row.id,
        url: row.url ?? null,
        title: row.title,
        language: row.lang ?? 'en',
        text: row.text,
        contentHash: row.id,
        passages: await chunkText(row),
      });
      await index.merge(db, siteId);
    }
    return async (query, history, k) => {
      const { passages } = await retrieve({ siteId, query, k, history });
      return passages.map(({ externalId, text }) => ({ documentId: externalId, text }));
    };
  });
}
