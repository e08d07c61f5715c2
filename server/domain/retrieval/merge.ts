import { isDocumentKey } from '../analysis/term-key.ts';
import { createByteWriter } from './bytes.ts';
import { decodePostings, encodePostings } from './postings.ts';
import type { EncodedList, PostingBlock, PostingList } from './postings.ts';
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

function remap(
  list: PostingList,
  map: Int32Array,
  into: { ordinals: number[]; frequencies: number[] },
): void {
  for (let index = 0; index < list.ordinals.length; index += 1) {
    const ordinal = map[list.ordinals[index] ?? 0] ?? -1;
    if (ordinal < 0) continue;
    into.ordinals.push(ordinal);
    into.frequencies.push(list.frequencies[index] ?? 1);
  }
}

/** A block of an old segment, and the lists that it only points to. */
export interface MergeInput {
  /** Index of the old segment in `maps`. */
  segment: number;
  block: PostingBlock;
  /** By key: lists that have rows of their own. */
  own: ReadonlyMap<number, Uint8Array>;
}

interface Place {
  input: MergeInput;
  index: number;
}

/** A range of keys, `to` not included. */
export interface KeyRange {
  from: number;
  to: number;
}

function placesOf(inputs: readonly MergeInput[], range: KeyRange): Map<number, Place[]> {
  const places = new Map<number, Place[]>();
  for (const input of inputs) {
    const { keys } = input.block;
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] ?? 0;
      if (key < range.from || key >= range.to) continue;
      const known = places.get(key);
      if (known === undefined) places.set(key, [{ input, index }]);
      else known.push({ input, index });
    }
  }
  return places;
}

function readPlace({ input, index }: Place): PostingList {
  const { block, own } = input;
  const start = block.starts[index] ?? 0;
  const end = block.starts[index + 1] ?? 0;
  if (start < end) return decodePostings(block.bytes, start, end);
  const bytes = own.get(block.keys[index] ?? 0);
  if (bytes === undefined) throw new RangeError('A list with a row of its own is missing.');
  return decodePostings(bytes);
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
  const writer = createByteWriter();
  const places = [...placesOf(inputs, range).entries()].sort(([first], [second]) => first - second);
  for (const [key, found] of places) {
    const into: { ordinals: number[]; frequencies: number[] } = { ordinals: [], frequencies: [] };
    for (const place of found) {
      const map = maps[place.input.segment];
      if (map === undefined) continue;
      remap(readPlace(place), isDocumentKey(key) ? map.documents : map.passages, into);
    }
    if (into.ordinals.length === 0) continue;
    merged.push({ key, bytes: encodePostings(into, writer) });
  }
  return merged;
}
