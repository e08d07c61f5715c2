import { decodePostings } from './postings.ts';

/**
 * A term's postings within one segment, ready to be scored. Most stay as they are stored, a byte or two a posting;
 * what stands in a large share of the passages is spread out, so that single passages can be looked up in it.
 */
export type TermList = PackedList | SpreadList;

export interface PackedList {
  readonly kind: 'packed';
  /** Passages or documents that hold the term. */
  readonly count: number;
  readonly bytes: Uint8Array;
  /** Where the first posting begins and the last one ends. */
  readonly start: number;
  readonly end: number;
}

export interface SpreadList {
  readonly kind: 'spread';
  readonly count: number;
  /** How often each passage or document holds the term, by ordinal. */
  readonly frequencies: Uint8Array | Uint16Array;
}

/** A list that holds at least one in so many is spread out: then its bytes are hardly more than they were. */
const spreadShare = 4;

/** Reads a stored list without copying it: `bytes` stays in use. */
export function packedList(bytes: Uint8Array, start = 0, end = bytes.length): PackedList {
  let count = 0;
  let factor = 1;
  let position = start;
  let byte = 0x80;
  while (byte >= 0x80) {
    if (position >= end) throw new RangeError('The index data ends too early.');
    byte = bytes[position] ?? 0;
    count += (byte & 0x7f) * factor;
    factor *= 0x80;
    position += 1;
  }
  return { kind: 'packed', count, bytes, start: position, end };
}

/**
 * Reads a stored list to keep it: copied out of the block around it, spread out where it is long.
 * @param size passages or documents of the segment
 */
export function keptList(bytes: Uint8Array, start: number, end: number, size: number): TermList {
  const packed = packedList(bytes, start, end);
  if (packed.count * spreadShare < size) return packedList(bytes.slice(start, end));
  const { ordinals, frequencies } = decodePostings(bytes, start, end);
  const isSmall = frequencies.every((frequency) => frequency <= 0xff);
  const spread = isSmall ? new Uint8Array(size) : new Uint16Array(size);
  for (let index = 0; index < ordinals.length; index += 1) {
    spread[ordinals[index] ?? 0] = frequencies[index] ?? 0;
  }
  return { kind: 'spread', count: packed.count, frequencies: spread };
}

/** The memory that a kept list takes, about. */
export function listBytes(list: TermList): number {
  return (list.kind === 'packed' ? list.end : list.frequencies.byteLength) + 200;
}

/** BM25's length term k1 (1 - b + b length / mean length) is `base + slope * length`. */
export interface LengthNorm {
  base: number;
  slope: number;
  /** By passage or document. */
  lengths: Uint32Array;
}

/** Adds `factor` times the saturated frequency to the score of each that holds the term. Flat: the hottest loop. */
export function addPacked(
  scores: Float64Array,
  list: PackedList,
  factor: number,
  { base, slope, lengths }: LengthNorm,
): void {
  const { bytes, count, end } = list;
  let position = list.start;
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
    let frequency = 1;
    if ((value & 1) === 1) {
      frequency = 2;
      shift = 0;
      byte = bytes[position] ?? 0;
      position += 1;
      while (byte >= 0x80) {
        frequency += (byte & 0x7f) << shift;
        shift += 7;
        byte = bytes[position] ?? 0;
        position += 1;
      }
      frequency += byte << shift;
    }
    const length = base + slope * (lengths[ordinal] ?? 0);
    scores[ordinal] = (scores[ordinal] ?? 0) + (factor * frequency) / (frequency + length);
  }
  if (position > end) throw new RangeError('The index data ends too early.');
}

/** As `addPacked`, for a list that is spread out. */
export function addSpread(
  scores: Float64Array,
  { frequencies }: SpreadList,
  factor: number,
  { base, slope, lengths }: LengthNorm,
): void {
  for (let ordinal = 0; ordinal < frequencies.length; ordinal += 1) {
    const frequency = frequencies[ordinal] ?? 0;
    if (frequency === 0) continue;
    const length = base + slope * (lengths[ordinal] ?? 0);
    scores[ordinal] = (scores[ordinal] ?? 0) + (factor * frequency) / (frequency + length);
  }
}

/** As `addSpread`, for the passages `at` only. */
export function addSpreadAt(
  scores: Float64Array,
  { frequencies }: SpreadList,
  factor: number,
  { base, slope, lengths }: LengthNorm,
  at: Uint32Array,
): void {
  for (let index = 0; index < at.length; index += 1) {
    const ordinal = at[index] ?? 0;
    const frequency = frequencies[ordinal] ?? 0;
    if (frequency === 0) continue;
    const length = base + slope * (lengths[ordinal] ?? 0);
    scores[ordinal] = (scores[ordinal] ?? 0) + (factor * frequency) / (frequency + length);
  }
}
