import { describe, expect, it } from 'vitest';
import { calibrationError, calibrationFloor } from './answer-figures.ts';
import { findDrops } from './baselines.ts';
import { mean, rankingFigures, squash } from './metrics.ts';
import { misspell } from './misspell.ts';

describe('ranking figures', () => {
  it('are what the formulas say', () => {
    const figures = rankingFigures(['x', 'a', 'y', 'b', 'z'], ['a', 'b', 'c']);
    expect(figures.recallAt1).toBe(0);
    expect(figures.recallAt5).toBeCloseTo(2 / 3);
    expect(figures.reciprocalRank).toBe(1 / 2);
    const ideal = 1 + 1 / Math.log2(3) + 1 / 2;
    expect(figures.ndcg).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(5)) / ideal);
  });

  it('are full marks for the best order, and none for a miss', () => {
    expect(rankingFigures(['a', 'b'], ['a', 'b'])).toMatchObject({
      recallAt5: 1,
      reciprocalRank: 1,
      ndcg: 1,
    });
    expect(rankingFigures([], ['a'])).toEqual({ recallAt1: 0, recallAt5: 0, reciprocalRank: 0, ndcg: 0 });
    const late = Array.from({ length: 10 }, (_, index) => String(index));
    expect(rankingFigures([...late, 'a'], ['a'])).toMatchObject({ reciprocalRank: 0, ndcg: 0 });
  });
});

describe('the floor of the calibration error', () => {
  const scores = (count: number) => Array.from({ length: count }, (_, index) => (index + 0.5) / count);

  it('falls with the size of the set, and is nothing where all is certain', () => {
    expect(calibrationFloor(scores(100))).toBeGreaterThan(1.5 * calibrationFloor(scores(1000)));
    expect(calibrationFloor([0, 0, 1, 1])).toBe(0);
  });

  it('lies far below the error of scores that promise too much', () => {
    const boastful = scores(500).map((score) => ({ score: (1 + score) / 2, isRight: score > 0.5 }));
    expect(calibrationError(boastful)).toBeGreaterThan(
      3 * calibrationFloor(boastful.map(({ score }) => score)),
    );
  });
});

describe('helpers', () => {
  it('squash to letters and digits', () => {
    expect(squash(' The “Pro” plan: €9.90 ')).toBe('the pro plan 9 90');
    expect(mean([])).toBe(0);
  });

  it('misspell the same question always the same way, short words never', () => {
    const question = 'Which documents should someone bring along tomorrow morning before leaving?';
    expect(misspell(question)).toBe(misspell(question));
    expect(misspell(question)).not.toBe(question);
    expect(misspell('how do i pay')).toBe('how do i pay');
  });
});

describe('baselines', () => {
  const result = {
    task: 'a',
    questions: 1,
    recallAt1: 1,
    recallAt5: 1,
    mrr: 1,
    ndcg: 0.8,
    answerInTop5: null,
    medianMs: 1,
  };

  it('report a fall beyond noise, and nothing else', () => {
    expect(findDrops([result], { a: { ndcg: 0.81, recallAt5: 1 } })).toHaveLength(1);
    expect(findDrops([result], { a: { ndcg: 0.803, recallAt5: 1 } })).toEqual([]);
    expect(findDrops([result], {})).toEqual([]);
  });
});
