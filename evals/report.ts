import { mean } from './metrics.ts';
import type { RetrievalResult } from './retrieval.ts';

const header = ['task', 'n', 'R@1', 'R@5', 'MRR', 'nDCG', 'ans5', 'ms'];

function percent(value: number | null): string {
  return value === null ? '' : (value * 100).toFixed(1);
}

function cells(result: RetrievalResult): string[] {
  return [
    result.task,
    String(result.questions),
    ...[result.recallAt1, result.recallAt5, result.mrr, result.ndcg, result.answerInTop5].map(percent),
    result.medianMs.toFixed(1),
  ];
}

function line(columns: readonly string[]): string {
  return columns.map((cell, index) => (index === 0 ? cell.padEnd(32) : cell.padStart(7))).join('');
}

/** One line of the table, for progress. */
export function resultLine(result: RetrievalResult): string {
  return line(cells(result));
}

export const tableHeader = line(header);

/** Groups of tasks whose mean is what we steer by. */
const groups: Readonly<Record<string, RegExp>> = {
  'mean, first questions':
    /^(doc2dial\/first|va-site\/first|covid-faq|covidqa|squad2|clapnq|scifact|union\/)/u,
  'mean, xquad': /^xquad\//u,
  'mean, xquad to English': /^xquad-to-en\//u,
  'mean, misspelt': /^misspelt:/u,
  'mean, after another topic': /^other-topic:/u,
};

/** Means over groups of tasks that are in the results. */
export function groupLines(results: readonly RetrievalResult[]): string[] {
  return Object.entries(groups).flatMap(([name, pattern]) => {
    const own = results.filter((result) => pattern.test(result.task));
    if (own.length === 0) return [];
    const of = (pick: (result: RetrievalResult) => number) => percent(mean(own.map(pick)));
    return [
      line([
        name,
        String(own.length),
        of((result) => result.recallAt1),
        of((result) => result.recallAt5),
        of((result) => result.mrr),
        of((result) => result.ndcg),
      ]),
    ];
  });
}
