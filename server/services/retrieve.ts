import { setImmediate as nextTurn } from 'node:timers/promises';
import { createAnalyzer } from '../domain/analysis/analyze.ts';
import { createPhraseCache } from '../domain/analysis/phrase-cache.ts';
import type { Retrieval } from '../domain/knowledge.ts';
import { maxHistoryTurns } from '../domain/retrieval/conversation.ts';
import type { HistoryTurn } from '../domain/retrieval/conversation.ts';
import { nearness, unknownFit } from '../domain/retrieval/embedder-fit.ts';
import { fuse, type FusedPassage } from '../domain/retrieval/fuse.ts';
import type { Ranking } from '../domain/retrieval/rank.ts';
import { possibleScore } from '../domain/retrieval/possible.ts';
import { readRewordedSignals } from '../domain/retrieval/reworded-signals.ts';
import type { SignalPassage } from '../domain/retrieval/signals.ts';
import { createScoreBuffers } from '../domain/retrieval/score-buffers.ts';
import { standaloneQuery } from '../domain/retrieval/standalone.ts';
import { createSiteWording } from '../domain/thesaurus/site-wording.ts';
import type { Clock, Database, Logger, Reranker } from '../ports.ts';
import { denseWeight } from './dense-policy.ts';
import { createEmbedderTrust } from './embedder-trust.ts';
import type { ScoredPassage, VectorQuery } from '../store/passage-index.ts';
import { candidateCount, createDenseSearch } from './dense-search.ts';
import type { Embedders } from './embedders.ts';
import { createLexicalReader } from './lexical-reader.ts';
import { embeddingText } from './passage-vectors.ts';
import { createWatch, fillUp, openLexically, readAlive, toRetrieved } from './retrieve-steps.ts';
import { standingsOf } from './retrieve-standings.ts';
import { rerankDepth, rerankPassages } from './rerank.ts';
import type { AlivePassage } from './retrieve-steps.ts';

export interface RetrieveRequest {
  siteId: string;
  query: string;
  /** How many passages to give; fewer only where the site has fewer. */
  k: number;
  /** What was said before, oldest first, without the question. */
  history: readonly HistoryTurn[];
  signal?: AbortSignal;
}

/**
 * Finds the passages of a site that bear on a question, best first.
 * @throws AppError `unavailable` when the database cannot be reached.
 */
export type Retrieve = (request: RetrieveRequest) => Promise<Retrieval>;

export interface RetrieveDeps {
  db: Database;
  embedders: Pick<Embedders, 'serving'>;
  /** Null or absent: none. */
  reranker?: Reranker | null;
  clock: Clock;
  logger: Logger;
}

interface Found {
  ranking: Ranking;
  rank(limit: number): Ranking;
  dense: readonly ScoredPassage[];
  weight: number;
  query: VectorQuery | null;
}

/** Passages read for the signals, even when the caller wants fewer. */
const minRead = 10;

/** Makes the search service; it holds the caches, so make it once per process. */
export function createRetrieve(deps: RetrieveDeps): Retrieve {
  const analyzer = createAnalyzer();
  const [wording, phrases] = [createSiteWording(analyzer), createPhraseCache(analyzer)];
  const reader = createLexicalReader();
  const buffers = createScoreBuffers();
  const { db, embedders, clock, logger, reranker = null } = deps;
  const denseSearch = createDenseSearch(deps);
  const trust = createEmbedderTrust(deps);

  return async (request) => {
    const { siteId, query, k, signal } = request;
    const history = request.history.slice(-maxHistoryTurns);
    const watch = createWatch(clock);
    const tools = { db, reader, analyzer, wording, phrases, buffers };
    const { plan, rank, passages, ...opened } = await openLexically({ ...tools, siteId, query, history });
    const asked = plan.siteWording ?? query;
    const embedder = await embedders.serving(opened.embedder);
    const beginDense = (standalone: string) => {
      // an embedder may know the visitor's language better than the lists of words do
      const own = plan.siteWording === null ? [] : [query];
      const text = [...own, standalone, ...plan.rewordings].join('\n');
      return denseSearch.begin({ siteId, embedder, text, passages, k, signal });
    };
    // without a history the text is known, and the vectors are searched while the words are ranked
    const early = history.length > 0 ? null : beginDense(asked);
    const ranking = await rankBeside(early, () => rank(Math.max(candidateCount, k)));
    watch.mark('lexical');
    signal?.throwIfAborted();
    const standalone = standaloneQuery(asked, history, ranking);
    const near = await (early ?? beginDense(standalone));
    watch.mark('embed');
    const dense = near === null ? [] : await denseSearch.complete(near, ranking, k);
    watch.mark('dense');
    const fit = near === null ? unknownFit : await trust.fitOf(siteId, near.embedder, passages);
    const weight = near === null ? 0 : denseWeight(near.embedder) * fit.trust;
    const { alive: read, fused } = await findAlive(deps, request, {
      ranking,
      rank,
      dense,
      weight,
      query: near?.query ?? null,
    });
    watch.mark('read');
    const { passages: alive, ...reranked } =
      reranker === null
        ? { passages: read }
        : await rerankPassages({ reranker, logger }, standalone, read, signal);
    if (reranker !== null) watch.mark('rerank');
    const reading = { analyzer, history, question: asked, questionTerms: ranking.questionTerms };
    const texts = { passages: alive.map(toSignalPassage), standings: standingsOf(fused, read) };
    const signals = readRewordedSignals({ ...reading, ...texts }, plan.rewordings);
    watch.mark('signals');
    return {
      passages: alive.slice(0, k).map(toRetrieved),
      signals: fit === unknownFit ? signals : { ...signals, nearness: nearness(highestCosine(dense), fit) },
      standaloneQuery: standalone,
      ...(plan.siteWording === null ? {} : { siteWording: plan.siteWording }),
      rewordings: plan.rewordings,
      timings: watch.timings,
      ...reranked,
    };
  };
}

/** Where deleted passages crowd the best ones, all are ranked, so that the search still gives k. */
async function findAlive(
  { db, reranker }: RetrieveDeps,
  { siteId, k }: RetrieveRequest,
  found: Found,
): Promise<{ alive: AlivePassage[]; fused: readonly FusedPassage[] }> {
  const { ranking, dense, weight: denseWeight, query } = found;
  const count = Math.max(k, reranker ? rerankDepth : minRead);
  const possible = possibleScore(ranking.questionTerms);
  const read = async ({ candidates }: Ranking) => {
    const fused = fuse({ lexical: candidates, dense, denseWeight, possible });
    return { fused, alive: await readAlive(db, siteId, fused, count, query) };
  };
  const first = await read(ranking);
  const isCut = ranking.candidates.length >= Math.max(candidateCount, k);
  const all = first.alive.length < count && isCut ? await read(found.rank(ranking.stats.passages)) : first;
  return { fused: all.fused, alive: await fillUp(db, siteId, all.alive, count) };
}

/**
 * Ranks once what runs beside it has had its turn: ranking holds the thread, and the statement should be on its way
 * by then. A fault of `beside` is left to the one who waits for it.
 */
async function rankBeside(beside: Promise<unknown> | null, rank: () => Ranking): Promise<Ranking> {
  if (beside === null) return rank();
  beside.catch(() => {});
  await nextTurn();
  return rank();
}

const highestCosine = (dense: readonly ScoredPassage[]): number | null =>
  dense.length === 0 ? null : Math.max(...dense.map(({ cosine }) => cosine));

function toSignalPassage({ found }: AlivePassage): SignalPassage {
  return {
    language: found.language,
    contextText: embeddingText(found.title, found, found.aliases),
    // a heading may be the very question, and who asks in the owner's other words asks for this passage
    text: [found.headingPath.at(-1) ?? '', found.text, ...found.aliases].join('\n'),
  };
}
