import { z } from 'zod';
import type { Queryable } from '../ports.ts';
import { toJson } from './json.ts';
import { sourceItemStateSchema, type OcrMark, type SourceItemState } from '../protocol/http-knowledge.ts';

/** A page, file or line that is to be read. */
export interface WorkItem {
  id: number;
  locator: string;
  depth: number;
  attempts: number;
  etag: string | null;
  lastModified: string | null;
  /** What an earlier run stored of it. */
  documentId: number | null;
  payload: unknown;
  /** Who read it last, as the reader names itself; null when nobody has. */
  readBy: string | null;
}

export interface NewItem {
  locator: string;
  depth?: number;
  payload?: unknown;
  /** `found` unless it is known already that it will not be read. */
  state?: SourceItemState;
  reason?: string | null;
}

const idRow = z.object({ id: z.number() });

/**
 * Adds items to a run. One that an earlier run left is taken up again; one of this run is left as it is, or, with
 * `shouldReplace`, starts anew with the new payload. Locators must differ within one call. What is left is not even
 * locked, and the rest (but for what is replaced, which nobody else adds) in one order: pages that are read side by
 * side name each other.
 * Gives the ids of what was added or taken up.
 */
export async function addItems(
  db: Queryable,
  sourceId: string,
  run: number,
  items: readonly NewItem[],
  shouldReplace = false,
): Promise<number[]> {
  if (items.length === 0) return [];
  const rows = items.map((item) => ({
    locator: item.locator,
    depth: item.depth ?? 0,
    payload: item.payload ?? null,
    state: item.state ?? 'found',
    reason: item.reason ?? null,
  }));
  if (!shouldReplace) rows.sort((one, other) => (one.locator < other.locator ? -1 : 1));
  const added = await db.query(
    `insert into source_item (source_id, run, locator, depth, payload, state, reason)
     select $1, $2, locator, depth, payload, state, reason
     from jsonb_to_recordset($3::jsonb)
       as given (locator text, depth integer, payload jsonb, state text, reason text)
     where $4 or not exists (
       select from source_item known where known.source_id = $1 and known.locator = given.locator
         and (known.run >= $2 or known.deleted_at is not null))
     on conflict (source_id, locator) do update
       set run = excluded.run, depth = excluded.depth, payload = excluded.payload, state = excluded.state,
           reason = excluded.reason, attempts = 0, updated_at = now()
       where (source_item.run < excluded.run and source_item.deleted_at is null) or $4
     returning id`,
    [sourceId, run, toJson(rows), shouldReplace],
    idRow,
  );
  return added.map((row) => row.id);
}

const workRow = z
  .object({
    id: z.number(),
    locator: z.string(),
    depth: z.number(),
    attempts: z.number(),
    etag: z.string().nullable(),
    last_modified: z.string().nullable(),
    document_id: z.number().nullable(),
    payload: z.unknown(),
    read_by: z.string().nullable(),
  })
  .transform(({ last_modified, document_id, read_by, ...row }): WorkItem => ({
    ...row,
    lastModified: last_modified,
    documentId: document_id,
    readBy: read_by,
  }));

/**
 * An item begun this often without an end is a suspect: it is worked on alone, so that it is known whether it is the
 * one that kills workers.
 */
export const suspectAttempts = 3;

/** Items at this depth or below wait, one by one, until all others of their run have ended. */
export const waitingDepth = 1_000;

async function takeAtDepth(
  db: Queryable,
  run: { sourceId: string; run: number },
  isWaiting: boolean,
  limit: number,
  inHand: readonly number[],
): Promise<WorkItem[]> {
  const rows = await db.query(
    `update source_item set attempts = attempts + 1
     where id in (
       select id from source_item
       where source_id = $1 and state = 'found' and run = $2 and not (id = any($4::bigint[]))
         and (depth >= $5 or attempts >= $7) = $6
       order by depth, id limit $3)
     returning id, locator, depth, attempts, etag, last_modified, document_id, payload, read_by`,
    [run.sourceId, run.run, limit, inHand, waitingDepth, isWaiting, suspectAttempts],
    workRow,
  );
  return rows.toSorted((left, right) => left.depth - right.depth || left.id - right.id);
}

/**
 * Hands out the next items of a run that nobody has begun, shallow ones first, and counts the attempt, so that an
 * item which kills its worker is seen to do so. `inHand` are the ids that the caller is busy with.
 */
export async function takeItems(
  db: Queryable,
  run: { sourceId: string; run: number },
  limit: number,
  inHand: readonly number[],
): Promise<WorkItem[]> {
  const items = await takeAtDepth(db, run, false, limit, inHand);
  return items.length > 0 || inHand.length > 0 ? items : takeAtDepth(db, run, true, 1, inHand);
}

/** Gives back items that a worker had in hand when it died. */
export async function reopenFetched(db: Queryable, sourceId: string, run: number): Promise<void> {
  await db.execute(
    `update source_item set state = 'found' where source_id = $1 and run = $2 and state = 'fetched'`,
    [sourceId, run],
  );
}

export interface ItemEnd {
  state: SourceItemState;
  reason: string | null;
  documentId?: number | null;
  etag?: string | null;
  lastModified?: string | null;
  ocr?: OcrMark | null;
  readBy?: string | null;
}

/**
 * Writes what became of items. What was handed over is kept, what was unpacked from it is let go. A null `documentId`
 * keeps the one there is.
 */
export async function finishItems(
  db: Queryable,
  ends: readonly (ItemEnd & { itemId: number })[],
): Promise<void> {
  if (ends.length === 0) return;
  const rows = ends.map((end) => ({
    id: end.itemId,
    state: end.state,
    reason: end.reason,
    document_id: end.documentId ?? null,
    etag: end.etag ?? null,
    last_modified: end.lastModified ?? null,
    ocr: end.ocr ?? null,
    read_by: end.readBy ?? null,
  }));
  await db.execute(
    `with given as (
       select * from jsonb_to_recordset($1::jsonb)
         as each (id bigint, state text, reason text, document_id bigint, etag text, last_modified text, ocr jsonb,
           read_by text)
     ), used as (
       delete from source_file using given, source_item item
       where item_id = given.id and item.id = given.id and item.depth > 0)
     update source_item item
     set state = given.state, reason = given.reason, document_id = coalesce(given.document_id, item.document_id),
         payload = case when item.depth = 0 then item.payload end, updated_at = now(), etag = coalesce(given.etag, item.etag),
         last_modified = coalesce(given.last_modified, item.last_modified),
         read_by = case when given.state = 'unchanged' then coalesce(given.read_by, item.read_by)
           else given.read_by end,
         ocr = case when given.state = 'unchanged' then coalesce(given.ocr, item.ocr) else given.ocr end,
         misses = case when given.state in ('indexed', 'unchanged') then 0 else misses end
     from given where item.id = given.id`,
    [toJson(rows)],
  );
}

/** As `finishItems`, for one. */
export async function finishItem(db: Queryable, itemId: number, end: ItemEnd): Promise<void> {
  await finishItems(db, [{ ...end, itemId }]);
}

/**
 * Ends an item as unchanged; false when what was stored of it has gone meanwhile (it turned out to be a duplicate).
 * It is then to be read in full.
 */
export async function finishUnchanged(db: Queryable, id: number, end: ItemEnd): Promise<boolean> {
  const reopened = await db.execute(
    `update source_item set state = 'found' where id = $1 and document_id is null`,
    [id],
  );
  if (reopened > 0) return false;
  await finishItem(db, id, end);
  return true;
}

/** Ends the item of a document that gives way to another; one that is still to be read decides for itself. */
export async function finishDisplaced(
  db: Queryable,
  sourceId: string,
  locator: string,
  end: ItemEnd,
): Promise<void> {
  await db.execute(
    `update source_item set state = $3, reason = $4, document_id = null, updated_at = now()
     where source_id = $1 and locator = $2 and state not in ('found', 'fetched')`,
    [sourceId, locator, end.state, end.reason],
  );
}

/** Takes everything that earlier runs stored up into this run, so that nothing depends on links alone. */
export async function carryOverItems(db: Queryable, sourceId: string, run: number): Promise<void> {
  await db.execute(
    `update source_item set run = $2, state = 'found', reason = null, attempts = 0, updated_at = now()
     where source_id = $1 and run < $2 and document_id is not null`,
    [sourceId, run],
  );
}

/** Puts an item behind all others; the try does not count. */
export async function postponeItem(db: Queryable, id: number): Promise<void> {
  await db.execute(
    `update source_item set depth = depth + $2, state = 'found', attempts = greatest(attempts - 1, 0) where id = $1`,
    [id, waitingDepth],
  );
}

/** Counts a run in which an indexed page could not be read; gives how many in a row. */
export async function countMiss(db: Queryable, id: number): Promise<number> {
  const rows = await db.query(
    'update source_item set misses = misses + 1 where id = $1 returning misses',
    [id],
    z.object({ misses: z.number() }),
  );
  return rows[0]?.misses ?? 0;
}

/** An item's state by its locator; null when the source has none such. */
export async function findItemState(
  db: Queryable,
  sourceId: string,
  locator: string,
): Promise<{ run: number; state: SourceItemState; documentId: number | null } | null> {
  const rows = await db.query(
    `select run, state, document_id as "documentId" from source_item where source_id = $1 and locator = $2`,
    [sourceId, locator],
    z.object({ run: z.number(), state: sourceItemStateSchema, documentId: z.number().nullable() }),
  );
  return rows[0] ?? null;
}

/** Ends whatever a run has left open; what was handed over is kept unless told, so that it can be read later. */
export async function finishOpenItems(
  db: Queryable,
  sourceId: string,
  end: { state: SourceItemState; reason: string },
  keepsInput = true,
): Promise<void> {
  const leastDepth = keepsInput ? 1 : 0;
  await db.execute(
    `delete from source_file where item_id in
       (select id from source_item where source_id = $1 and state in ('found', 'fetched') and depth >= $2)`,
    [sourceId, leastDepth],
  );
  await db.execute(
    `update source_item set state = $2, reason = $3, updated_at = now(),
       payload = case when depth < $4 then payload end
     where source_id = $1 and state in ('found', 'fetched')`,
    [sourceId, end.state, end.reason, leastDepth],
  );
}
