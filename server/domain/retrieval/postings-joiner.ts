import { createByteWriter } from './bytes.ts';

/** Where an encoded list stands. */
export interface ListRange {
  bytes: Uint8Array;
  start: number;
  end: number;
}

/** Makes one encoded list of several, without taking any of them apart into arrays. */
export interface PostingsJoiner {
  /** Adds the postings whose ordinals `map` keeps, under their new ordinals, which must rise from list to list. */
  append(list: ListRange, map: Int32Array): void;
  /** The list of what was added, as `encodePostings` writes it, or null where nothing was; then begins anew. */
  finish(): Uint8Array | null;
}

/** Where a walk over an encoded list has come to. */
interface Walk {
  bytes: Uint8Array;
  position: number;
  end: number;
}

function readVarint(walk: Walk): number {
  let value = 0;
  let shift = 0;
  for (;;) {
    if (walk.position >= walk.end) throw new RangeError('The index data ends too early.');
    const byte = walk.bytes[walk.position] ?? 0;
    walk.position += 1;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
    shift += 7;
  }
}

/** Makes a joiner; it keeps its memory, so use one for many lists. */
export function createPostingsJoiner(): PostingsJoiner {
  const postings = createByteWriter();
  const whole = createByteWriter();
  const walk: Walk = { bytes: new Uint8Array(0), position: 0, end: 0 };
  let count = 0;
  let previous = 0;

  return {
    append({ bytes, start, end }, map) {
      walk.bytes = bytes;
      walk.position = start;
      walk.end = end;
      const listed = readVarint(walk);
      let old = 0;
      for (let place = 0; place < listed; place += 1) {
        const step = readVarint(walk);
        const isRepeated = (step & 1) === 1;
        const more = isRepeated ? readVarint(walk) : 0;
        old += step >>> 1;
        const ordinal = map[old] ?? -1;
        if (ordinal < 0) continue;
        postings.varint((ordinal - previous) * 2 + (isRepeated ? 1 : 0));
        if (isRepeated) postings.varint(more);
        previous = ordinal;
        count += 1;
      }
    },
    finish() {
      if (count === 0) return null;
      whole.varint(count);
      whole.bytes(postings.take());
      count = 0;
      previous = 0;
      return whole.finish();
    },
  };
}
