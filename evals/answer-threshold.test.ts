import { describe, expect, it } from 'vitest';
import { chooseDefaultThreshold, keepingByThreshold, type TaskScores } from './answer-threshold.ts';

const spread = (count: number, from: number, to: number) =>
  Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1));

/** Answers of the pages at .7 and above; the others reach up to `highest`. */
const task = (name: string, highest: number): TaskScores => ({
  task: name,
  answerable: spread(80, 0.7, 0.99),
  unanswerable: spread(80, 0, highest),
});

describe('the rule of the default threshold', () => {
  it('gives the lowest threshold that keeps three of four tasks', () => {
    const low = chooseDefaultThreshold(
      keepingByThreshold([task('a', 0.3), task('b', 0.3), task('c', 0.3), task('d', 0.95)]),
    );
    const high = chooseDefaultThreshold(
      keepingByThreshold([task('a', 0.3), task('b', 0.3), task('c', 0.8), task('d', 0.8)]),
    );
    expect(low).toBeLessThan(high);
    expect(low).toBeLessThanOrEqual(0.3);
    expect(high).toBeGreaterThanOrEqual(0.4);
    expect(high).toBeLessThanOrEqual(0.6);
  });

  it('is 1 where no threshold keeps it', () => {
    const hopeless = { task: 'a', answerable: spread(50, 0.1, 0.2), unanswerable: spread(50, 0.98, 0.99) };
    expect(chooseDefaultThreshold(keepingByThreshold([hopeless]))).toBe(1);
  });

  it('does not turn on a question or two of a task at the border', () => {
    const border = task('border', 0.8);
    const kept = (tasks: readonly TaskScores[]) =>
      keepingByThreshold(tasks).find(({ threshold }) => threshold === 0.45)?.kept ?? 0;
    const before = kept([border]);
    const after = kept([{ ...border, unanswerable: [...border.unanswerable.slice(1), 0.9] }]);
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(1);
    expect(Math.abs(before - after)).toBeLessThan(0.25);
  });

  it('is the same in every run', () => {
    const tasks = [task('a', 0.8), task('b', 0.7)];
    expect(keepingByThreshold(tasks)).toEqual(keepingByThreshold(tasks));
  });
});
