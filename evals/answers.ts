import { signalNames } from '../server/domain/confidence.ts';
import { answerHeader, answerLine, productLogit, reportTask, type AnswerResult } from './answer-report.ts';
import { answerTask, type AnswerRow } from './answer-rows.ts';
import { loadAnswerTasks } from './answer-tasks.ts';
import { thresholdLines } from './answer-threshold.ts';
import { fitAll, leaveOneOut } from './answer-training.ts';

export interface AnswerEvalOptions {
  /** Directory of sets; null: only our own. */
  data: string | null;
  /** Only these sets; empty: all. */
  sets: readonly string[];
  /** Questions per task at most, evenly spread. */
  limit: number;
  /** Also fits new coefficients and shows what each set gets from the others alone. */
  fits: boolean;
}

/**
 * Measures the built-in answerer and its confidence, in memory: spans, citations, AUROC, calibration, handing off.
 * Prints a table and gives the same as rows.
 */
export async function evaluateAnswers(
  options: AnswerEvalOptions,
  print: (line: string) => void,
): Promise<AnswerResult[]> {
  const sets = options.data === null ? ['demo-shop'] : options.sets;
  const rows: AnswerRow[] = [];
  const results: AnswerResult[] = [];
  print(answerHeader);
  for (const task of await loadAnswerTasks(options.data ?? '', sets)) {
    const own = await answerTask(task, options.limit);
    const result = reportTask(own, productLogit);
    print(answerLine(result));
    rows.push(...own);
    results.push(result);
  }
  if (options.fits) printFit(rows, print);
  return results;
}

function printFit(rows: readonly AnswerRow[], print: (line: string) => void): void {
  print('\nFitted without the set that is shown (leave one set out):');
  print(answerHeader);
  const logitOf = leaveOneOut(rows);
  for (const task of new Set(rows.map((row) => row.task))) {
    const own = rows.filter((row) => row.task === task);
    const result = reportTask(own, logitOf);
    if (result.auroc !== null) print(answerLine(result));
  }
  print('');
  for (const line of thresholdLines(rows, logitOf)) print(line);
  const { intercept, weights } = fitAll(rows);
  print('\nProposed for server/domain/confidence-model.ts (fitted on all):');
  print(`  intercept: ${intercept.toFixed(2)}`);
  for (const [index, name] of signalNames.entries()) print(`  ${name}: ${(weights[index] ?? 0).toFixed(2)}`);
}
