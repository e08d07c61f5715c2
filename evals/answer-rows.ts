import { createAnalyzer } from '../server/domain/analysis/analyze.ts';
import { readPenalties } from '../server/domain/confidence-penalties.ts';
import { noPenalties, type ConfidenceInput } from '../server/domain/confidence.ts';
import { hasRelevant } from '../server/domain/escalation.ts';
import { quote } from '../server/domain/quote/quote.ts';
import { createMemorySearch, type MemorySearch } from './answer-search.ts';
import { thin, type AnswerQuery, type AnswerTask } from './answer-tasks.ts';
import { squash } from './metrics.ts';

/** What the built-in answerer made of one question, before the confidence. */
export interface AnswerRow {
  task: string;
  query: AnswerQuery;
  input: ConfidenceInput;
  hasFound: boolean;
  text: string;
  /** Gold span stands in the text; null where the set has no spans. */
  holdsSpan: boolean | null;
  /** A page that answers is among those cited. */
  citesRelevant: boolean;
  /** Milliseconds for search and quotation. */
  searchMs: number;
  quoteMs: number;
}

const passagesWanted = 8;
const passagesRead = 5;

/** Answers every question of a task (`limit` at most, evenly spread) with the built-in answerer, in memory. */
export async function answerTask(task: AnswerTask, limit: number): Promise<AnswerRow[]> {
  const analyzer = createAnalyzer();
  const search = await createMemorySearch(task.corpus, analyzer);
  return thin(task.queries, limit).map((query) => answerOne(analyzer, search, task, query));
}

function answerOne(
  analyzer: ReturnType<typeof createAnalyzer>,
  search: MemorySearch,
  task: AnswerTask,
  query: AnswerQuery,
): AnswerRow {
  const startedAt = performance.now();
  const retrieval = search(query.question, query.history, passagesWanted);
  const searchedAt = performance.now();
  const passages = retrieval.passages.filter(({ score }) => score > 0).slice(0, passagesRead);
  const found = quote(analyzer, retrieval.standaloneQuery, query.language, passages);
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
        ...readPenalties(
          query.question,
          found?.parts[0]?.text ?? '',
          passages.map((passage) => passage.text),
        ),
      },
      verdict: null,
    },
    hasFound: hasRelevant(retrieval),
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
