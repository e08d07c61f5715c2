import { z } from 'zod';
import type { Queryable } from '../ports.ts';
import { sourceItemStateSchema, type SourceItemState } from '../protocol/http.ts';

/** A page, file or line that is to be read. */
export interface WorkItem {
  id: number;
  locator: string;
  depth: number;
  attempts: number;
  etag: string | null;
  lastModified: string | null;
  payload: unknown;
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
 * `shouldReplace`, starts anew with the new payload. Locators must differ within one call.
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
  const added = await db.query(
    `insert into source_item (source_id, run, locator, depth, payload, state, reason)
     select $1, $2, locator, depth, payload, state, reason
     from jsonb_to_recordset($3::jsonb)
       as given (locator text, depth integer, payload jsonb, state text, reason text)
     on conflict (source_id, locator) do update
       set run = excluded.run, depth = excluded.depth, payload = excluded.payload, state = excluded.state,
           reason = excluded.reason, attempts = 0, updated_at = now()
       where source_item.run < excluded.run or $4
     returning id`,
    [sourceId, run, JSON.stringify(rows), shouldReplace],
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
    payload: z.unknown(),
  })
  .transform(({ last_modified, ...row }): WorkItem => ({ ...row, lastModified: last_modified }));

/**
 * Hands out the next items of a run that nobody has begun, shallow ones first, and counts the attempt, so that an
 * item which kills its worker is seen to do so.
 */
export async function takeItems(
  db: Queryable,
  sourceId: string,
  run: number,
  limit: number,
  inHand: readonly number[],
): Promise<WorkItem[]> {
  const rows = await db.query(
    `update source_item set attempts = attempts + 1
     where id in (
       select id from source_item
       where source_id = $1 and state = 'found' and run = $2 and not (id = any($4::bigint[]))
       order by depth, id limit $3)
     returning id, locator, depth, attempts, etag, last_modified, payload`,
    [sourceId, run, limit, inHand],
    workRow,
  );
  return rows.toSorted((left, right) => left.depth - right.depth || left.id - right.id);
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
}

/** Writes what became of an item and lets its input go. A null `documentId` keeps the one there is. */
export async function finishItem(db: Queryable, id: number, end: ItemEnd): Promise<void> {
  await db.execute(
    `update source_item
     set state = $2, reason = $3, document_id = coalesce($4, document_id), payload = null, updated_at = now(),
         etag = coalesce($5, etag), last_modified = coalesce($6, last_modified)
     where id = $1`,
    [id, end.state, end.reason, end.documentId ?? null, end.etag ?? null, end.lastModified ?? null],
  );
  await db.execute('delete from source_file where item_id = $1', [id]);
}

/** Ends whatever a run has left open. */
export async function finishOpenItems(
  db: Queryable,
  sourceId: string,
  end: { state: SourceItemState; reason: string },
): Promise<void> {
  await db.execute(
    `delete from source_file where item_id in
       (select id from source_item where source_id = $1 and state in ('found', 'fetched'))`,
    [sourceId],
  );
  await db.execute(
    `update source_item set state = $2, reason = $3, payload = null, updated_at = now()
     where source_id = $1 and state in ('found', 'fetched')`,
    [sourceId, end.state, end.reason],
  );
}

/** Items by state for each of these sources, with their `total`. */
export async function countItems(
  db: Queryable,
  sourceIds: readonly string[],
): Promise<Map<string, Record<string, number>>> {
  const rows = await db.query(
    `select source_id, state, count(*) as items from source_item
     where source_id = any($1::uuid[]) group by source_id, state`,
    [sourceIds],
    z.object({ source_id: z.uuid(), state: z.string(), items: z.number() }),
  );
  const counts = new Map<string, Record<string, number>>();
  for (const id of sourceIds) counts.set(id, { total: 0 });
  for (const row of rows) {
    const own = counts.get(row.source_id) ?? {};
    own[row.state] = row.items;
    own['total'] = (own['total'] ?? 0) + row.items;
  }
  return counts;
}

/** How many items a run has, all states. */
export async function countRunItems(db: Queryable, sourceId: string, run: number): Promise<number> {
  const rows = await db.query(
    'select count(*) as items from source_item where source_id = $1 and run = $2',
    [sourceId, run],
    z.object({ items: z.number() }),
  );
  return rows[0]?.items ?? 0;
}

/** How many of a run's items were pages that could be read. */
export async function countPages(db: Queryable, sourceId: string, run: number): Promise<number> {
  const rows = await db.query(
    `select count(*) as items from source_item
     where source_id = $1 and run = $2 and state in ('indexed', 'unchanged', 'empty')`,
    [sourceId, run],
    z.object({ items: z.number() }),
  );
  return rows[0]?.items ?? 0;
}

/** The reasons that a run's items ended without being stored, most frequent first. */
export async function frequentReasons(
  db: Queryable,
  sourceId: string,
  limit: number,
): Promise<{ state: string; reason: string; items: number }[]> {
  return db.query(
    `select state, reason, count(*) as items from source_item
     where source_id = $1 and reason is not null and state in ('failed', 'blocked', 'empty', 'skipped')
     group by state, reason
     order by case state when 'blocked' then 0 when 'failed' then 1 when 'empty' then 2 else 3 end, count(*) desc
     limit $2`,
    [sourceId, limit],
    z.object({ state: z.string(), reason: z.string(), items: z.number() }),
  );
}

const listedRow = z.object({
  id: z.number(),
  locator: z.string(),
  state: sourceItemStateSchema,
  reason: z.string().nullable(),
  updated_at: z.date(),
  title: z.string().nullable(),
  url: z.string().nullable(),
  passages: z.number().nullable(),
});

/** An item for the ledger's readers. */
export interface ListedItem {
  id: number;
  locator: string;
  state: SourceItemState;
  reason: string | null;
  updatedAt: Date;
  title: string | null;
  url: string | null;
  passageCount: number | null;
}

/** A page of the ledger in order of discovery, after the item `after` (0 for the first). */
export async function listItems(
  db: Queryable,
  sourceId: string,
  after: number,
  limit: number,
): Promise<ListedItem[]> {
  const rows = await db.query(
    `select item.id, item.locator, item.state, item.reason, item.updated_at, document.title, document.url,
       case when document.id is null then null
         else (select count(*) from passage where passage.document_id = document.id) end as passages
     from source_item item left join document on document.id = item.document_id
     where item.source_id = $1 and item.id > $2 order by item.id limit $3`,
    [sourceId, after, limit],
    listedRow,
  );
  return rows.map(({ updated_at, passages, ...row }) => ({
    ...row,
    updatedAt: updated_at,
    passageCount: passages,
  }));
}

/** Stores an uploaded file's bytes with its item. */
export async function insertFile(
  db: Queryable,
  itemId: number,
  mediaType: string | null,
  bytes: Uint8Array,
): Promise<void> {
  await db.execute(
    `insert into source_file (item_id, media_type, bytes) values ($1, $2, $3)
     on conflict (item_id) do update set media_type = excluded.media_type, bytes = excluded.bytes`,
    [itemId, mediaType, bytes],
  );
}

/** An uploaded file's bytes; null when they were read already. */
export async function findFile(
  db: Queryable,
  itemId: number,
): Promise<{ mediaType: string | null; bytes: Uint8Array } | null> {
  const rows = await db.query(
    'select media_type, bytes from source_file where item_id = $1',
    [itemId],
    z.object({ media_type: z.string().nullable(), bytes: z.instanceof(Uint8Array) }),
  );
  return rows[0] === undefined ? null : { mediaType: rows[0].media_type, bytes: rows[0].bytes };
}
