import { z } from 'zod';
import type { Queryable } from '../ports.ts';

export interface NewSegment {
  siteId: string;
  /** The only document of a segment that was not merged, else null. */
  documentId: number | null;
  state: 'building' | 'live';
  passageCount: number;
  /** Of its blocks together. */
  bytes: number;
  blockBits: number;
  /** As `encodeSegmentInfo` and `encodePassageIds` pack them. */
  info: Uint8Array;
  passageIds: Uint8Array;
}

/** Stores a segment without its blocks and gives its id. */
export async function insertSegment(db: Queryable, segment: NewSegment): Promise<number> {
  const rows = await db.query(
    `insert into lexical_segment
       (site_id, document_id, state, passage_count, bytes, block_bits, info, passage_ids)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    [
      segment.siteId,
      segment.documentId,
      segment.state,
      segment.passageCount,
      segment.bytes,
      segment.blockBits,
      segment.info,
      segment.passageIds,
    ],
    z.object({ id: z.number() }),
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The database gave no id for a new segment.');
  return id;
}

/** Stores a live segment whose lists are all in one block. */
export async function insertWholeSegment(
  db: Queryable,
  segment: Pick<NewSegment, 'siteId' | 'documentId' | 'passageCount' | 'info' | 'passageIds'>,
  block: Uint8Array,
): Promise<void> {
  await db.execute(
    `with segment as (
       insert into lexical_segment
         (site_id, document_id, state, passage_count, bytes, block_bits, info, passage_ids)
       values ($1, $2, 'live', $3, $4, 0, $5, $6) returning id, site_id
     )
     insert into lexical_block (segment_id, key, site_id, data) select id, 0, site_id, $7 from segment`,
    [
      segment.siteId,
      segment.documentId,
      segment.passageCount,
      block.length,
      segment.info,
      segment.passageIds,
      block,
    ],
  );
}

export interface StoredBlock {
  /** Number of the block, or -1 - (term key) for a list of its own. */
  key: number;
  data: Uint8Array;
}

/** Bytes of blocks that one statement carries; hex doubles them on the way. */
const maxStatementBytes = 512 * 1024;

/** Stores blocks of a segment, as few statements as their size allows. */
export async function insertBlocks(
  db: Queryable,
  siteId: string,
  segmentId: number,
  blocks: readonly StoredBlock[],
): Promise<void> {
  let from = 0;
  while (from < blocks.length) {
    let to = from;
    let bytes = 0;
    while (
      to < blocks.length &&
      (to === from || bytes + (blocks[to]?.data.length ?? 0) <= maxStatementBytes)
    ) {
      bytes += blocks[to]?.data.length ?? 0;
      to += 1;
    }
    const batch = blocks.slice(from, to);
    await db.execute(
      `insert into lexical_block (segment_id, key, site_id, data)
       select $1, key, $2, decode(data, 'hex') from unnest($3::bigint[], $4::text[]) as given (key, data)`,
      [
        segmentId,
        siteId,
        batch.map((block) => block.key),
        batch.map((block) => Buffer.from(block.data).toString('hex')),
      ],
    );
    from = to;
  }
}

/** Drops the segments that hold only one of these documents each, and gives them. */
export async function takeDocumentSegments(
  db: Queryable,
  siteId: string,
  documentIds: readonly number[],
): Promise<z.infer<typeof segmentInfoRow>[]> {
  if (documentIds.length === 0) return [];
  return db.query(
    `delete from lexical_segment where site_id = $1 and document_id = any($2::bigint[])
     returning id, info, passage_ids as "passageIds"`,
    [siteId, documentIds],
    segmentInfoRow,
  );
}

/** The segments that a site's search has to read now, oldest first. */
export async function listSegments(db: Queryable, siteId: string): Promise<SegmentHead[]> {
  return db.query(
    `select id, passage_count as "passageCount", block_bits as "blockBits", bytes
     from lexical_segment where site_id = $1 and state = 'live' order by id`,
    [siteId],
    segmentHead,
  );
}

/** A segment as a list of them names it. */
export const segmentHead = z.object({
  id: z.number(),
  passageCount: z.number(),
  blockBits: z.number(),
  bytes: z.number(),
});
export type SegmentHead = z.infer<typeof segmentHead>;

const segmentInfoRow = z.object({
  id: z.number(),
  info: z.instanceof(Uint8Array),
  passageIds: z.instanceof(Uint8Array),
});

/** The packed info of some segments; those merged away in the meantime are missing. */
export async function readSegmentInfos(
  db: Queryable,
  siteId: string,
  segmentIds: readonly number[],
): Promise<z.infer<typeof segmentInfoRow>[]> {
  return db.query(
    `select id, info, passage_ids as "passageIds" from lexical_segment
     where site_id = $1 and id = any($2::bigint[])`,
    [siteId, segmentIds],
    segmentInfoRow,
  );
}

const blockRow = z.object({ segmentId: z.number(), key: z.number(), data: z.instanceof(Uint8Array) });

/** Blocks by segment and key, pairwise; those that do not exist are missing. */
export async function readBlocks(
  db: Queryable,
  siteId: string,
  segmentIds: readonly number[],
  keys: readonly number[],
): Promise<z.infer<typeof blockRow>[]> {
  return db.query(
    `select block.segment_id as "segmentId", block.key, block.data
     from unnest($2::bigint[], $3::bigint[]) as wanted (segment_id, key)
     join lexical_block block using (segment_id, key)
     where block.site_id = $1`,
    [siteId, segmentIds, keys],
    blockRow,
  );
}
