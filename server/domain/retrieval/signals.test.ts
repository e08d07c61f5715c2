import { expect, it } from 'vitest';
import { createAnalyzer } from '../analysis/analyze.ts';
import { readSignals, type SignalPassage } from './signals.ts';

const analyzer = createAnalyzer();

function margin(...scores: [score: number, questionScore: number][]): number {
  const passages = scores.map(([score, questionScore], documentId): SignalPassage => {
    const text = 'Parcels arrive on Monday.';
    return { documentId, language: 'en', contextText: text, text, score, bodyScore: 1, questionScore };
  });
  return readSignals({ analyzer, question: 'When?', history: [], questionTerms: [], passages })
    .documentMargin;
}

it('measures the lead of the first document by its score', () => {
  expect(margin([10, 10], [5, 5])).toBe(0.5);
  expect(margin([10, 10])).toBe(1);
});

it('sees the same lead as more where the history gives much to all documents', () => {
  expect(margin([40, 10], [32, 2])).toBeCloseTo(8 / 20);
  expect(margin([40, 10], [32, 2])).toBeGreaterThan(margin([40, 40], [32, 32]));
});

it('reads a lead that comes from the history alone', () => {
  expect(margin([10, 0], [5, 0])).toBe(0.5);
  expect(margin([40, 1], [0, 0])).toBe(1);
});
