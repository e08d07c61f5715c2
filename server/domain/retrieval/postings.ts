import { createByteReader, createByteWriter } from './bytes.ts';
import type { ByteWriter } from './bytes.ts';

/** Where a term occurs: ordinals (of passages or documents within one segment), ascending, and how often. */
export interface PostingList {
  ordinals: Uint32Array;
  frequencies: Uint16Array;
}

/** Occurrences are counted up to this; BM25 saturates long before. */
export const maxFrequency = 0xffff;

/**
 * Count, then per posting a varint of twice the distance to the previous ordinal, plus one where a varint of
 * the frequency (less two) follows.
 * @param writer an empty one to work with, where many lists are encoded
 */
export function encodePostings(
  list: { ordinals: ArrayLike<number>; frequencies: ArrayLike<number> },
  writer: ByteWriter = createByteWriter(),
): Uint8Array {
  writer.varint(list.ordinals.length);
  let previous = 0;
  for (let index = 0; index < list.ordinals.length; index += 1) {
    const ordinal = list.ordinals[index] ?? 0;
    const frequency = list.frequencies[index] ?? 1;
    const isRepeated = frequency > 1;
    writer.varint((ordinal - previous) * 2 + (isRepeated ? 1 : 0));
    if (isRepeated) writer.varint(frequency - 2);
    previous = ordinal;
  }
  return writer.finish();
}

/** The inverse of `encodePostings`, on a range of `bytes`. Written out flat: it is the hottest loop on a cold cache. */
export function decodePostings(bytes: Uint8Array, start = 0, end = bytes.length): PostingList {
  const reader = createByteReader(bytes, start, end);
  const count = reader.varint();
  const ordinals = new Uint32Array(count);
  const frequencies = new Uint16Array(count);
  let position = reader.position;
  let ordinal = 0;
  for (let index = 0; index < count; index += 1) {
    let value = 0;
    let shift = 0;
    let byte = bytes[position] ?? 0;
    position += 1;
    while (byte >= 0x80) {
      value |= (byte & 0x7f) << shift;
      shift += 7;
      byte = bytes[position] ?? 0;
      position += 1;
    }
    value |= byte << shift;
    ordinal += value >>> 1;
    ordinals[index] = ordinal;
    if ((value & 1) === 0) {
      frequencies[index] = 1;
      continue;
    }
    reader.position = position;
    frequencies[index] = reader.varint() + 2;
    position = reader.position;
  }
  if (position > end) throw new RangeError('The index data ends too early.');
  return { ordinals, frequencies };
}

/** Many encoded posting lists, sorted by key, found by binary search. */
export interface PostingBlock {
  readonly keys: Float64Array;
  /** The encoded list of `keys[index]` is `bytes` from `starts[index]` to `starts[index + 1]`. */
  readonly starts: Uint32Array;
  readonly bytes: Uint8Array;
}

export interface EncodedList {
  key: number;
  bytes: Uint8Array;
}

/** Packs encoded lists, which must be sorted by key, into one block: count, keys, lengths, lists. */
export function encodeBlock(lists: readonly EncodedList[]): Uint8Array {
  const writer = createByteWriter(lists.length * 12 + 16);
  writer.varint(lists.length);
  for (const list of lists) writer.key(list.key);
  for (const list of lists) writer.varint(list.bytes.length);
  for (const list of lists) writer.bytes(list.bytes);
  return writer.finish();
}

/** The inverse of `encodeBlock`; lists stay encoded until they are asked for. */
export function decodeBlock(bytes: Uint8Array): PostingBlock {
  const reader = createByteReader(bytes);
  const count = reader.varint();
  const keys = new Float64Array(count);
  const starts = new Uint32Array(count + 1);
  for (let index = 0; index < count; index += 1) keys[index] = reader.key();
  let total = 0;
  for (let index = 0; index < count; index += 1) {
    starts[index] = total;
    total += reader.varint();
  }
  starts[count] = total;
  const base = reader.position;
  for (let index = 0; index <= count; index += 1) starts[index] = (starts[index] ?? 0) + base;
  if (base + total !== bytes.length) throw new RangeError('The index block has a wrong length.');
  return { keys, starts, bytes };
}

/** Where the encoded list of a key stands in the block's bytes, or null where the block does not hold it. */
export function findEncoded(block: PostingBlock, key: number): { start: number; end: number } | null {
  let low = 0;
  let high = block.keys.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const candidate = block.keys[middle] ?? 0;
    if (candidate === key) return { start: block.starts[middle] ?? 0, end: block.starts[middle + 1] ?? 0 };
    if (candidate < key) low = middle + 1;
    else high = middle - 1;
  }
  return null;
}
