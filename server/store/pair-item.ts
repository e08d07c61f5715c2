import { z } from 'zod';
import { sourceItemStateSchema, type SourceItemState } from '../protocol/http-knowledge.ts';
import type { Queryable } from '../ports.ts';
import { toJson } from './json.ts';

/** A row of a list of questions and answers, with what was handed over. */
export interface PairItem {
  id: number;
  state: SourceItemState;
  payload: unknown;
}

/** The row of that locator in a site's list; null when there is none that can be read. */
export async function findPairItem(
  db: Queryable,
  place: { siteId: string; sourceId: string; locator: string },
): Promise<PairItem | null> {
  const rows = await db.query(
    `select item.id, item.state, item.payload from source_item item join source on source.id = item.source_id
     where source.site_id = $1 and source.id = $2 and source.type = 'qa' and item.locator = $3
       and item.payload is not null`,
    [place.siteId, place.sourceId, place.locator],
    z.object({ id: z.number(), state: sourceItemStateSchema, payload: z.unknown() }),
  );
  return rows[0] ?? null;
}

/** The row of the list that a document was made of; null where it is no pair of a list. */
export async function findPairOfDocument(
  db: Queryable,
  documentId: number,
): Promise<{ sourceId: string; pairId: string } | null> {
  const rows = await db.query(
    `select item.source_id as "sourceId", item.locator as "pairId" from document
     join source on source.id = document.source_id and source.type = 'qa'
     join source_item item on item.source_id = source.id and item.document_id = document.id
       and item.payload is not null
     where document.id = $1`,
    [documentId],
    z.object({ sourceId: z.string(), pairId: z.string() }),
  );
  return rows[0] ?? null;
}

/** Keeps others from changing the row until the transaction ends. */
export async function lockPairItem(tx: Queryable, itemId: number): Promise<void> {
  await tx.execute('select id from source_item where id = $1 for update', [itemId]);
}

/** Whether another row of the list holds that question. */
export async function isAskedElsewhere(
  db: Queryable,
  sourceId: string,
  itemId: number,
  question: string,
): Promise<boolean> {
  const rows = await db.query(
    `select id from source_item
     where source_id = $1 and id <> $2 and payload ->> 'question' = $3 limit 1`,
    [sourceId, itemId, question],
    z.object({ id: z.number() }),
  );
  return rows.length > 0;
}

/** Puts a pair in place of the one that was handed over, so that later readings read it. */
export async function updatePairItem(tx: Queryable, itemId: number, payload: unknown): Promise<void> {
  await tx.execute(`update source_item set payload = $2::jsonb where id = $1`, [itemId, toJson(payload)]);
}
