import { keyBits } from '../domain/analysis/term-key.ts';
import { chooseBlockBits, ownRowKey, packBlocks } from '../domain/retrieval/blocks.ts';
import { mergeBlocks, mergeInfos } from '../domain/retrieval/merge.ts';
import type { KeyRange, MergedInfo, MergeInput } from '../domain/retrieval/merge.ts';
import { chooseMerge, isMostlyDead } from '../domain/retrieval/merge-policy.ts';
import { decodeBlock } from '../domain/retrieval/postings.ts';
import { decodeSegmentInfo, encodePassageIds, encodeSegmentInfo } from '../domain/retrieval/segment.ts';
import type { SegmentInfo } from '../domain/retrieval/segment.ts';
import type { Database, Logger } from '../ports.ts';
import { insertBlocks, insertSegment, listSegments, readSegmentInfos } from '../store/lexical.ts';
import type { SegmentHead } from '../store/lexical.ts';
import {
  countPassages,
  deleteOldSegments,
  deleteSegment,
  listLivingPassages,
  readBlockRanges,
  replaceSegments,
} from '../store/lexical-merge.ts';

/** Encoded bytes that are merged in one go: what a merge holds in memory, and how long it holds the thread. */
const portionBytes = 1024 * 1024;
/** A merge leaves about this share of its inputs' bytes. */
const expectedShare = 0.6;
const passagesPerQuery = 10_000;

export interface SegmentMergerDeps {
  db: Database;
  logger: Logger;
}

/**
 * Merges a site's segments until none is due, then drops what earlier merges left over. Searches and publishing
 * go on meanwhile; two merges of one site at once cost work, never passages.
 * @returns how many merges were done
 */
export async function mergeSegments(
  deps: SegmentMergerDeps,
  siteId: string,
  signal?: AbortSignal,
): Promise<number> {
  const { db, logger } = deps;
  let merges = 0;
  for (;;) {
    signal?.throwIfAborted();
    const heads = await listSegments(db, siteId);
    const due = await chooseDue(db, siteId, heads, merges > 0);
    if (due === null) break;
    const isDone = await mergeOnce(db, siteId, due, signal);
    logger.info('index-merged', { siteId, segments: due.length, isDone });
    if (!isDone) break;
    merges += 1;
  }
  if (merges > 0) await deleteOldSegments(db, siteId);
  return merges;
}

/** Dead passages are counted only after a merge: it takes a scan. */
async function chooseDue(
  db: Database,
  siteId: string,
  heads: readonly SegmentHead[],
  isCounting: boolean,
): Promise<readonly SegmentHead[] | null> {
  const ids = new Set(chooseMerge(heads)?.map((segment) => segment.id));
  if (ids.size > 0) return heads.filter((head) => ids.has(head.id));
  if (!isCounting) return null;
  const indexed = heads.reduce((sum, head) => sum + head.passageCount, 0);
  return isMostlyDead(indexed, await countPassages(db, siteId)) ? heads : null;
}

async function mergeOnce(
  db: Database,
  siteId: string,
  heads: readonly SegmentHead[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const infos = await readInfos(db, siteId, heads);
  if (infos === null) return false;
  const merged = mergeInfos(infos, await aliveTest(db, siteId, infos));
  const bytes = heads.reduce((sum, head) => sum + head.bytes, 0);
  const blockBits = chooseBlockBits(bytes * expectedShare);
  const segmentId = await insertSegment(db, {
    siteId,
    documentId: null,
    state: 'building',
    passageCount: merged.info.passageIds.length,
    bytes: 0,
    blockBits,
    info: encodeSegmentInfo(merged.info),
    passageIds: encodePassageIds(merged.info.passageIds),
  });
  try {
    const written = await writePortions(db, siteId, { heads, merged, segmentId, blockBits, bytes }, signal);
    const oldIds = heads.map((head) => head.id);
    if (written !== null) {
      const replacement = { segmentId, bytes: written };
      if (await db.transaction((tx) => replaceSegments(tx, siteId, oldIds, replacement))) return true;
    }
    await deleteSegment(db, siteId, segmentId);
    return false;
  } catch (error) {
    await deleteSegment(db, siteId, segmentId);
    throw error;
  }
}

async function readInfos(db: Database, siteId: string, heads: readonly SegmentHead[]) {
  const ids = heads.map((head) => head.id);
  const rows = await readSegmentInfos(db, siteId, ids);
  const byId = new Map(rows.map((row) => [row.id, decodeSegmentInfo(row.info, row.passageIds)]));
  const infos = ids.flatMap((id) => byId.get(id) ?? []);
  return infos.length < ids.length ? null : infos;
}

async function aliveTest(db: Database, siteId: string, infos: readonly SegmentInfo[]) {
  const all = infos.flatMap((info) => [...info.passageIds]);
  const living = new Set<number>();
  for (let from = 0; from < all.length; from += passagesPerQuery) {
    const batch = all.slice(from, from + passagesPerQuery);
    for (const id of await listLivingPassages(db, siteId, batch)) living.add(id);
  }
  // A passage that two segments hold is kept once.
  return (passageId: number) => living.delete(passageId);
}

interface Merge {
  heads: readonly SegmentHead[];
  merged: MergedInfo;
  segmentId: number;
  blockBits: number;
  bytes: number;
}

/** Writes the new segment's blocks range by range and gives their bytes; null where an old segment is gone. */
async function writePortions(
  db: Database,
  siteId: string,
  merge: Merge,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  const { heads, merged, segmentId, blockBits, bytes } = merge;
  const portionBits = Math.min(blockBits, Math.max(0, Math.ceil(Math.log2(bytes / portionBytes))));
  const width = 2 ** (keyBits - portionBits);
  let written = 0;
  for (let portion = 0; portion < 2 ** portionBits; portion += 1) {
    signal?.throwIfAborted();
    const range = { from: portion * width, to: (portion + 1) * width };
    const inputs: MergeInput[] = [];
    for (const [segment, head] of heads.entries()) {
      const found = await readPortion(db, siteId, segment, head, range);
      if (found === null) return null;
      inputs.push(...found);
    }
    const lists = mergeBlocks(inputs, merged.maps, range);
    const perPortion = 2 ** (blockBits - portionBits);
    const first = portion * perPortion;
    const blocks = packBlocks(lists, blockBits, first, first + perPortion);
    await insertBlocks(db, siteId, segmentId, blocks);
    written += blocks.reduce((sum, block) => sum + block.data.length, 0);
  }
  return written;
}

/** The blocks of an old segment that may hold keys of the range; null where it is gone. */
async function readPortion(
  db: Database,
  siteId: string,
  segment: number,
  head: SegmentHead,
  range: KeyRange,
): Promise<MergeInput[] | null> {
  const blockWidth = 2 ** (keyBits - head.blockBits);
  const first = Math.floor(range.from / blockWidth);
  const last = Math.ceil(range.to / blockWidth) - 1;
  const ownKeys = [ownRowKey(range.to - 1), ownRowKey(range.from)] as const;
  const rows = await readBlockRanges(db, siteId, head.id, [first, last], ownKeys);
  const own = new Map(rows.filter((row) => row.key < 0).map((row) => [ownRowKey(row.key), row.data]));
  const blocks = rows.filter((row) => row.key >= 0);
  if (blocks.length < last - first + 1) return null;
  return blocks.map((row) => ({ segment, block: decodeBlock(row.data), own }));
}
