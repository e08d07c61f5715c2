import { expect, it } from 'vitest';
import { documentMargin, readStandings } from './standings.ts';

/** Documents with one passage each. */
function margin(...scores: [score: number, questionScore: number][]): number {
  const candidates = scores.map(([score, questionScore], at) => ({
    document: String(at),
    score,
    questionScore,
    bodyScore: 1,
  }));
  return documentMargin(readStandings(candidates));
}

it('measures the lead of the first document by its score', () => {
  expect(margin([10, 10], [5, 5])).toBe(0.5);
  expect(margin([10, 10])).toBe(1);
  expect(margin()).toBe(0);
});

it('sees the same lead as more where the history gives much to all documents', () => {
  expect(margin([40, 10], [32, 2])).toBeCloseTo(8 / 20);
  expect(margin([40, 10], [32, 2])).toBeGreaterThan(margin([40, 40], [32, 32]));
});

it('reads a lead that comes from the history alone', () => {
  expect(margin([10, 0], [5, 0])).toBe(0.5);
  expect(margin([40, 1], [0, 0])).toBe(1);
});

it('counts a little how far the field lies behind', () => {
  const field = (score: number): [number, number][] => Array.from({ length: 9 }, () => [score, score]);
  expect(margin([10, 10], [8, 8], ...field(1))).toBeGreaterThan(margin([10, 10], [8, 8], ...field(7)));
  expect(margin([10, 10], [8, 8], ...field(1))).toBeLessThan(margin([10, 10], [1, 1], ...field(1)));
});

it('sees the next document behind many passages of the first', () => {
  const one = { document: 'long', score: 10, bodyScore: 3, questionScore: 10 };
  const other = { document: 'other', score: 8, bodyScore: 6, questionScore: 8 };
  const standings = readStandings([...Array.from({ length: 15 }, () => one), other]);
  expect(standings).toEqual({ documents: [10, 8], bodyScore: 6, questionScore: 10 });
});
