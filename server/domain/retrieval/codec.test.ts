import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyBits } from '../analysis/term-key.ts';
import { blockOf, chooseBlockBits, isHeavy, ownRowKey, packBlocks } from './blocks.ts';
import { createByteReader, createByteWriter } from './bytes.ts';
import { createLowestHeap } from './lowest-heap.ts';
import { decodeBlock, decodePostings, encodeBlock, encodePostings, findEncoded } from './postings.ts';
import { decodeSegmentInfo, encodePassageIds, encodeSegmentInfo } from './segment.ts';

const postingList = fc
  .uniqueArray(fc.tuple(fc.nat(5_000_000), fc.integer({ min: 1, max: 0xffff })), {
    selector: ([ordinal]) => ordinal,
    maxLength: 60,
  })
  .map((postings) => {
    const sorted = postings.toSorted(([first], [second]) => first - second);
    return {
      ordinals: Uint32Array.from(sorted, ([ordinal]) => ordinal),
      frequencies: Uint16Array.from(sorted, ([, frequency]) => frequency),
    };
  });
const key = fc.nat(2 ** keyBits - 1);
const blockLists = fc
  .uniqueArray(fc.tuple(key, postingList), { selector: ([each]) => each, maxLength: 20 })
  .map((entries) =>
    entries
      .toSorted(([first], [second]) => first - second)
      .map(([each, list]) => ({ key: each, list, bytes: encodePostings(list) })),
  );

describe('bytes', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.maxSafeNat(), fc.nat(300))), fc.array(key), (numbers, keys) => {
        const writer = createByteWriter(1);
        for (const number of numbers) writer.varint(number);
        for (const each of keys) writer.key(each);
        const reader = createByteReader(writer.finish());
        expect(numbers.map(() => reader.varint())).toEqual(numbers);
        expect(keys.map(() => reader.key())).toEqual(keys);
        expect(reader.position).toBe(reader.end);
        expect(() => reader.varint()).toThrow(RangeError);
      }),
    );
  });
});

describe('posting lists', () => {
  it('come back as they were encoded', () => {
    fc.assert(
      fc.property(postingList, (list) => {
        expect(decodePostings(encodePostings(list))).toEqual(list);
      }),
    );
  });

  it('refuse bytes that end too early', () => {
    const bytes = encodePostings({ ordinals: [1, 200, 70_000], frequencies: [1, 5, 1] });
    for (let end = 0; end < bytes.length; end += 1) {
      expect(() => decodePostings(bytes.slice(0, end))).toThrow(RangeError);
    }
  });

  it('are found in a block by their key, and no others', () => {
    fc.assert(
      fc.property(blockLists, key, (lists, other) => {
        const block = decodeBlock(encodeBlock(lists));
        for (const { key: each, list } of lists) {
          const range = findEncoded(block, each)!;
          expect(decodePostings(block.bytes, range.start, range.end)).toEqual(list);
        }
        if (!lists.some((list) => list.key === other)) expect(findEncoded(block, other)).toBeNull();
      }),
    );
  });

  it('packed into blocks, are each in the block of their key', () => {
    fc.assert(
      fc.property(blockLists, fc.integer({ min: 1, max: 6 }), (lists, bits) => {
        const packed = packBlocks(lists, bits, 0, 2 ** bits);
        const blocks = new Map(packed.map((block) => [block.key, block.data]));
        expect([...blocks.keys()].filter((each) => each >= 0)).toHaveLength(2 ** bits);
        for (const { key: each, list } of lists) {
          const block = decodeBlock(blocks.get(blockOf(each, bits))!);
          const range = findEncoded(block, each)!;
          const found = isHeavy(range)
            ? decodePostings(blocks.get(ownRowKey(each))!)
            : decodePostings(block.bytes, range.start, range.end);
          expect(found).toEqual(list);
        }
      }),
    );
  });

  it('that are long get a row of their own', () => {
    const ordinals = Array.from({ length: 2000 }, (_, index) => index * 3);
    const bytes = encodePostings({ ordinals, frequencies: ordinals.map(() => 1) });
    const packed = packBlocks([{ key: 5, bytes }], 1, 0, 2);
    expect(packed.map((block) => block.key).toSorted((first, second) => first - second)).toEqual([-6, 0, 1]);
    expect(packed.find((block) => block.key === 0)?.data.length).toBeLessThan(20);
  });
});

describe('block sizes', () => {
  it('grow with the segment, within bounds', () => {
    expect([0, 6000, 60_000, 6_000_000].map(chooseBlockBits)).toEqual([1, 1, 4, 10]);
    expect(chooseBlockBits(1e15)).toBe(20);
  });
});

describe('segment infos', () => {
  it('come back as they were encoded', () => {
    const document = fc.record({
      language: fc.constantFrom(null, 'en', 'zh', 'pt-br'),
      titleLength: fc.nat(50),
      titleGramLength: fc.nat(300),
      hasQuestionTitle: fc.boolean(),
      passageCount: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(
        fc.array(document, { maxLength: 6 }),
        fc.infiniteStream(fc.nat(1_000_000)),
        (documents, numbers) => {
          const documentOf = documents.flatMap((each, index) => Array<number>(each.passageCount).fill(index));
          const column = () => Uint32Array.from(documentOf, () => numbers.next().value ?? 0);
          const info = {
            documentOf: Uint32Array.from(documentOf),
            lengths: { body: column(), pair: column(), gram: column() },
            documents,
          };
          const passageIds = Float64Array.from(documentOf, () => numbers.next().value ?? 0);
          const decoded = decodeSegmentInfo(encodeSegmentInfo(info), encodePassageIds(passageIds));
          expect(decoded).toEqual({ ...info, passageIds });
        },
      ),
    );
  });
});

describe('the lowest heap', () => {
  it('knows the n-th highest positive number', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000)), fc.integer({ min: 1, max: 20 }), (numbers, size) => {
        const heap = createLowestHeap(size);
        for (const number of numbers) heap.offer(number);
        const kept = numbers
          .filter((number) => number > 0)
          .toSorted((first, second) => second - first)
          .slice(0, size);
        expect(heap.lowest()).toBe(kept.length < size ? 0 : kept.at(-1));
      }),
    );
  });
});
