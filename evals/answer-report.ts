import { sigmoid, assessConfidence } from '../server/domain/confidence.ts';
import { calibratedScore, fitCalibration, noCalibration } from '../server/domain/confidence-calibration.ts';
import {
  auroc,
  calibrationError,
  calibrationFloor,
  falseHandoffsAt,
  handoffFigures,
  riskAt,
  wordF1,
  type Judged,
} from './answer-figures.ts';
import type { AnswerRow } from './answer-rows.ts';
import { mean, rankingFigures, squash, type RankingFigures } from './metrics.ts';

/** Figures of one answering task; null where the set cannot tell. Shares are 0..1. */
export interface AnswerResult {
  task: string;
  questions: number;
  /** Over documents, of the questions that a page answers. */
  recallAt1: number | null;
  recallAt5: number | null;
  mrr: number | null;
  ndcg: number | null;
  /** Gold span stands in the answer, of the answerable questions. */
  span: number | null;
  exactMatch: number | null;
  f1: number | null;
  /** A page that answers is cited, of the answerable questions. */
  cited: number;
  words: number;
  auroc: number | null;
  /** Answerable questions handed off when 80 of 100 unanswerable ones are. */
  falseHandoffs: number | null;
  precision: number | null;
  recall: number | null;
  ece: number | null;
  /** After 50 judgements of the set itself, on the rest of it. */
  eceCalibrated: number | null;
  /** What a perfect probability would show there, by chance alone. */
  eceFloor: number | null;
  riskAtHalf: number | null;
  searchMs: number;
  quoteMs: number;
}

/** The default of the site setting. */
const threshold = 0.5;
const judgementCount = 50;
const calibrationRounds = 30;

/** Log odds of a row by the product's own coefficients. */
export const productLogit = (row: AnswerRow): number => assessConfidence(row.input).logit;

/** Whether handing the question off would be a mistake. */
export const isAnswerable = (row: AnswerRow): boolean => row.query.isAnswerable;

/** All figures of one task, with the confidence that `logitOf` gives. */
export function reportTask(
  rows: readonly AnswerRow[],
  logitOf: (row: AnswerRow) => number = productLogit,
): AnswerResult {
  const answerable = rows.filter(isAnswerable);
  const spans = answerable.filter(({ holdsSpan }) => holdsSpan !== null);
  const judged: Judged[] = rows.map((row) => ({ score: sigmoid(logitOf(row)), isRight: isAnswerable(row) }));
  const isMixed = answerable.length > 0 && answerable.length < rows.length;
  const mixed = (figure: () => number) => (isMixed ? figure() : null);
  const withSpans = (figure: (row: AnswerRow) => number) =>
    spans.length === 0 ? null : mean(spans.map(figure));
  const calibrated = isMixed ? calibratedError(rows, logitOf) : null;
  const { precision, recall } = handoffFigures(judged, threshold);
  const rankings = rows
    .filter(({ query }) => query.relevant.length > 0)
    .map((row) => rankingFigures(row.ranked, row.query.relevant));
  const ranked = (figure: keyof RankingFigures) =>
    rankings.length === 0 ? null : mean(rankings.map((each) => each[figure]));
  return {
    task: rows[0]?.task ?? '',
    questions: rows.length,
    recallAt1: ranked('recallAt1'),
    recallAt5: ranked('recallAt5'),
    mrr: ranked('reciprocalRank'),
    ndcg: ranked('ndcg'),
    span: withSpans(({ holdsSpan }) => Number(holdsSpan)),
    exactMatch: withSpans((row) =>
      Number(row.query.answers.some((gold) => squash(gold) === squash(row.text))),
    ),
    f1: withSpans((row) =>
      Math.max(...row.query.answers.map((gold) => wordF1(squash(row.text), squash(gold)))),
    ),
    cited: mean(answerable.map(({ citesRelevant }) => Number(citesRelevant))),
    words: mean(rows.map(({ text }) => text.split(/\s+/u).length)),
    auroc: mixed(() => auroc(judged)),
    falseHandoffs: mixed(() => falseHandoffsAt(judged, 0.8)),
    precision: mixed(() => precision),
    recall: mixed(() => recall),
    ece: mixed(() => calibrationError(judged)),
    eceCalibrated: calibrated?.error ?? null,
    eceFloor: calibrated?.floor ?? null,
    riskAtHalf: mixed(() => riskAt(judged, 0.5)),
    searchMs: mean(rows.map(({ searchMs }) => searchMs)),
    quoteMs: mean(rows.map(({ quoteMs }) => quoteMs)),
  };
}

/** Calibration error on what is left after `judgementCount` judged rows, and its floor; means over rotations. */
function calibratedError(
  rows: readonly AnswerRow[],
  logitOf: (row: AnswerRow) => number,
): { error: number; floor: number } {
  const judgements = rows.map((row) => ({ logit: logitOf(row), isRight: isAnswerable(row) }));
  const shuffled = judgements
    .map((judgement, index) => ({ judgement, place: (index * 7919) % 10_007 }))
    .sort((a, b) => a.place - b.place)
    .map(({ judgement }) => judgement);
  const rounds = Array.from({ length: calibrationRounds }, (_, round) => {
    const from = Math.floor((round * shuffled.length) / calibrationRounds);
    const turned = [...shuffled.slice(from), ...shuffled.slice(0, from)];
    const known = turned.slice(0, judgementCount);
    const calibration = rows.length > 2 * judgementCount ? fitCalibration(known) : noCalibration;
    const rest = turned.slice(judgementCount);
    const judged = rest.map(({ logit, isRight }) => ({
      score: calibratedScore(logit, calibration),
      isRight,
    }));
    return { error: calibrationError(judged), floor: calibrationFloor(judged.map(({ score }) => score)) };
  });
  return { error: mean(rounds.map(({ error }) => error)), floor: mean(rounds.map(({ floor }) => floor)) };
}

const columns: readonly [string, (result: AnswerResult) => number | null, digits: number][] = [
  ['n', ({ questions }) => questions, 0],
  ['R@1', ({ recallAt1 }) => recallAt1, 3],
  ['R@5', ({ recallAt5 }) => recallAt5, 3],
  ['MRR', ({ mrr }) => mrr, 3],
  ['nDCG', ({ ndcg }) => ndcg, 3],
  ['span', ({ span }) => span, 3],
  ['EM', ({ exactMatch }) => exactMatch, 3],
  ['F1', ({ f1 }) => f1, 3],
  ['cited', ({ cited }) => cited, 3],
  ['words', ({ words }) => words, 0],
  ['AUROC', (result) => result.auroc, 3],
  ['FH@.8', ({ falseHandoffs }) => falseHandoffs, 3],
  ['prec', ({ precision }) => precision, 3],
  ['rec', ({ recall }) => recall, 3],
  ['ECE', ({ ece }) => ece, 3],
  ['ECE50', ({ eceCalibrated }) => eceCalibrated, 3],
  ['floor', ({ eceFloor }) => eceFloor, 3],
  ['risk50', ({ riskAtHalf }) => riskAtHalf, 3],
  ['find ms', ({ searchMs }) => searchMs, 1],
  ['quote ms', ({ quoteMs }) => quoteMs, 1],
];

const width = 8;

export const answerHeader = 'task'.padEnd(26) + columns.map(([name]) => name.padStart(width)).join('');

export function answerLine(result: AnswerResult): string {
  const cells = columns.map(([, pick, digits]) => {
    const value = pick(result);
    return (value === null || Number.isNaN(value) ? '' : value.toFixed(digits)).padStart(width);
  });
  return result.task.padEnd(26) + cells.join('');
}
