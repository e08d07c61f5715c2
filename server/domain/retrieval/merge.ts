import { isDocumentKey } from '../analysis/term-key.ts';
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

/**
 * Merges the lists of several blocks that hold the same range of keys, sorted by key. A block names the old
 * segment it is from by its index in `maps`; segments must come in the order in which their infos were merged.
 */
export function mergeBlocks(
  blocks: readonly { segment: number; block: PostingBlock }[],
  maps: readonly OrdinalMap[],
): EncodedList[] {
  const places = new Map<number, { segment: number; block: PostingBlock; index: number }[]>();
  for (const { segment, block } of blocks) {
    for (let index = 0; index < block.keys.length; index += 1) {
      const key = block.keys[index] ?? 0;
      const known = places.get(key);
      if (known === undefined) places.set(key, [{ segment, block, index }]);
      else known.push({ segment, block, index });
    }
  }
  const merged: EncodedList[] = [];
  for (const [key, found] of [...places.entries()].sort(([first], [second]) => first - second)) {
    const into = { ordinals: [], frequencies: [] };
    for (const { segment, block, index } of found) {
      const map = maps[segment];
      if (map === undefined) continue;
      const list = decodePostings(block.bytes, block.starts[index] ?? 0, block.starts[index + 1] ?? 0);
      remap(list, isDocumentKey(key) ? map.documents : map.passages, into);
    }
    if (into.ordinals.length === 0) continue;
    const { ordinals, frequencies } = into;
    merged.push({
      key,
      bytes: encodePostings({
        ordinals: Uint32Array.from(ordinals),
        frequencies: Uint16Array.from(frequencies),
      }),
    });
  }
  return merged;
}
