import { sigmoid } from '../server/domain/confidence.ts';
import type { AnswerRow } from './answer-rows.ts';

/** What a threshold would mean on one task, as if one question in five had no answer on its pages. Shares, 0..1. */
interface ThresholdShares {
  task: string;
  answered: number;
  /** Of the answers, those to questions that the pages do not answer. */
  wrong: number;
  /** Of the questions that the pages answer, those that go to a person. */
  falseHandoffs: number;
}

const unanswerableShare = 0.2;
/** The rule: the lowest threshold at which three of four tasks give at most ten wrong answers in a hundred. */
const mostWrong = 0.1;
const shareOfTasks = 0.75;
const step = 0.05;

/** The shares of each task that has questions of both kinds. */
function thresholdShares(
  rows: readonly AnswerRow[],
  logitOf: (row: AnswerRow) => number,
  threshold: number,
): ThresholdShares[] {
  return [...new Set(rows.map(({ task }) => task))].flatMap((task) => {
    const passed = (isAnswerable: boolean) => {
      const own = rows.filter((row) => row.task === task && row.query.isAnswerable === isAnswerable);
      return own.filter((row) => sigmoid(logitOf(row)) >= threshold).length / own.length;
    };
    const [right, wrong] = [passed(true), passed(false)];
    if (Number.isNaN(right) || Number.isNaN(wrong)) return [];
    const answered = (1 - unanswerableShare) * right + unanswerableShare * wrong;
    return [
      {
        task,
        answered,
        wrong: answered === 0 ? 0 : (unanswerableShare * wrong) / answered,
        falseHandoffs: 1 - right,
      },
    ];
  });
}

/** The threshold that the rule gives; 1 where none keeps it. */
function chooseDefaultThreshold(rows: readonly AnswerRow[], logitOf: (row: AnswerRow) => number): number {
  for (let count = 1; count * step < 1; count += 1) {
    const threshold = Number((count * step).toFixed(2));
    const shares = thresholdShares(rows, logitOf, threshold);
    const kept = shares.filter(({ wrong }) => wrong <= mostWrong).length;
    if (kept >= shareOfTasks * shares.length) return threshold;
  }
  return 1;
}

/** The chosen threshold and what it means on each task, as lines. */
export function thresholdLines(rows: readonly AnswerRow[], logitOf: (row: AnswerRow) => number): string[] {
  const threshold = chooseDefaultThreshold(rows, logitOf);
  const lines = thresholdShares(rows, logitOf, threshold).map(
    ({ task, answered, wrong, falseHandoffs }) =>
      task.padEnd(26) +
      [answered, wrong, falseHandoffs].map((share) => share.toFixed(3).padStart(8)).join(''),
  );
  const head = 'task'.padEnd(26) + ['answered', 'wrong', 'handed'].map((name) => name.padStart(8)).join('');
  return [`Default threshold by the rule of evals/README.md: ${threshold.toFixed(2)}`, head, ...lines];
}
