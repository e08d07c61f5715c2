import { z } from 'zod';
import type { Queryable } from '../ports.ts';
import { sourceItemStateSchema, type SourceItemState } from '../protocol/http-knowledge.ts';

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
