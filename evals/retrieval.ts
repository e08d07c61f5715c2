import { mean, rankingFigures, squash } from './metrics.ts';
import type { SearcherFactory } from './searchers.ts';
import type { RetrievalTask } from './tasks.ts';

/** What one retrieval task came to; shares of 1. */
export interface RetrievalResult {
  task: string;
  questions: number;
  recallAt1: number;
  recallAt5: number;
  mrr: number;
  ndcg: number;
  /** Share of questions whose answer stands in one of the top five passages; null without spans. */
  answerInTop5: number | null;
  /** Median time of a search. */
  medianMs: number;
}

/** Passages asked for, so that ten documents come together. */
const depth = 60;

function median(values: readonly number[]): number {
  return values.toSorted((first, second) => first - second)[Math.floor(values.length / 2)] ?? 0;
}

/** Asks every question of a task; a document's place is that of its best passage. */
export async function evaluateRetrieval(
  task: RetrievalTask,
  searchers: SearcherFactory,
): Promise<RetrievalResult> {
  const search = await searchers(task.corpus);
  const figures = [];
  const answered: number[] = [];
  const times: number[] = [];
  for (const query of task.queries) {
    const start = performance.now();
    const hits = await search(query.question, query.history, depth);
    times.push(performance.now() - start);
    const documents = [...new Set(hits.map((hit) => hit.documentId))];
    figures.push(rankingFigures(documents, query.relevant));
    if (!task.hasSpans || query.answers.length === 0) continue;
    const texts = hits.slice(0, 5).map((hit) => squash(hit.text));
    const answers = query.answers.map(squash);
    answered.push(texts.some((text) => answers.some((answer) => text.includes(answer))) ? 1 : 0);
  }
  return {
    task: task.name,
    questions: task.queries.length,
    recallAt1: mean(figures.map((each) => each.recallAt1)),
    recallAt5: mean(figures.map((each) => each.recallAt5)),
    mrr: mean(figures.map((each) => each.reciprocalRank)),
    ndcg: mean(figures.map((each) => each.ndcg)),
    answerInTop5: answered.length === 0 ? null : mean(answered),
    medianMs: median(times),
  };
}
