import { blockOf, isHeavy, ownRowKey } from '../domain/retrieval/blocks.ts';
import { decodeBlock, findEncoded } from '../domain/retrieval/postings.ts';
import type { PostingBlock } from '../domain/retrieval/postings.ts';
import { sizeFor } from '../domain/retrieval/score.ts';
import type { SegmentInfo } from '../domain/retrieval/segment.ts';
import { keptList, listBytes } from '../domain/retrieval/term-list.ts';
import type { TermList } from '../domain/retrieval/term-list.ts';
import type { Queryable } from '../ports.ts';
import { readBlocks } from '../store/lexical.ts';
import type { SegmentHead } from '../store/lexical.ts';
import type { ByteCache } from './byte-cache.ts';

/** Where lists are read from: the database, through caches. */
export interface ListSource {
  db: Queryable;
  siteId: string;
  /** Blocks as they were read: whoever needs one list of a block soon needs others. */
  blocks: ByteCache<PostingBlock>;
}

/**
 * The blocks of segments that have only one, by segment id; null where one of them is gone.
 */
export async function loadWholeBlocks(
  { db, siteId, blocks: cache }: ListSource,
  heads: readonly SegmentHead[],
): Promise<Map<number, PostingBlock> | null> {
  const found = new Map<number, PostingBlock>();
  const missing: number[] = [];
  for (const { id } of heads) {
    const cached = cache.get(`${siteId}/${String(id)}`);
    if (cached === undefined) missing.push(id);
    else found.set(id, cached);
  }
  if (missing.length === 0) return found;
  const first = missing.map(() => 0);
  const rows = await readBlocks(db, siteId, missing, first);
  if (rows.length < missing.length) return null;
  for (const row of rows) {
    const block = decodeBlock(row.data);
    cache.set(`${siteId}/${String(row.segmentId)}`, block, blockBytes(block));
    found.set(row.segmentId, block);
  }
  return found;
}

function blockBytes(block: PostingBlock): number {
  return block.bytes.length + block.keys.length * 12;
}

/** A segment with what a search knows of it beside its lists. */
export interface OpenHead {
  head: SegmentHead;
  info: SegmentInfo;
}

/** Lists by segment id and key; a key that the segment does not hold has null. */
export type ListsBySegment = Map<number, Map<number, TermList | null>>;

/** The lists of `keys` in segments that have many blocks; null where one of the segments is gone. */
export async function loadLists(
  source: ListSource,
  cache: ByteCache<TermList | null>,
  segments: readonly OpenHead[],
  keys: readonly number[],
): Promise<ListsBySegment | null> {
  const nameOf = (segmentId: number, key: number) => `${source.siteId}/${String(segmentId)}/${String(key)}`;
  const found: ListsBySegment = new Map();
  const wanted: WantedList[] = [];
  for (const { head, info } of segments) {
    const own = new Map<number, TermList | null>();
    found.set(head.id, own);
    for (const key of keys) {
      const cached = cache.get(nameOf(head.id, key));
      if (cached === undefined) {
        const block = blockOf(key, head.blockBits);
        wanted.push({ segmentId: head.id, block, key, size: sizeFor(info, key) });
      } else own.set(key, cached);
    }
  }
  if (wanted.length === 0) return found;
  const fetched = await fetchLists(source, wanted);
  if (fetched === null) return null;
  for (const { segmentId, key, list } of fetched) {
    cache.set(nameOf(segmentId, key), list, list === null ? 0 : listBytes(list));
    found.get(segmentId)?.set(key, list);
  }
  return found;
}

interface WantedList {
  segmentId: number;
  block: number;
  key: number;
  /** Passages or documents of the segment, whichever the key counts. */
  size: number;
}

interface FetchedList {
  segmentId: number;
  key: number;
  list: TermList | null;
}

/** Reads the blocks that hold the keys, then the rows of the keys whose lists are too large for a block. */
async function fetchLists(source: ListSource, wanted: readonly WantedList[]): Promise<FetchedList[] | null> {
  const blocks = await fetchBlocks(source, wanted);
  if (blocks === null) return null;
  const found: FetchedList[] = [];
  const heavy: WantedList[] = [];
  for (const each of wanted) {
    const block = blocks.get(blockName(each));
    const range = block === undefined ? null : findEncoded(block, each.key);
    if (block === undefined || range === null) found.push({ ...each, list: null });
    else if (isHeavy(range)) heavy.push(each);
    else found.push({ ...each, list: keptList(block.bytes, range.start, range.end, each.size) });
  }
  if (heavy.length === 0) return found;
  const segmentIds = heavy.map((each) => each.segmentId);
  const rowKeys = heavy.map((each) => ownRowKey(each.key));
  const rows = await readBlocks(source.db, source.siteId, segmentIds, rowKeys);
  if (rows.length < heavy.length) return null;
  const sizes = new Map(heavy.map((each) => [`${String(each.segmentId)}/${String(each.key)}`, each.size]));
  for (const { segmentId, key: rowKey, data } of rows) {
    const key = ownRowKey(rowKey);
    const size = sizes.get(`${String(segmentId)}/${String(key)}`) ?? Infinity;
    found.push({ segmentId, key, list: keptList(data, 0, data.length, size) });
  }
  return found;
}

function blockName({ segmentId, block }: { segmentId: number; block: number }): string {
  return `${String(segmentId)}/${String(block)}`;
}

/** The blocks of the wanted lists by `blockName`; null where one of them is gone. */
async function fetchBlocks({ db, siteId, blocks }: ListSource, wanted: readonly WantedList[]) {
  const found = new Map<string, PostingBlock>();
  const missing = new Map<string, WantedList>();
  for (const each of wanted) {
    const name = blockName(each);
    if (found.has(name) || missing.has(name)) continue;
    const known = blocks.get(`${siteId}/${name}`);
    if (known === undefined) missing.set(name, each);
    else found.set(name, known);
  }
  if (missing.size === 0) return found;
  const asked = [...missing.values()];
  const segmentIds = asked.map((each) => each.segmentId);
  const numbers = asked.map((each) => each.block);
  const rows = await readBlocks(db, siteId, segmentIds, numbers);
  if (rows.length < asked.length) return null;
  for (const { segmentId, key, data } of rows) {
    const name = blockName({ segmentId, block: key });
    const block = decodeBlock(data);
    blocks.set(`${siteId}/${name}`, block, blockBytes(block));
    found.set(name, block);
  }
  return found;
}
