import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPostingsJoiner } from './postings-joiner.ts';
import { encodePostings } from './postings.ts';

const size = 40;
const anyList = fc
  .uniqueArray(fc.integer({ min: 0, max: size - 1 }), { minLength: 1, maxLength: size })
  .map((ordinals) => ordinals.toSorted((left, right) => left - right));
/** Frequencies from one to beyond what two bytes of a varint hold. */
const anyFrequency = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 0xffff }));
const anySegment = fc
  .record({ ordinals: anyList, isAlive: fc.array(fc.boolean(), { minLength: size, maxLength: size }) })
  .chain((segment) =>
    fc
      .array(anyFrequency, { minLength: segment.ordinals.length, maxLength: segment.ordinals.length })
      .map((frequencies) => ({ ...segment, frequencies })),
  );

describe('a joiner of posting lists', () => {
  it('gives the list of the living, as if it had been encoded anew', () => {
    const joiner = createPostingsJoiner();
    const property = fc.property(fc.array(anySegment, { minLength: 1, maxLength: 4 }), (segments) => {
      const expected: { ordinals: number[]; frequencies: number[] } = { ordinals: [], frequencies: [] };
      let next = 0;
      for (const { ordinals, frequencies, isAlive } of segments) {
        const map = Int32Array.from(isAlive, (alive) => (alive ? next++ : -1));
        const bytes = encodePostings({ ordinals, frequencies });
        joiner.append({ bytes, start: 0, end: bytes.length }, map);
        for (const [place, ordinal] of ordinals.entries()) {
          const mapped = map[ordinal] ?? -1;
          if (mapped < 0) continue;
          expected.ordinals.push(mapped);
          expected.frequencies.push(frequencies[place] ?? 1);
        }
      }
      expect(joiner.finish()).toEqual(expected.ordinals.length === 0 ? null : encodePostings(expected));
    });
    fc.assert(property);
  });

  it('refuses a list that ends too early', () => {
    const joiner = createPostingsJoiner();
    expect(() =>
      joiner.append({ bytes: Uint8Array.from([2, 0]), start: 0, end: 2 }, new Int32Array(4)),
    ).toThrow(RangeError);
  });
});
