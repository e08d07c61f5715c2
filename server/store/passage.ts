import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { NewDocument, NewPassage } from '../domain/knowledge.ts';
import type { KeptPassage, PassageMark } from '../domain/passage-plan.ts';
import type { Queryable } from '../ports.ts';
import { toJson } from './json.ts';

function sha256(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** What tells the passages of a document apart, one by one. */
export function markPassages(document: NewDocument): PassageMark[] {
  const { title, language, aliases = [], passages } = document;
  // The index reads the title in the light of the first heading.
  const context = [title, passages[0]?.headingPath ?? [], language, aliases];
  return passages.map(({ headingPath, text, aliases: own = [] }) => {
    const words = [headingPath.at(-1) ?? '', text].map((part) =>
      (
        part
          .normalize('NFKC')
          .toLowerCase()
          .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
      ).join(' '),
    );
    const asked = own.length === 0 ? [] : [own];
    return { contentHash: sha256([...context, headingPath, text, ...asked]), wordingHash: sha256(words) };
  });
}

const storedRow = z.object({
  id: z.number(),
  documentId: z.number(),
  contentHash: z.string(),
  wordingHash: z.string(),
  holderId: z.number().nullable(),
});
export type StoredPassage = KeptPassage & { documentId: number };

/** The passages of some documents of a site, in order. */
export async function listStoredPassages(
  db: Queryable,
  siteId: string,
  documentIds: readonly number[],
): Promise<StoredPassage[]> {
  if (documentIds.length === 0) return [];
  return db.query(
    `select id, document_id as "documentId", content_hash as "contentHash", wording_hash as "wordingHash",
       holder_id as "holderId"
     from passage where site_id = $1 and document_id = any($2::bigint[]) order by document_id, position`,
    [siteId, documentIds],
    storedRow,
  );
}

/** Ids for passages that are about to be inserted. */
export async function reservePassageIds(tx: Queryable, count: number): Promise<number[]> {
  if (count === 0) return [];
  const rows = await tx.query(
    `select nextval(pg_get_serial_sequence('passage', 'id')) as id from generate_series(1, $1)`,
    [count],
    z.object({ id: z.number() }),
  );
  return rows.map((row) => row.id).sort((left, right) => left - right);
}

/** A passage at its place in a document, under an id that is reserved or kept. */
export interface PlacedPassage {
  id: number;
  documentId: number;
  passage: NewPassage;
  mark: PassageMark;
  holderId: number | null;
}

/** Inserts passages under reserved ids. */
export async function insertPassages(
  tx: Queryable,
  siteId: string,
  passages: readonly PlacedPassage[],
): Promise<void> {
  if (passages.length === 0) return;
  const rows = passages.map(({ id, documentId, passage, mark, holderId }) => ({
    id,
    document_id: documentId,
    position: passage.position,
    heading_path: passage.headingPath,
    anchor: passage.anchor,
    page: passage.page,
    char_start: passage.start,
    char_end: passage.end,
    text: passage.text,
    aliases: passage.aliases ?? [],
    content_hash: mark.contentHash,
    wording_hash: mark.wordingHash,
    holder_id: holderId,
  }));
  await tx.execute(
    `insert into passage (id, site_id, document_id, position, heading_path, anchor, page, char_start, char_end,
       text, aliases, content_hash, wording_hash, holder_id)
     overriding system value
     select id, $1, document_id, position, heading_path, anchor, page, char_start, char_end,
       text, aliases, content_hash, wording_hash, holder_id
     from jsonb_to_recordset($2::jsonb) as given (id bigint, document_id bigint, position integer,
       heading_path text[], anchor text, page integer, char_start integer, char_end integer, text text,
       aliases text[], content_hash text, wording_hash text, holder_id bigint)`,
    [siteId, toJson(rows)],
  );
}

/** Moves passages that stay to their places in the new version. */
export async function movePassages(tx: Queryable, passages: readonly PlacedPassage[]): Promise<void> {
  if (passages.length === 0) return;
  const rows = passages.map(({ id, passage, holderId }) => ({
    id,
    position: passage.position,
    anchor: passage.anchor,
    page: passage.page,
    char_start: passage.start,
    char_end: passage.end,
    holder_id: holderId,
  }));
  await tx.execute(
    `update passage set position = given.position, anchor = given.anchor, page = given.page,
       char_start = given.char_start, char_end = given.char_end, holder_id = given.holder_id
     from jsonb_to_recordset($1::jsonb) as given (id bigint, position integer, anchor text, page integer,
       char_start integer, char_end integer, holder_id bigint)
     where passage.id = given.id`,
    [toJson(rows)],
  );
}

/** Deletes passages; what stands in for others must have been handed on before. */
export async function deletePassages(tx: Queryable, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await tx.execute('delete from passage where id = any($1::bigint[])', [ids]);
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
