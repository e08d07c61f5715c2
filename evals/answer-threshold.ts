import { sigmoid } from '../server/domain/confidence.ts';
import type { AnswerRow } from './answer-rows.ts';

/** The probabilities that a task's answers were given, by whether its pages answer the question. */
export interface TaskScores {
  task: string;
  answerable: readonly number[];
  unanswerable: readonly number[];
}

/** What a threshold would mean on one task, as if one question in five had no answer on its pages. Shares, 0..1. */
interface ThresholdShares {
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
/** A task at the border changes sides with a handful of questions: so they are drawn anew many times. */
const draws = 200;
/** The rule must hold in more draws than not. */
const surely = 0.5;

function sharesOf({ answerable, unanswerable }: TaskScores, threshold: number): ThresholdShares {
  const passed = (scores: readonly number[]) =>
    scores.filter((score) => score >= threshold).length / scores.length;
  const [right, wrong] = [passed(answerable), passed(unanswerable)];
  const answered = (1 - unanswerableShare) * right + unanswerableShare * wrong;
  return {
    answered,
    wrong: answered === 0 ? 0 : (unanswerableShare * wrong) / answered,
    falseHandoffs: 1 - right,
  };
}

/** Numbers in 0..1 that are the same in every run. */
function createDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const redraw = (scores: readonly number[], dice: () => number): number[] =>
  scores.map(() => scores[Math.floor(dice() * scores.length)] ?? 0);

/** What became of the rule at a threshold, over many draws of the questions; both 0..1. */
export interface Keeping {
  threshold: number;
  /** Mean share of the tasks that keep to it. */
  kept: number;
  /** Share of the draws in which enough tasks do. */
  sure: number;
}

const thresholds = Array.from({ length: Math.round(1 / step) - 1 }, (_, index) =>
  Number(((index + 1) * step).toFixed(2)),
);

/** Each threshold with how surely the tasks keep to the rule there. */
export function keepingByThreshold(tasks: readonly TaskScores[]): Keeping[] {
  const dice = createDice(1);
  const shares = Array.from({ length: draws }, () => {
    const drawn = tasks.map((task) => ({
      ...task,
      answerable: redraw(task.answerable, dice),
      unanswerable: redraw(task.unanswerable, dice),
    }));
    return thresholds.map(
      (threshold) =>
        drawn.filter((task) => sharesOf(task, threshold).wrong <= mostWrong).length /
        Math.max(1, tasks.length),
    );
  });
  return thresholds.map((threshold, index) => {
    const own = shares.map((each) => each[index] ?? 0);
    const enough = own.filter((share) => share >= shareOfTasks).length;
    return { threshold, kept: own.reduce((sum, share) => sum + share, 0) / draws, sure: enough / draws };
  });
}

/** The threshold that the rule gives; 1 where none keeps it. */
export function chooseDefaultThreshold(keeping: readonly Keeping[]): number {
  return keeping.find(({ sure }) => sure > surely)?.threshold ?? 1;
}

/** The tasks that have questions of both kinds. */
function scoresByTask(rows: readonly AnswerRow[], logitOf: (row: AnswerRow) => number): TaskScores[] {
  return [...new Set(rows.map(({ task }) => task))]
    .map((task) => {
      const scores = (isAnswerable: boolean) =>
        rows
          .filter((row) => row.task === task && row.query.isAnswerable === isAnswerable)
          .map((row) => sigmoid(logitOf(row)));
      return { task, answerable: scores(true), unanswerable: scores(false) };
    })
    .filter(({ answerable, unanswerable }) => answerable.length > 0 && unanswerable.length > 0);
}

/** The chosen threshold and what it means on each task, as lines. */
export function thresholdLines(rows: readonly AnswerRow[], logitOf: (row: AnswerRow) => number): string[] {
  const tasks = scoresByTask(rows, logitOf);
  const keeping = keepingByThreshold(tasks);
  const chosen = chooseDefaultThreshold(keeping);
  const near = keeping
    .filter(({ threshold }) => Math.abs(threshold - chosen) < 3.5 * step)
    .map(({ threshold, kept, sure }) => `${threshold.toFixed(2)} ${kept.toFixed(3)} (${sure.toFixed(2)})`);
  const lines = tasks.map((task) => {
    const { answered, wrong, falseHandoffs } = sharesOf(task, chosen);
    const figures = [answered, wrong, falseHandoffs].map((share) => share.toFixed(3).padStart(8));
    return task.task.padEnd(26) + figures.join('');
  });
  const head = 'task'.padEnd(26) + ['answered', 'wrong', 'handed'].map((name) => name.padStart(8)).join('');
  return [
    `Default threshold by the rule of evals/README.md: ${chosen.toFixed(2)}`,
    `Share of tasks that keep to it (share of draws where enough do): ${near.join(', ')}`,
    head,
    ...lines,
  ];
}
