import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { NewPassage } from '../domain/knowledge.ts';
import type { Queryable } from '../ports.ts';

/** What the embedding of a passage depends on; the same hash means the same vector. */
export function passageHash(title: string, passage: Pick<NewPassage, 'headingPath' | 'text'>): string {
  return createHash('sha256')
    .update(JSON.stringify([title, passage.headingPath, passage.text]))
    .digest('hex');
}

/** Stores a document's passages in place of those it had; gives the new ids in the order of `passages`. */
export async function replacePassages(
  tx: Queryable,
  siteId: string,
  documentId: number,
  title: string,
  passages: readonly NewPassage[],
): Promise<number[]> {
  await tx.execute('delete from passage where document_id = $1', [documentId]);
  if (passages.length === 0) return [];
  const rows = passages.map((passage, position) => ({
    position,
    heading_path: passage.headingPath,
    anchor: passage.anchor,
    page: passage.page,
    char_start: passage.start,
    char_end: passage.end,
    // A cut through a surrogate pair would be refused by PostgreSQL.
    text: passage.text.toWellFormed(),
    content_hash: passageHash(title, passage),
  }));
  const stored = await tx.query(
    `insert into passage
       (site_id, document_id, position, heading_path, anchor, page, char_start, char_end, text, content_hash)
     select $1, $2, position, heading_path, anchor, page, char_start, char_end, text, content_hash
     from jsonb_to_recordset($3::jsonb) as given (position integer, heading_path text[], anchor text, page integer,
       char_start integer, char_end integer, text text, content_hash text)
     returning id, position`,
    [siteId, documentId, JSON.stringify(rows)],
    z.object({ id: z.number(), position: z.number() }),
  );
  return stored.toSorted((left, right) => left.position - right.position).map((row) => row.id);
}

export interface PassageRecord extends NewPassage {
  id: number;
}

/** A document's passages in order. */
export async function listPassages(db: Queryable, documentId: number): Promise<PassageRecord[]> {
  const rows = await db.query(
    `select id, position, heading_path, anchor, page, char_start, char_end, text
     from passage where document_id = $1 order by position`,
    [documentId],
    z.object({
      id: z.number(),
      position: z.number(),
      heading_path: z.array(z.string()),
      anchor: z.string().nullable(),
      page: z.number().nullable(),
      char_start: z.number(),
      char_end: z.number(),
      text: z.string(),
    }),
  );
  return rows.map((row) => ({
    id: row.id,
    position: row.position,
    headingPath: row.heading_path,
    anchor: row.anchor,
    page: row.page,
    start: row.char_start,
    end: row.char_end,
    text: row.text,
  }));
}
