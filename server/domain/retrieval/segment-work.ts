import type { Analyzer } from '../analysis/analyze.ts';
import { ownRowKey, packBlocks, type PackedBlock } from './blocks.ts';
import { indexDocuments, type IndexableDocument } from './index-document.ts';
import { mergeBlocks, mergeInfos, type KeyRange, type OrdinalMap } from './merge.ts';
import { decodeBlock } from './postings.ts';
import { decodeSegmentInfo, encodePassageIds, encodeSegmentInfo } from './segment.ts';

/** Documents as one segment, in bytes; its passage ids are known only when the passages are stored. */
export interface PackedSegment {
  info: Uint8Array;
  /** Every posting list in one block. */
  block: Uint8Array;
}

/** What is stored of a segment beside its blocks. */
export interface PackedInfo {
  info: Uint8Array;
  passageIds: Uint8Array;
}

/** The info of a segment that several are merged into. */
export interface CombinedInfo extends PackedInfo {
  passageCount: number;
  /** One per old segment, in order. */
  maps: OrdinalMap[];
}

/** Rows of one old segment that may hold keys of the range. */
export interface SegmentRows {
  /** Index of the segment in `maps`. */
  segment: number;
  rows: readonly PackedBlock[];
}

/** Part of a merge: the blocks `from` up to (not including) `to` of the new segment, which hold the range. */
export interface MergePortion {
  inputs: readonly SegmentRows[];
  maps: readonly OrdinalMap[];
  range: KeyRange;
  blockBits: number;
  from: number;
  to: number;
}

/** Turns documents into a segment. */
export function packDocuments(analyzer: Analyzer, documents: readonly IndexableDocument[]): PackedSegment {
  const { info, block } = indexDocuments(analyzer, documents);
  return { info: encodeSegmentInfo(info), block };
}

/** Keeps the living passages of several segments, in order. A passage that two of them hold is kept once. */
export function combineInfos(infos: readonly PackedInfo[], livingIds: readonly number[]): CombinedInfo {
  const living = new Set(livingIds);
  const decoded = infos.map(({ info, passageIds }) => decodeSegmentInfo(info, passageIds));
  const { info, maps } = mergeInfos(decoded, (id) => living.delete(id));
  return {
    info: encodeSegmentInfo(info),
    passageIds: encodePassageIds(info.passageIds),
    passageCount: info.passageIds.length,
    maps,
  };
}

/** Merges the rows of several segments. They must come in the order in which their infos were combined. */
export function mergePortion(portion: MergePortion): PackedBlock[] {
  const { inputs, maps, range, blockBits, from, to } = portion;
  const blocks = inputs.flatMap(({ segment, rows }) => {
    const own = new Map(rows.filter(({ key }) => key < 0).map(({ key, data }) => [ownRowKey(key), data]));
    return rows.filter(({ key }) => key >= 0).map(({ data }) => ({ segment, block: decodeBlock(data), own }));
  });
  return packBlocks(mergeBlocks(blocks, maps, range), blockBits, from, to);
}
