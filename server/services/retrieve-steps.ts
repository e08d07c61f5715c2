import type { Analyzer } from '../domain/analysis/analyze.ts';
import type { RerankedPassage, RetrievedPassage } from '../domain/knowledge.ts';
import type { HistoryTurn } from '../domain/retrieval/conversation.ts';
import type { FusedPassage } from '../domain/retrieval/fuse.ts';
import { planQuery } from '../domain/retrieval/plan.ts';
import type { QueryPlan } from '../domain/retrieval/plan.ts';
import { rankPassages } from '../domain/retrieval/rank.ts';
import type { Ranking } from '../domain/retrieval/rank.ts';
import { recipe } from '../domain/retrieval/recipe.ts';
import { keysOfRules, type SynonymRule } from '../domain/retrieval/synonyms.ts';
import { frequencyIn, type SearchableSegment } from '../domain/retrieval/score.ts';
import type { SiteWording } from '../domain/thesaurus/site-wording.ts';
import type { ScoreBuffers } from '../domain/retrieval/score-buffers.ts';
import { AppError } from '../errors.ts';
import type { Clock, Database } from '../ports.ts';
import type { EmbedderName } from '../store/index-version.ts';
import { listOtherPassageIds, readFoundPassages } from '../store/passage-index.ts';
import type { FoundPassage, VectorQuery } from '../store/passage-index.ts';
import { readSearchState } from '../store/search-state.ts';
import type { LexicalReader, LexicalView } from './lexical-reader.ts';

/** How often a search starts anew because a merge took a segment away under it. */
const maxAttempts = 4;

export interface LexicalSearch {
  db: Database;
  reader: LexicalReader;
  analyzer: Analyzer;
  wording: SiteWording;
  phrases: Pick<Analyzer, 'analyze'>;
  siteId: string;
  query: string;
  history: readonly HistoryTurn[];
  buffers: ScoreBuffers;
}

/** A question looked up in the index, ready to be ranked. */
export interface OpenedSearch {
  plan: QueryPlan;
  /** How many passages the site has, about. */
  passages: number;
  /** The one whose vectors the site is searched with; null where it has none yet. */
  embedder: EmbedderName | null;
  /** The best `limit` passages; the lists are at hand, so this waits for nothing. */
  rank(limit: number): Ranking;
}

/** @throws AppError `unavailable` where merges kept taking segments away under the search. */
export async function openLexically(search: LexicalSearch): Promise<OpenedSearch> {
  const { db, reader, siteId, query, history, buffers } = search;
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const { segments: heads, synonyms, embedder } = await readSearchState(db, siteId);
    const view = await reader.open(db, siteId, heads);
    const planned = await planOnSite(search, view, synonyms);
    if (planned === null) continue;
    const input = { ...planned, question: query, history, recipe, buffers };
    const { plan } = planned;
    return { plan, passages: view.passages, embedder, rank: (limit) => rankPassages({ ...input, limit }) };
  }
  throw new AppError('unavailable', 'The index is being rebuilt.', { fix: 'Try again in a moment.' });
}

/** Plans a question, anew where the site has other words for it; null where a merge took a segment away meanwhile. */
async function planOnSite(
  { analyzer, wording, phrases, query, history }: LexicalSearch,
  { languages, hasQuestionTitles, load }: LexicalView,
  synonyms: readonly SynonymRule[],
): Promise<{ plan: QueryPlan; segments: SearchableSegment[] } | null> {
  const base = { question: query, history, languages, hasQuestionTitles, synonyms, phrases };
  const plan = planQuery(analyzer, recipe, { ...base, translate: wording.translate });
  const said = [query, ...history.flatMap(({ role, text }) => (role === 'user' ? [text] : []))];
  const words = said.flatMap((text) => wording.find(text, languages));
  const segments = await load([...new Set([...plan.keys, ...words.map(({ own }) => own.key)])]);
  if (segments === null) return null;
  const owners = words.length === 0 ? new Set<number>() : keysOfRules(phrases, synonyms, plan.language);
  const countSaid = frequencyIn(segments);
  const unknown = words.filter(({ own }) => !owners.has(own.key) && countSaid(own.key) === 0);
  if (unknown.length === 0) return { plan, segments };
  const others = await load(unknown.flatMap((word) => word.others.map(({ key }) => key)));
  if (others === null) return null;
  const countOther = frequencyIn(others);
  const translate = wording.using((key) => (owners.has(key) ? 1 : countSaid(key) || countOther(key)));
  const reworded = planQuery(analyzer, recipe, { ...base, translate });
  const more = await load(reworded.keys);
  return more === null ? null : { plan: reworded, segments: more };
}

/** A passage that was found and still exists. */
export interface AlivePassage {
  fused: FusedPassage;
  found: FoundPassage;
  /** Absent where no reranker read it. */
  reranked?: RerankedPassage;
}

/**
 * Reads passages from the best down until `count` are found that still exist: the index may remember passages
 * that were deleted since the last merge.
 */
export async function readAlive(
  db: Database,
  siteId: string,
  fused: readonly FusedPassage[],
  count: number,
  query: VectorQuery | null,
): Promise<AlivePassage[]> {
  const alive: AlivePassage[] = [];
  let from = 0;
  let size = count;
  while (alive.length < count && from < fused.length) {
    const batch = fused.slice(from, from + size);
    const ids = batch.map((passage) => passage.passageId);
    const rows = await readFoundPassages(db, siteId, ids, query);
    const byId = new Map(rows.map((row) => [row.passageId, row]));
    for (const passage of batch) {
      const found = byId.get(passage.passageId);
      if (found !== undefined) alive.push({ fused: passage, found });
    }
    from += size;
    size *= 4;
  }
  return alive.slice(0, count);
}

/** Any other passages of the site behind those that match, where these are fewer than `count`. */
export async function fillUp(
  db: Database,
  siteId: string,
  alive: readonly AlivePassage[],
  count: number,
): Promise<AlivePassage[]> {
  if (alive.length >= count) return [...alive];
  const known = alive.map(({ found }) => found.passageId);
  const ids = await listOtherPassageIds(db, siteId, known, count - alive.length);
  const rows = ids.length === 0 ? [] : await readFoundPassages(db, siteId, ids);
  const unmatched = {
    document: null,
    score: 0,
    lexicalScore: 0,
    bodyScore: 0,
    questionScore: 0,
    cosine: null,
  };
  const others = rows
    .sort((first, second) => first.passageId - second.passageId)
    .map((found) => ({ found, fused: { ...unmatched, passageId: found.passageId } }));
  return [...alive, ...others];
}

export function toRetrieved({ found, fused, reranked }: AlivePassage): RetrievedPassage {
  return {
    ...found,
    score: fused.score,
    lexicalScore: fused.lexicalScore,
    cosine: fused.cosine ?? found.cosine,
    ...(reranked === undefined ? {} : { reranked }),
  };
}

/** Notes how long each step took, in milliseconds. */
export function createWatch(clock: Clock) {
  const timings: Record<string, number> = {};
  let last = clock.now();
  return {
    timings,
    mark(step: string): void {
      const now = clock.now();
      timings[step] = (timings[step] ?? 0) + now - last;
      last = now;
    },
  };
}
