import { expect, it } from 'vitest';
import { findAnswerDrops, readAnswerBaselines } from './answer-baselines.ts';
import { evaluateAnswers } from './answers.ts';

it('answers our own set as well as when the baselines were written', { timeout: 240_000 }, async () => {
  const results = await evaluateAnswers({ data: null, sets: [], limit: 800, fits: false }, () => undefined);
  const baselines = await readAnswerBaselines();
  expect(results.map(({ task }) => task)).toEqual(['demo-shop']);
  expect(baselines['demo-shop']).toBeDefined();
  expect(findAnswerDrops(results, baselines)).toEqual([]);
});

it('tells which figure fell, and leaves noise and unknown tasks alone', () => {
  const result = { task: 'a', span: 0.8, cited: 0.9, auroc: 0.7, eceCalibrated: 0.1 };
  const others = { questions: 1, exactMatch: null, f1: null, words: 1, falseHandoffs: null, precision: null };
  const rest = {
    ...others,
    recallAt1: null,
    recallAt5: null,
    mrr: null,
    ndcg: null,
    recall: null,
    ece: null,
    eceFloor: null,
    riskAtHalf: null,
    searchMs: 0,
    quoteMs: 0,
  };
  const drops = (baseline: { span: number; cited: number; auroc: number; eceCalibrated: number }) =>
    findAnswerDrops([{ ...rest, ...result }], { a: baseline });
  expect(drops({ span: 0.805, cited: 0.9, auroc: 0.7, eceCalibrated: 0.095 })).toEqual([]);
  expect(drops({ span: 0.82, cited: 0.9, auroc: 0.7, eceCalibrated: 0.05 })).toEqual([
    'a: span 0.800, was 0.820',
    'a: eceCalibrated 0.100, was 0.050',
  ]);
  expect(findAnswerDrops([{ ...rest, ...result }], {})).toEqual([]);
});
