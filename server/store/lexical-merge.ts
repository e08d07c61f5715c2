import { z } from 'zod';
import type { Queryable } from '../ports.ts';

const blockRow = z.object({ key: z.number(), data: z.instanceof(Uint8Array) });
export type SegmentBlock = z.infer<typeof blockRow>;

/** A segment's rows whose key is in one of two ranges, both ends included. */
export async function readBlockRanges(
  db: Queryable,
  siteId: string,
  segmentId: number,
  blocks: readonly [number, number],
  own: readonly [number, number],
): Promise<SegmentBlock[]> {
  return db.query(
    `select key, data from lexical_block
     where site_id = $1 and segment_id = $2 and (key between $3 and $4 or key between $5 and $6)`,
    [siteId, segmentId, ...blocks, ...own],
    blockRow,
  );
}

/** Those of these passages that still exist. */
export async function listLivingPassages(
  db: Queryable,
  siteId: string,
  passageIds: readonly number[],
): Promise<number[]> {
  const rows = await db.query(
    'select id from passage where site_id = $1 and id = any($2::bigint[])',
    [siteId, passageIds],
    z.object({ id: z.number() }),
  );
  return rows.map((row) => row.id);
}

/** How many passages a site's index has to hold. */
export async function countPassages(db: Queryable, siteId: string): Promise<number> {
  const rows = await db.query(
    'select count(*) as count from passage where site_id = $1 and holder_id is null',
    [siteId],
    z.object({ count: z.number() }),
  );
  return rows[0]?.count ?? 0;
}

/**
 * Puts a built segment in the place of those it was made of, in one transaction. False, and nothing changed,
 * where one of them has gone: another merge took it first, or its document was stored anew, and passages of it
 * that stayed are in another segment now.
 */
export async function replaceSegments(
  tx: Queryable,
  siteId: string,
  oldIds: readonly number[],
  replacement: { segmentId: number; bytes: number },
): Promise<boolean> {
  const rows = await tx.query(
    `select id, state from lexical_segment where site_id = $1 and id = any($2::bigint[]) order by id for update`,
    [siteId, oldIds],
    z.object({ id: z.number(), state: z.string() }),
  );
  if (rows.length < oldIds.length || rows.some((row) => row.state !== 'live')) return false;
  await tx.execute(
    `update lexical_segment set state = 'retired', state_at = now(), document_id = null
     where site_id = $1 and id = any($2::bigint[])`,
    [siteId, rows.map((row) => row.id)],
  );
  await tx.execute(
    `update lexical_segment set state = 'live', state_at = now(), bytes = $3 where site_id = $1 and id = $2`,
    [siteId, replacement.segmentId, replacement.bytes],
  );
  return true;
}

/** Drops a segment with its blocks. */
export async function deleteSegment(db: Queryable, siteId: string, segmentId: number): Promise<void> {
  await db.execute('delete from lexical_segment where site_id = $1 and id = $2', [siteId, segmentId]);
}

/**
 * Drops segments that were retired over a minute ago, when no search can be reading them any more, and the
 * halves that a merge left behind which broke off over an hour ago: of one site, or (null) of all.
 */
export async function deleteOldSegments(db: Queryable, siteId: string | null): Promise<void> {
  await db.execute(
    `delete from lexical_segment where ($1::text is null or site_id = $1) and (
       (state = 'retired' and state_at < now() - interval '1 minute')
       or (state = 'building' and state_at < now() - interval '1 hour'))`,
    [siteId],
  );
}
