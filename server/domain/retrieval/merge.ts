import { isDocumentKey } from '../analysis/term-key.ts';
import { createPostingsJoiner, type ListRange } from './postings-joiner.ts';
import type { EncodedList, PostingBlock } from './postings.ts';
import type { SegmentInfo } from './segment.ts';

/** Where the passages and documents of an old segment stand in the new one; -1 where they are dropped. */
export interface OrdinalMap {
  passages: Int32Array;
  documents: Int32Array;
}

export interface MergedInfo {
  info: SegmentInfo;
  /** One per old segment, in order. */
  maps: OrdinalMap[];
}

/** Keeps the living passages of several segments, in order; documents without any are dropped. */
export function mergeInfos(
  infos: readonly SegmentInfo[],
  isAlive: (passageId: number) => boolean,
): MergedInfo {
  const ids: number[] = [];
  const documentOf: number[] = [];
  const lengths: { body: number[]; pair: number[]; gram: number[] } = { body: [], pair: [], gram: [] };
  const documents: SegmentInfo['documents'] = [];
  const maps = infos.map((info): OrdinalMap => {
    const map = {
      passages: new Int32Array(info.documentOf.length).fill(-1),
      documents: new Int32Array(info.documents.length).fill(-1),
    };
    for (let passage = 0; passage < info.documentOf.length; passage += 1) {
      const id = info.passageIds[passage] ?? 0;
      const old = info.documentOf[passage] ?? 0;
      const document = info.documents[old];
      if (document === undefined || !isAlive(id)) continue;
      if (map.documents[old] === -1) {
        map.documents[old] = documents.length;
        documents.push({ ...document, passageCount: 0 });
      }
      const merged = documents.at(-1);
      if (merged !== undefined) merged.passageCount += 1;
      map.passages[passage] = ids.length;
      ids.push(id);
      documentOf.push(documents.length - 1);
      lengths.body.push(info.lengths.body[passage] ?? 0);
      lengths.pair.push(info.lengths.pair[passage] ?? 0);
      lengths.gram.push(info.lengths.gram[passage] ?? 0);
    }
    return map;
  });
  return {
    info: {
      passageIds: Float64Array.from(ids),
      documentOf: Uint32Array.from(documentOf),
      lengths: {
        body: Uint32Array.from(lengths.body),
        pair: Uint32Array.from(lengths.pair),
        gram: Uint32Array.from(lengths.gram),
      },
      documents,
    },
    maps,
  };
}

/** A block of an old segment, and the lists that it only points to. */
export interface MergeInput {
  /** Index of the old segment in `maps`. */
  segment: number;
  block: PostingBlock;
  /** By key: lists that have rows of their own. */
  own: ReadonlyMap<number, Uint8Array>;
}

/** A range of keys, `to` not included. */
export interface KeyRange {
  from: number;
  to: number;
}

/** A reader of one input: the keys of its block within the range, one by one. */
interface Cursor {
  input: MergeInput;
  index: number;
  end: number;
  key: number;
}

function firstAtLeast(keys: Float64Array, key: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? 0) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function openCursors(inputs: readonly MergeInput[], { from, to }: KeyRange): Cursor[] {
  return inputs
    .map((input) => {
      const { keys } = input.block;
      const index = firstAtLeast(keys, from);
      return { input, index, end: firstAtLeast(keys, to), key: keys[index] ?? 0 };
    })
    .filter(({ index, end }) => index < end);
}

/** The encoded list that a cursor stands at. */
function rangeAt({ input: { block, own }, index, key }: Cursor): ListRange {
  const start = block.starts[index] ?? 0;
  const end = block.starts[index + 1] ?? 0;
  if (start < end) return { bytes: block.bytes, start, end };
  const bytes = own.get(key);
  if (bytes === undefined) throw new RangeError('A list with a row of its own is missing.');
  return { bytes, start: 0, end: bytes.length };
}

/**
 * Merges the lists of several blocks for a range of keys, sorted by key. Segments must come in the order in
 * which their infos were merged, so that ordinals keep rising.
 */
export function mergeBlocks(
  inputs: readonly MergeInput[],
  maps: readonly OrdinalMap[],
  range: KeyRange,
): EncodedList[] {
  const merged: EncodedList[] = [];
  const joiner = createPostingsJoiner();
  let cursors = openCursors(inputs, range);
  while (cursors.length > 0) {
    let key = Infinity;
    for (const cursor of cursors) if (cursor.key < key) key = cursor.key;
    let hasEnded = false;
    for (const cursor of cursors) {
      if (cursor.key !== key) continue;
      const map = maps[cursor.input.segment];
      if (map !== undefined)
        joiner.append(rangeAt(cursor), isDocumentKey(key) ? map.documents : map.passages);
      cursor.index += 1;
      cursor.key = cursor.input.block.keys[cursor.index] ?? 0;
      hasEnded ||= cursor.index === cursor.end;
    }
    const bytes = joiner.finish();
    if (bytes !== null) merged.push({ key, bytes });
    if (hasEnded) cursors = cursors.filter(({ index, end }) => index < end);
  }
  return merged;
}
