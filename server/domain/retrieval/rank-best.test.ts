import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScoreBuffers } from './score-buffers.ts';
import { ask } from '../../testing/small-index.ts';

/** The first words stand in nearly every passage, the last ones hardly anywhere. */
const words = 'parcel the order of refund invoice courier warranty voucher cashmere'.split(' ');
const word = fc.double({ min: 0, max: 1, noNaN: true }).map((at) => words[Math.floor(at ** 3 * 9.99)] ?? '');
const text = fc.array(word, { minLength: 3, maxLength: 12 }).map((said) => said.join(' '));
const page = fc.record({ title: text, texts: fc.array(text, { minLength: 8, maxLength: 30 }) });

const buffers = createScoreBuffers();

describe('ranking the best only', () => {
  it('gives what ranking every passage gives, though words in many passages are counted for few', () => {
    fc.assert(
      fc.property(
        fc.array(page, { minLength: 1, maxLength: 3 }),
        text,
        fc.nat(6),
        (pages, question, more) => {
          const limit = 1 + more;
          const all = ask(pages, question, { limit: 1000, buffers }).candidates;
          const best = ask(pages, question, { limit, buffers }).candidates;
          expect(best).toEqual(ask(pages, question, { limit }).candidates);
          expect(best).toHaveLength(Math.min(limit, all.length));
          for (const [place, candidate] of best.entries()) {
            expect(candidate.score).toBeCloseTo(all[place]?.score ?? 0, 9);
            const same = all.find(({ passageId }) => passageId === candidate.passageId);
            expect(candidate.score).toBeCloseTo(same?.score ?? 0, 9);
            expect(candidate.bodyScore).toBeCloseTo(same?.bodyScore ?? -1, 9);
            expect(candidate.questionScore).toBeCloseTo(same?.questionScore ?? -1, 9);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
