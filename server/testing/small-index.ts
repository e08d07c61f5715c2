import { createAnalyzer } from '../domain/analysis/analyze.ts';
import type { HistoryTurn } from '../domain/retrieval/conversation.ts';
import { indexDocument } from '../domain/retrieval/index-document.ts';
import { countFigures } from '../domain/retrieval/figures.ts';
import { planQuery } from '../domain/retrieval/plan.ts';
import { decodeBlock, findEncoded } from '../domain/retrieval/postings.ts';
import { rankPassages } from '../domain/retrieval/rank.ts';
import { recipe, type Recipe } from '../domain/retrieval/recipe.ts';
import { sizeFor } from '../domain/retrieval/score.ts';
import type { SearchableSegment } from '../domain/retrieval/score.ts';
import { keptList } from '../domain/retrieval/term-list.ts';
import type { ScoreBuffers } from '../domain/retrieval/score-buffers.ts';
import type { SynonymRule } from '../domain/retrieval/synonyms.ts';

const analyzer = createAnalyzer();

/** A page of a small index; passages are numbered from 1 over all pages. */
export interface Page {
  title?: string;
  language?: string | null;
  aliases?: string[];
  texts: string[];
}

/** One segment per page; passage ids count up from 1. */
export function segmentsOf(pages: readonly Page[]): SearchableSegment[] {
  let next = 1;
  return pages.map(({ title = '', language = 'en', aliases = [], texts }) => {
    const passages = texts.map((text) => ({ text, headingPath: [] }));
    const { info, block } = indexDocument(analyzer, { title, language, aliases, passages });
    const decoded = decodeBlock(block);
    const stored = { ...info, passageIds: Float64Array.from(texts, () => next++) };
    return {
      info: stored,
      figures: countFigures(stored),
      postings(key) {
        const range = findEncoded(decoded, key);
        return range === null ? null : keptList(decoded.bytes, range.start, range.end, sizeFor(stored, key));
      },
    };
  });
}

export interface AskOptions {
  history?: HistoryTurn[];
  languages?: (string | null)[];
  recipe?: Recipe;
  synonyms?: readonly SynonymRule[];
  limit?: number;
  buffers?: ScoreBuffers;
}

/** Ranks the pages' passages for a question, without a database. */
export function ask(pages: readonly Page[], question: string, options: AskOptions = {}) {
  const { history = [], languages = ['en'], limit = 10 } = options;
  const own = options.recipe ?? recipe;
  const plan = planQuery(analyzer, own, { question, history, languages, synonyms: options.synonyms ?? [] });
  const { buffers } = options;
  const input = { plan, question, history, segments: segmentsOf(pages), recipe: own, limit };
  return rankPassages(buffers === undefined ? input : { ...input, buffers });
}

/** The passage ids that `ask` finds, best first. */
export const order = (pages: readonly Page[], question: string, options: AskOptions = {}) =>
  ask(pages, question, options).candidates.map((candidate) => candidate.passageId);
