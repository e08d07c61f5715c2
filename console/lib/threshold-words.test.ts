import { describe, expect, it } from 'vitest';
import { describeJudgements, describePoint, pointAt } from './threshold-words.ts';

const point = (threshold: number, automated: number, wrong: number, judged = 30) => ({
  threshold,
  automated,
  wrong,
  wrongLow: wrong / 2,
  wrongHigh: wrong * 2,
  judged,
});
const curve = { points: [point(0, 1, 0.2), point(0.5, 0.7, 0.1), point(1, 0, 0)], recentCount: 40 };

describe('a threshold in words', () => {
  it('takes the nearest point', () => {
    expect(pointAt(curve, 0.6)?.threshold).toBe(0.5);
    expect(pointAt({ points: [], recentCount: 0 }, 0.6)).toBeNull();
  });

  it('says how much is answered, how much of it is wrong, and how sure that is', () => {
    expect(describePoint(curve, 0.5)).toBe(
      'Of 100 recent questions the AI would answer 70. About 10 in 100 of those answers would be wrong (likely 5 to 20). It rests on 30 judged answers.',
    );
    expect(describePoint(curve, 1)).toBe('Of 100 recent questions the AI would answer 0.');
    expect(describePoint({ ...curve, points: [point(0, 1, 0.2, 0)] }, 0)).toContain('cautious guess');
  });

  it('says how many judgements are lacking', () => {
    const judged = (count: number) => describeJudgements({ ...curve, points: [point(0, 1, 0.2, count)] });
    expect(judged(1)).toContain('1 answer judged, 19 more and');
    expect(judged(20)).toContain('follows your site. 30 more');
    expect(judged(50)).toBe('50 answers judged: the confidence follows your site.');
    expect(describeJudgements({ points: [], recentCount: 0 })).toContain('20 more');
  });

  it('says nothing about a handful of questions', () => {
    expect(describePoint({ ...curve, recentCount: 9 }, 0.5)).toBeNull();
  });
});
