import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { NewDocument } from '../domain/knowledge.ts';
import type { Queryable } from '../ports.ts';
import { toJson } from './json.ts';

/** A document as stored. */
export interface DocumentRecord {
  id: number;
  externalId: string;
  url: string | null;
  title: string;
  language: string | null;
  text: string;
  contentHash: string;
  /** Other ways to ask for it, as search knows them. */
  aliases: string[];
  version: number;
  updatedAt: Date;
}

const documentRow = z
  .object({
    id: z.number(),
    external_id: z.string(),
    url: z.string().nullable(),
    title: z.string(),
    language: z.string().nullable(),
    text: z.string(),
    content_hash: z.string(),
    aliases: z.array(z.string()),
    version: z.number(),
    updated_at: z.date(),
  })
  .transform((row): DocumentRecord => ({
    id: row.id,
    externalId: row.external_id,
    url: row.url,
    title: row.title,
    language: row.language,
    text: row.text,
    contentHash: row.content_hash,
    aliases: row.aliases,
    version: row.version,
    updatedAt: row.updated_at,
  }));

/** The site's document with that id of the caller's (or URL), or null. */
export async function findDocument(
  db: Queryable,
  siteId: string,
  externalId: string,
): Promise<DocumentRecord | null> {
  const rows = await db.query(
    `select id, external_id, url, title, language, text, content_hash, aliases, version, updated_at
     from document where site_id = $1 and external_id = $2`,
    [siteId, externalId],
    documentRow,
  );
  return rows[0] ?? null;
}

/** Id and hash of the stored version, to tell whether anything changed. */
export async function findDocumentHash(
  db: Queryable,
  siteId: string,
  externalId: string,
): Promise<{ id: number; contentHash: string } | null> {
  const rows = await db.query(
    'select id, content_hash from document where site_id = $1 and external_id = $2',
    [siteId, externalId],
    z.object({ id: z.number(), content_hash: z.string() }),
  );
  return rows[0] === undefined ? null : { id: rows[0].id, contentHash: rows[0].content_hash };
}

/** Ids and hashes of the stored versions of several documents, by the caller's id. */
export async function findDocumentHashes(
  db: Queryable,
  siteId: string,
  externalIds: readonly string[],
): Promise<Map<string, { id: number; contentHash: string }>> {
  const rows = await db.query(
    'select id, external_id, content_hash from document where site_id = $1 and external_id = any($2::text[])',
    [siteId, externalIds],
    z.object({ id: z.number(), external_id: z.string(), content_hash: z.string() }),
  );
  return new Map(rows.map((row) => [row.external_id, { id: row.id, contentHash: row.content_hash }]));
}

/** Changes the other ways to ask for a document; the index must learn them in the same transaction. */
export async function updateAliases(
  tx: Queryable,
  documentId: number,
  aliases: readonly string[],
): Promise<void> {
  await tx.execute('update document set aliases = $2, updated_at = now() where id = $1', [
    documentId,
    aliases,
  ]);
}

/** Hash of what a reader sees, wherever it stands. */
export function textHash(document: Pick<NewDocument, 'title' | 'text'>): string {
  return createHash('sha256')
    .update(JSON.stringify([document.title, document.text]))
    .digest('hex');
}

/** Another document of the source with the same title and text. */
export interface Twin {
  id: number;
  externalId: string;
  textHash: string;
}

/** The source's documents with the title and text of one of `documents`, but not these documents themselves. */
export async function findTwins(
  tx: Queryable,
  siteId: string,
  sourceId: string,
  documents: readonly NewDocument[],
): Promise<Twin[]> {
  return tx.query(
    `select id, external_id as "externalId", text_hash as "textHash" from document
     where site_id = $1 and text_hash = any($2::text[]) and source_id = $3 and external_id <> all($4::text[])
     order by id for update`,
    [siteId, documents.map(textHash), sourceId, documents.map(({ externalId }) => externalId)],
    z.object({ id: z.number(), externalId: z.string(), textHash: z.string() }),
  );
}

/** Which row a document is stored in, and whether it was made for it. */
export interface StoredDocumentRow {
  id: number;
  isNew: boolean;
}

/** Stores new documents or the next versions of them; gives their rows by the caller's id. These must differ. */
export async function upsertDocuments(
  tx: Queryable,
  siteId: string,
  sourceId: string,
  documents: readonly NewDocument[],
): Promise<Map<string, StoredDocumentRow>> {
  if (documents.length === 0) return new Map();
  const given = documents.map((document) => ({
    external_id: document.externalId,
    url: document.url,
    title: document.title,
    language: document.language,
    text: document.text,
    content_hash: document.contentHash,
    text_hash: textHash(document),
    aliases: document.aliases ?? [],
  }));
  const rows = await tx.query(
    `insert into document (site_id, source_id, external_id, url, title, language, text, content_hash, text_hash, aliases)
     select $1, $2, external_id, url, title, language, text, content_hash, text_hash, aliases
     from jsonb_to_recordset($3::jsonb) as given (external_id text, url text, title text, language text, text text,
       content_hash text, text_hash text, aliases text[])
     on conflict (site_id, external_id) do update
       set source_id = excluded.source_id, url = excluded.url, title = excluded.title,
           language = excluded.language, text = excluded.text, content_hash = excluded.content_hash,
           text_hash = excluded.text_hash, aliases = excluded.aliases, version = document.version + 1, updated_at = now()
     returning id, external_id as "externalId", version = 1 as "isNew"`,
    [siteId, sourceId, toJson(given)],
    z.object({ id: z.number(), externalId: z.string(), isNew: z.boolean() }),
  );
  return new Map(rows.map(({ externalId, ...row }) => [externalId, row]));
}

/** Makes a source the owner of unchanged documents, so that deleting the source deletes them. */
export async function adoptDocuments(
  tx: Queryable,
  documentIds: readonly number[],
  sourceId: string,
): Promise<void> {
  if (documentIds.length === 0) return;
  await tx.execute(
    'update document set source_id = $2 where id = any($1::bigint[]) and source_id is distinct from $2',
    [documentIds, sourceId],
  );
}

/** Whether a document (still) belongs to a source: another may have stored it since. */
export async function ownsDocument(db: Queryable, sourceId: string, documentId: number): Promise<boolean> {
  const rows = await db.query(
    'select id from document where id = $1 and source_id = $2',
    [documentId, sourceId],
    z.object({ id: z.number() }),
  );
  return rows.length > 0;
}

/** Deletes the rows of a document; the index must have forgotten it in the same transaction. */
export async function deleteDocument(tx: Queryable, siteId: string, documentId: number): Promise<void> {
  await tx.execute('delete from document where site_id = $1 and id = $2', [siteId, documentId]);
}

/** Ids of up to `limit` of a source's documents. */
export async function documentsOfSource(db: Queryable, sourceId: string, limit: number): Promise<number[]> {
  const rows = await db.query(
    'select id from document where source_id = $1 order by id limit $2',
    [sourceId, limit],
    z.object({ id: z.number() }),
  );
  return rows.map((row) => row.id);
}

export interface DocumentSummary {
  id: number;
  externalId: string;
  url: string | null;
  title: string;
  language: string | null;
  updatedAt: Date;
  passageCount: number;
}

/** A page of the site's documents by id, after the document `after` (0 for the first). */
export async function listDocuments(
  db: Queryable,
  siteId: string,
  after: number,
  limit: number,
): Promise<DocumentSummary[]> {
  const rows = await db.query(
    `select id, external_id, url, title, language, updated_at,
       (select count(*) from passage where document_id = document.id) as passages
     from document where site_id = $1 and id > $2 order by id limit $3`,
    [siteId, after, limit],
    z.object({
      id: z.number(),
      external_id: z.string(),
      url: z.string().nullable(),
      title: z.string(),
      language: z.string().nullable(),
      updated_at: z.date(),
      passages: z.number(),
    }),
  );
  return rows.map((row) => ({
    id: row.id,
    externalId: row.external_id,
    url: row.url,
    title: row.title,
    language: row.language,
    updatedAt: row.updated_at,
    passageCount: row.passages,
  }));
}
