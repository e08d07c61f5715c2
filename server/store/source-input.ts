import { z } from 'zod';
import type { Queryable, Transaction } from '../ports.ts';

/** What was handed over (files, lines, pairs) is kept with its item until the source or the document is deleted. */

/** An item has input of its own; parts of archives and lists have it only until they are read. */
const hasOwnInput = `(item.payload is not null
  or exists (select 1 from source_file file where file.item_id = item.id))`;

/** Whether anything of the source could be read again. */
export async function hasInput(db: Queryable, sourceId: string): Promise<boolean> {
  const rows = await db.query(
    `select item.id from source_item item
     where item.source_id = $1 and item.depth = 0 and ${hasOwnInput} limit 1`,
    [sourceId],
    z.object({ id: z.number() }),
  );
  return rows.length > 0;
}

/**
 * Takes what earlier runs were given up into this run. What `reader` has read already, and is still there as it was
 * read, ends at once with `reason`, without being looked at: the same reader would make the same of it. Containers
 * are opened again when any part in them is not so.
 */
export async function takeUpInput(
  db: Queryable,
  run: { sourceId: string; run: number },
  reader: string,
  reason: string,
): Promise<void> {
  await db.execute(
    `update source_item item
     set run = $2, updated_at = now(),
         reason = case when item.state = 'indexed' then $4 else item.reason end,
         state = case when item.state = 'indexed' then 'unchanged' else item.state end
     where item.source_id = $1 and item.run < $2 and item.read_by = $3 and (
       item.state in ('indexed', 'unchanged')
         and exists (select 1 from document where id = item.document_id and source_id = $1)
       or item.state in ('skipped', 'empty') and item.document_id is null and not exists (
         select 1 from source_item part
         where part.source_id = $1 and part.depth > 0 and part.deleted_at is null
           and (part.state = 'failed' or part.read_by is distinct from $3)))`,
    [run.sourceId, run.run, reader, reason],
  );
  await db.execute(
    `update source_item item set run = $2, state = 'found', reason = null, attempts = 0, updated_at = now()
     where item.source_id = $1 and item.run < $2 and ${hasOwnInput}`,
    [run.sourceId, run.run],
  );
}

/** Lets the input of one item go. */
export async function dropInput(tx: Queryable, itemId: number): Promise<void> {
  await tx.execute('delete from source_file where item_id = $1', [itemId]);
  await tx.execute('update source_item set payload = null where id = $1', [itemId]);
}

/**
 * Gives what a document was read from back to the quota of its source; gives the items that it came from. To be
 * called before the site's passages are locked: whoever stores locks the source first.
 */
export async function freeInput(tx: Transaction, documentId: number): Promise<number[]> {
  await tx.execute(
    `update source set bytes = greatest(0, source.bytes - freed.bytes)
     from (
       select item.source_id, sum(coalesce(octet_length(file.bytes), octet_length(item.payload::text))) as bytes
       from source_item item left join source_file file on file.item_id = item.id
       where item.document_id = $1 and item.depth = 0 group by item.source_id
     ) freed
     where source.id = freed.source_id and freed.bytes > 0`,
    [documentId],
  );
  const rows = await tx.query(
    'select id from source_item where document_id = $1',
    [documentId],
    z.object({ id: z.number() }),
  );
  return rows.map((row) => row.id);
}

/** Ends items whose document was deleted by hand; what was handed over does not come back. */
export async function endDeletedItems(tx: Transaction, itemIds: readonly number[]): Promise<void> {
  if (itemIds.length === 0) return;
  await tx.execute('delete from source_file where item_id = any($1::bigint[])', [itemIds]);
  await tx.execute(
    `update source_item item
     set state = 'removed', payload = null, ocr = null, updated_at = now(),
         deleted_at = case when source.type in ('website', 'pages') then null else now() end,
         reason = case when source.type in ('website', 'pages')
           then 'It was deleted by hand. The next reading brings it back unless its path is left out.'
           else 'It was deleted by hand.' end
     from source where source.id = item.source_id and item.id = any($1::bigint[])
       and item.state not in ('found', 'fetched')`,
    [itemIds],
  );
}

/** What an item of an earlier run had that this run did not find again. */
export interface LeftBehind {
  id: number;
  locator: string;
  documentId: number;
}

/** Parts whose container was opened in this run and no longer gave them, while their documents are still there. */
export async function partsLeftBehind(
  db: Queryable,
  run: { sourceId: string; run: number },
): Promise<LeftBehind[]> {
  return db.query(
    `select id, locator, document_id as "documentId" from source_item
     where source_id = $1 and run < $2 and depth > 0 and document_id is not null order by id`,
    [run.sourceId, run.run],
    z.object({ id: z.number(), locator: z.string(), documentId: z.number() }),
  );
}
