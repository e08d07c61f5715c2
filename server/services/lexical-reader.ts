import { countFigures } from '../domain/retrieval/figures.ts';
import type { SegmentFigures } from '../domain/retrieval/figures.ts';
import { findEncoded } from '../domain/retrieval/postings.ts';
import type { PostingBlock } from '../domain/retrieval/postings.ts';
import type { SearchableSegment } from '../domain/retrieval/score.ts';
import { decodeSegmentInfo } from '../domain/retrieval/segment.ts';
import type { SegmentInfo } from '../domain/retrieval/segment.ts';
import { packedList } from '../domain/retrieval/term-list.ts';
import type { TermList } from '../domain/retrieval/term-list.ts';
import type { Queryable } from '../ports.ts';
import { readSegmentInfos } from '../store/lexical.ts';
import type { SegmentHead } from '../store/lexical.ts';
import { createByteCache } from './byte-cache.ts';
import type { ByteCache } from './byte-cache.ts';
import { loadLists, loadWholeBlocks } from './lexical-lists.ts';
import type { ListSource } from './lexical-lists.ts';

/** The segments of a site as they stood at one moment. */
export interface LexicalView {
  /** Languages of the documents, the one with the most passages first. */
  languages: (string | null)[];
  /** Of all segments together, those counted that were deleted since the last merge. */
  passages: number;
  /** Whether any document is named by a question. */
  hasQuestionTitles: boolean;
  /**
   * Fetches the lists of these keys; null where a segment was merged away meanwhile, and a new view is needed.
   */
  load(keys: readonly number[]): Promise<SearchableSegment[] | null>;
}

export interface LexicalReader {
  /** @param heads the segments of the site, as `readSearchState` gave them just now */
  open(db: Queryable, siteId: string, heads: readonly SegmentHead[]): Promise<LexicalView>;
}

export interface LexicalReaderOptions {
  /** Bytes of posting lists, of blocks of them and of segment infos to keep, each. */
  maxCacheBytes?: number;
}

const defaultCacheBytes = 48 * 1024 * 1024;

interface CountedInfo {
  info: SegmentInfo;
  figures: SegmentFigures;
}

interface OpenSegment extends CountedInfo {
  head: SegmentHead;
}

interface Caches {
  infos: ByteCache<CountedInfo>;
  blocks: ByteCache<PostingBlock>;
  lists: ByteCache<TermList | null>;
}

/**
 * Reads segments from the database through a cache. Segments never change, so what is cached stays right for
 * ever.
 */
export function createLexicalReader(options: LexicalReaderOptions = {}): LexicalReader {
  const maxBytes = options.maxCacheBytes ?? defaultCacheBytes;
  const caches: Caches = {
    infos: createByteCache(maxBytes),
    blocks: createByteCache(maxBytes),
    lists: createByteCache(maxBytes),
  };
  return {
    async open(db, siteId, heads) {
      const source = { db, siteId, blocks: caches.blocks };
      const segments = await openSegments(source, caches, heads);
      return {
        languages: countLanguages(segments),
        passages: segments.reduce((sum, { info }) => sum + info.documentOf.length, 0),
        hasQuestionTitles: segments.some(({ figures }) => figures.hasQuestionTitles),
        load: (keys) => loadSegments(source, caches, segments, keys),
      };
    },
  };
}

async function openSegments(
  { db, siteId }: Omit<ListSource, 'blocks'>,
  caches: Caches,
  heads: readonly SegmentHead[],
): Promise<OpenSegment[]> {
  const found = new Map<number, CountedInfo>();
  const missing: number[] = [];
  for (const { id } of heads) {
    const cached = caches.infos.get(`${siteId}/${String(id)}`);
    if (cached === undefined) missing.push(id);
    else found.set(id, cached);
  }
  const rows = missing.length === 0 ? [] : await readSegmentInfos(db, siteId, missing);
  for (const row of rows) {
    const info = decodeSegmentInfo(row.info, row.passageIds);
    const counted = { info, figures: countFigures(info) };
    caches.infos.set(`${siteId}/${String(row.id)}`, counted, infoBytes(info));
    found.set(row.id, counted);
  }
  return heads.flatMap((head) => {
    const counted = found.get(head.id);
    return counted === undefined ? [] : [{ head, ...counted }];
  });
}

function infoBytes(info: SegmentInfo): number {
  return info.documentOf.length * 24 + info.documents.length * 88 + 200;
}

function countLanguages(segments: readonly OpenSegment[]): (string | null)[] {
  const counts = new Map<string | null, number>();
  for (const { figures } of segments) {
    for (const [language, count] of figures.languages)
      counts.set(language, (counts.get(language) ?? 0) + count);
  }
  return [...counts.entries()].sort((first, second) => second[1] - first[1]).map(([language]) => language);
}

/** Small segments are cached whole, large ones list by list. */
async function loadSegments(
  source: ListSource,
  caches: Caches,
  segments: readonly OpenSegment[],
  keys: readonly number[],
): Promise<SearchableSegment[] | null> {
  const small = segments.map(({ head }) => head).filter(({ blockBits }) => blockBits === 0);
  const large = segments.filter(({ head }) => head.blockBits > 0);
  const whole = await loadWholeBlocks(source, small);
  if (whole === null) return null;
  const lists = await loadLists(source, caches.lists, large, keys);
  if (lists === null) return null;
  return segments.map(({ head, info, figures }) => {
    const block = whole.get(head.id);
    const own = lists.get(head.id);
    return {
      info,
      figures,
      postings: (key) => (block === undefined ? (own?.get(key) ?? null) : listIn(block, key)),
    };
  });
}

function listIn(block: PostingBlock, key: number): TermList | null {
  const range = findEncoded(block, key);
  return range === null ? null : packedList(block.bytes, range.start, range.end);
}
