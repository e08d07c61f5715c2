import { keyBits } from '../domain/analysis/term-key.ts';
import { chooseBlockBits, ownRowKey } from '../domain/retrieval/blocks.ts';
import type { KeyRange } from '../domain/retrieval/merge.ts';
import { chooseMerge, isMostlyDead } from '../domain/retrieval/merge-policy.ts';
import { decodePassageIds } from '../domain/retrieval/segment.ts';
import type { CombinedInfo, PackedInfo, SegmentRows } from '../domain/retrieval/segment-work.ts';
import type { Database, Indexer, Logger } from '../ports.ts';
import { insertBlocks, insertSegment, listSegments, readSegmentInfos } from '../store/lexical.ts';
import type { SegmentHead, StoredBlock } from '../store/lexical.ts';
import {
  countPassages,
  deleteOldSegments,
  deleteSegment,
  listLivingPassages,
  readBlockRanges,
  replaceSegments,
} from '../store/lexical-merge.ts';

/**
 * Encoded bytes that are merged in one go: what a merge holds in memory. In the embedded database visitors wait
 * behind each statement that reads or writes them, so it is little there.
 */
const portionBytes = { pglite: 256 * 1024, postgres: 2 * 1024 * 1024 } as const;
/** A merge leaves about this share of its inputs' bytes. */
const expectedShare = 0.6;
const passagesPerQuery = 10_000;

export interface SegmentMergerDeps {
  db: Database;
  indexer: Indexer;
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
  const { db, indexer, logger } = deps;
  let merges = 0;
  for (;;) {
    signal?.throwIfAborted();
    const heads = await listSegments(db, siteId);
    const due = await chooseDue(db, siteId, heads, merges > 0);
    if (due === null) break;
    const isDone = await mergeOnce({ db, indexer }, siteId, due, signal);
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

type Tools = Pick<SegmentMergerDeps, 'db' | 'indexer'>;

async function mergeOnce(
  { db, indexer }: Tools,
  siteId: string,
  heads: readonly SegmentHead[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const infos = await readInfos(db, siteId, heads);
  if (infos === null) return false;
  const merged = await indexer.combine(infos, await listLiving(db, siteId, heads, infos));
  const bytes = heads.reduce((sum, head) => sum + head.bytes, 0);
  const blockBits = chooseBlockBits(bytes * expectedShare);
  const { passageCount, info, passageIds } = merged;
  const building = { siteId, documentId: null, state: 'building', bytes: 0, blockBits } as const;
  const segmentId = await insertSegment(db, { ...building, passageCount, info, passageIds });
  try {
    const written = await writePortions(
      { db, indexer },
      siteId,
      { heads, merged, segmentId, blockBits, bytes },
      signal,
    );
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

async function readInfos(
  db: Database,
  siteId: string,
  heads: readonly SegmentHead[],
): Promise<PackedInfo[] | null> {
  const ids = heads.map((head) => head.id);
  const byId = new Map((await readSegmentInfos(db, siteId, ids)).map((row) => [row.id, row]));
  const infos = ids.flatMap((id) => byId.get(id) ?? []);
  return infos.length < ids.length ? null : infos;
}

async function listLiving(
  db: Database,
  siteId: string,
  heads: readonly SegmentHead[],
  infos: readonly PackedInfo[],
): Promise<number[]> {
  const all = infos.flatMap(({ passageIds }, place) => [
    ...decodePassageIds(passageIds, heads[place]?.passageCount ?? 0),
  ]);
  const living: number[] = [];
  for (let from = 0; from < all.length; from += passagesPerQuery) {
    living.push(...(await listLivingPassages(db, siteId, all.slice(from, from + passagesPerQuery))));
  }
  return living;
}

interface Merge {
  heads: readonly SegmentHead[];
  merged: CombinedInfo;
  segmentId: number;
  blockBits: number;
  bytes: number;
}

/** Writes the new segment's blocks range by range and gives their bytes; null where an old segment is gone. */
async function writePortions(
  { db, indexer }: Tools,
  siteId: string,
  merge: Merge,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  const { heads, merged, segmentId, blockBits, bytes } = merge;
  const portionBits = Math.min(blockBits, Math.max(0, Math.ceil(Math.log2(bytes / portionBytes[db.kind]))));
  const width = 2 ** (keyBits - portionBits);
  const perPortion = 2 ** (blockBits - portionBits);
  const read = createRowReader(db, siteId);
  let written = 0;
  for (let portion = 0; portion < 2 ** portionBits; portion += 1) {
    signal?.throwIfAborted();
    const range = { from: portion * width, to: (portion + 1) * width };
    const inputs: SegmentRows[] = [];
    for (const [segment, head] of heads.entries()) {
      const rows = await read(head, range);
      if (rows === null) return null;
      inputs.push({ segment, rows });
    }
    const from = portion * perPortion;
    const maps = merged.maps;
    const blocks = await indexer.merge({ inputs, maps, range, blockBits, from, to: from + perPortion });
    await insertBlocks(db, siteId, segmentId, blocks);
    written += blocks.reduce((sum, block) => sum + block.data.length, 0);
  }
  return written;
}

/**
 * Reads the rows of an old segment that may hold keys of a range; null where it is gone. Segments as they were
 * published have one block, which is read once for all ranges.
 */
function createRowReader(db: Database, siteId: string) {
  const whole = new Map<number, StoredBlock[]>();
  return async (head: SegmentHead, range: KeyRange): Promise<StoredBlock[] | null> => {
    const known = whole.get(head.id);
    if (known !== undefined) return known;
    const blockWidth = 2 ** (keyBits - head.blockBits);
    const first = Math.floor(range.from / blockWidth);
    const last = Math.ceil(range.to / blockWidth) - 1;
    const ownKeys = [ownRowKey(range.to - 1), ownRowKey(range.from)] as const;
    const rows = await readBlockRanges(db, siteId, head.id, [first, last], ownKeys);
    if (rows.filter((row) => row.key >= 0).length < last - first + 1) return null;
    if (head.blockBits === 0) whole.set(head.id, rows);
    return rows;
  };
}
