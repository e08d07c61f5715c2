import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { NewDocument, NewPassage } from '../domain/knowledge.ts';
import type { Queryable, Transaction } from '../ports.ts';
import type { PassageIndex, PreparedDocuments, StoredDocument } from '../services/passage-index.ts';

interface DocumentOptions {
  title?: string;
  language?: string | null;
  headingPath?: readonly string[];
}

/** A document with these texts as its passages. */
export function newDocument(
  externalId: string,
  texts: readonly string[],
  options: DocumentOptions = {},
): NewDocument {
  let start = 0;
  const passages = texts.map((text, position): NewPassage => {
    const passage = {
      position,
      text,
      headingPath: options.headingPath ?? [],
      anchor: null,
      page: null,
      start,
      end: start + text.length,
    };
    start += text.length + 2;
    return passage;
  });
  const text = texts.join('\n\n');
  return {
    externalId,
    url: `https://shop.test/${externalId}`,
    title: options.title ?? externalId,
    language: options.language === undefined ? 'en' : options.language,
    text,
    contentHash: createHash('sha256').update(text).digest('hex'),
    passages,
  };
}

/** What can run a transaction: a database, or a transaction that passes itself on. */
export interface Transactor extends Queryable {
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
}

const idRow = z.object({ id: z.number() });

async function storeDocument(tx: Queryable, siteId: string, document: NewDocument): Promise<number> {
  const rows = await tx.query(
    `insert into document (site_id, external_id, url, title, language, text, content_hash)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (site_id, external_id) do update
       set title = excluded.title, language = excluded.language, text = excluded.text,
           content_hash = excluded.content_hash, version = document.version + 1
     returning id`,
    [
      siteId,
      document.externalId,
      document.url,
      document.title,
      document.language,
      document.text,
      document.contentHash,
    ],
    idRow,
  );
  return rows[0]!.id;
}

/** Publishes a document as the pipeline does: rows and index in one transaction. */
export async function addDocument(
  db: Transactor,
  index: PassageIndex,
  siteId: string,
  document: NewDocument,
  given?: PreparedDocuments,
): Promise<StoredDocument & { documentId: number }> {
  const documents = [{ documentId: null, document }];
  const prepared = given ?? (await index.prepare(db, { siteId, documents, isSure: true }));
  return db.transaction(async (tx) => {
    const documentId = await storeDocument(tx, siteId, document);
    const [stored] = await index.write(tx, siteId, [{ documentId, document, isNew: false }], prepared);
    return { documentId, ...stored! };
  });
}

/** Deletes a document as the documents service does. */
export async function deleteDocument(
  db: Transactor,
  index: PassageIndex,
  siteId: string,
  documentId: number,
): Promise<void> {
  await db.transaction(async (tx) => {
    await index.remove(tx, { siteId, documentId });
    await tx.execute('delete from document where site_id = $1 and id = $2', [siteId, documentId]);
  });
}
