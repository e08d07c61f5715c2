import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPostingsBuilder } from './postings-builder.ts';
import {
  decodeBlock,
  decodePostings,
  encodeBlock,
  encodePostings,
  findEncoded,
  maxFrequency,
} from './postings.ts';

/** Few different keys, so that they come again; some share all bits that the table looks at. */
const anyKey = fc.oneof(
  fc.integer({ min: 0, max: 20 }),
  fc.integer({ min: 0, max: 20 }).map((low) => 0x10000 * 77 + low),
  fc.integer({ min: 0, max: 2 ** 48 - 1 }),
);
const anyAdditions = fc.array(fc.record({ key: anyKey, ordinal: fc.integer({ min: 0, max: 9 }) }), {
  maxLength: 200,
});

describe('a postings builder', () => {
  it('gives the block of the lists that were counted', () => {
    const property = fc.property(anyAdditions, (unsorted) => {
      const additions = unsorted.toSorted((left, right) => left.ordinal - right.ordinal);
      const builder = createPostingsBuilder();
      const counted = new Map<number, Map<number, number>>();
      for (const { key, ordinal } of additions) {
        builder.add(key, ordinal);
        const list = counted.get(key) ?? new Map<number, number>();
        counted.set(key, list.set(ordinal, (list.get(ordinal) ?? 0) + 1));
      }
      const lists = [...counted.entries()]
        .toSorted(([left], [right]) => left - right)
        .map(([key, list]) => ({
          key,
          bytes: encodePostings({ ordinals: [...list.keys()], frequencies: [...list.values()] }),
        }));
      expect(builder.encode()).toEqual(encodeBlock(lists));
    });
    fc.assert(property);
  });

  it('holds more keys and postings than it began with room for', () => {
    const builder = createPostingsBuilder();
    for (let ordinal = 0; ordinal < 2; ordinal += 1) {
      for (let key = 0; key < 10_000; key += 1) builder.add(key * 3, ordinal);
    }
    const block = decodeBlock(builder.encode());
    expect(block.keys).toHaveLength(10_000);
    const range = findEncoded(block, 9_999 * 3);
    expect(range === null ? null : [...decodePostings(block.bytes, range.start, range.end).ordinals]).toEqual(
      [0, 1],
    );
  });

  it('counts no further than a list can say', () => {
    const builder = createPostingsBuilder();
    for (let count = 0; count < maxFrequency + 10; count += 1) builder.add(5, 0);
    const block = decodeBlock(builder.encode());
    const list = decodePostings(block.bytes, block.starts[0], block.starts[1]);
    expect([...list.frequencies]).toEqual([maxFrequency]);
  });
});
