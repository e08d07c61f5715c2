import { createAnalyzer, type Analyzer } from '../server/domain/analysis/analyze.ts';
import { readPenalties } from '../server/domain/confidence-penalties.ts';
import { noPenalties, type ConfidenceInput } from '../server/domain/confidence.ts';
import { hasRelevant } from '../server/domain/escalation.ts';
import type { RetrievedPassage } from '../server/domain/knowledge.ts';
import { readAbsence } from '../server/domain/quote/absent.ts';
import { quote } from '../server/domain/quote/quote.ts';
import type { ChatModel, Embedder } from '../server/ports.ts';
import { answerByModel } from './answer-model.ts';
import { createMemorySearch, type MemorySearch } from './answer-search.ts';
import { thin, type AnswerQuery, type AnswerTask } from './answer-tasks.ts';
import { squash } from './metrics.ts';

/** What the built-in answerer made of one question, before the confidence. */
export interface AnswerRow {
  task: string;
  query: AnswerQuery;
  input: ConfidenceInput;
  hasFound: boolean;
  /** What an answerer gets to read. */
  passages: readonly RetrievedPassage[];
  standaloneQuestion: string;
  text: string;
  /** Gold span stands in the text; null where the set has no spans. */
  holdsSpan: boolean | null;
  /** A page that answers is among those cited. */
  citesRelevant: boolean;
  /** Ids of the documents found, best first, ten at most. */
  ranked: readonly string[];
  /** Milliseconds for search and quotation. */
  searchMs: number;
  quoteMs: number;
}

/** Passages asked for, so that ten documents come together, and those of them that the answerer gets. */
const passagesRanked = 60;
const passagesWanted = 8;
const passagesRead = 5;
const documentsRanked = 10;

/** What answers besides the built-in parts; without it they answer alone. */
export interface Outside {
  embedder?: Embedder | null;
  chatModel?: ChatModel | null;
}

/** Answers every question of a task (`limit` at most, evenly spread), in memory. */
export async function answerTask(
  task: AnswerTask,
  limit: number,
  { embedder = null, chatModel = null }: Outside = {},
): Promise<AnswerRow[]> {
  const analyzer = createAnalyzer();
  const search = await createMemorySearch(task.corpus, analyzer, embedder);
  const rows: AnswerRow[] = [];
  for (const query of thin(task.queries, limit)) {
    const row = await answerOne(analyzer, search, task, query);
    rows.push(chatModel === null ? row : await answerByModel(analyzer, chatModel, row));
  }
  return rows;
}

async function answerOne(
  analyzer: Analyzer,
  search: MemorySearch,
  task: AnswerTask,
  query: AnswerQuery,
): Promise<AnswerRow> {
  const startedAt = performance.now();
  const retrieval = await search(query.question, query.history, passagesRanked);
  const searchedAt = performance.now();
  const wanted = retrieval.passages.slice(0, passagesWanted).filter(({ score }) => score > 0);
  const passages = wanted.slice(0, passagesRead);
  const asked = {
    put: query.question,
    own: retrieval.siteWording ?? query.question,
    standalone: retrieval.standaloneQuery,
    language: retrieval.siteWording === undefined ? query.language : 'en',
  };
  const found = quote(analyzer, asked, passages);
  const quoteMs = performance.now() - searchedAt;
  const text = found?.parts.map((part) => part.text).join(' ') ?? '';
  const cited = new Set(found?.parts.map(({ passageIndex }) => passages[passageIndex]?.externalId));
  const squashed = squash(text);
  return {
    task: task.name,
    query,
    input: {
      signals: { ...retrieval.signals, support: found?.support ?? 0 },
      penalties: {
        ...noPenalties,
        lacksKind: found?.lacksKind ?? false,
        absent: readAbsence(analyzer, asked, passages),
        ...readPenalties(
          query.question,
          found?.parts[0]?.text ?? '',
          passages.map((passage) => passage.text),
        ),
      },
      verdict: null,
      language: passages[0]?.language ?? null,
    },
    hasFound: hasRelevant(retrieval),
    passages: wanted,
    standaloneQuestion: retrieval.standaloneQuery,
    ranked: [...new Set(retrieval.passages.map(({ externalId }) => externalId))].slice(0, documentsRanked),
    text,
    holdsSpan:
      task.hasSpans && query.isAnswerable
        ? query.answers.some((answer) => squashed.includes(squash(answer)))
        : null,
    citesRelevant: query.relevant.some((id) => cited.has(id)),
    searchMs: searchedAt - startedAt,
    quoteMs,
  };
}
