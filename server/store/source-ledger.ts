import { z } from 'zod';
import type { Queryable } from '../ports.ts';
import {
  ocrMarkSchema,
  sourceItemStateSchema,
  type LedgerFilter,
  type OcrMark,
  type SourceItemState,
} from '../protocol/http-knowledge.ts';

export interface ItemCounts {
  /** By state, and `total`. */
  counts: Record<string, number>;
  /** Those among them that were read by OCR. */
  ocrItems: number;
}

/** How many items each of these sources has. */
export async function countItems(
  db: Queryable,
  sourceIds: readonly string[],
): Promise<Map<string, ItemCounts>> {
  const rows = await db.query(
    `select source_id, state, count(*) as items, count(ocr) as scans from source_item
     where source_id = any($1::uuid[]) group by source_id, state`,
    [sourceIds],
    z.object({ source_id: z.uuid(), state: z.string(), items: z.number(), scans: z.number() }),
  );
  const found = new Map<string, ItemCounts>();
  for (const id of sourceIds) found.set(id, noItems());
  for (const row of rows) {
    const own = found.get(row.source_id) ?? noItems();
    own.counts[row.state] = row.items;
    own.counts['total'] = (own.counts['total'] ?? 0) + row.items;
    own.ocrItems += row.scans;
  }
  return found;
}

/** The counts of a source that has nothing yet. */
export const noItems = (): ItemCounts => ({ counts: { total: 0 }, ocrItems: 0 });

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
  ocr: ocrMarkSchema.nullable(),
  external_id: z.string().nullable(),
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
  ocr: OcrMark | null;
  /** Id of its document as callers know it. */
  externalId: string | null;
}

/** A page of the ledger in order of discovery, after the item `after` (0 for the first); null shows all. */
export async function listItems(
  db: Queryable,
  sourceId: string,
  { after, limit, show }: { after: number; limit: number; show: LedgerFilter | null },
): Promise<ListedItem[]> {
  const rows = await db.query(
    `select item.id, item.locator, item.state, item.reason, item.updated_at, item.ocr, document.title, document.url, document.external_id,
       case when document.id is null then null
         else (select count(*) from passage where passage.document_id = document.id) end as passages
     from source_item item left join document on document.id = item.document_id
     where item.source_id = $1 and item.id > $2
       and ($4::text is null or case $4 when 'ocr' then item.ocr is not null else item.state = $4 end)
     order by item.id limit $3`,
    [sourceId, after, limit, show],
    listedRow,
  );
  return rows.map(({ updated_at, passages, external_id, ...row }) => ({
    ...row,
    externalId: external_id,
    updatedAt: updated_at,
    passageCount: passages,
  }));
}

/** How fast a run is at this moment: items that ended per second, over the last half minute or since it began. */
export async function endedPerSecond(db: Queryable, sourceId: string, run: number): Promise<number> {
  const [row] = await db.query(
    `select count(*)::double precision / greatest(1, least(30,
       extract(epoch from now() - (select started_at from source where id = $1)))) as rate
     from source_item
     where source_id = $1 and run = $2 and state not in ('found', 'fetched')
       and updated_at > now() - interval '30 seconds'
       and updated_at >= (select started_at from source where id = $1)`,
    [sourceId, run],
    z.object({ rate: z.number().nullable() }),
  );
  return row?.rate ?? 0;
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
