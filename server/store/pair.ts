import { z } from 'zod';
import type { Queryable } from '../ports.ts';

/** A question-and-answer pair of an owner, as it was published. */
export interface PairRecord {
  documentId: number;
  question: string;
  alternatives: string[];
  language: string | null;
}

/** Begins the ids of documents made of a pair; the pipeline names them so. */
export const pairPrefix = 'qa:';
/** The index `document_pair` knows this condition. */
const isPair = `starts_with(external_id, '${pairPrefix}')`;

/** Differs whenever the site's pairs do. */
export async function readPairStamp(db: Queryable, siteId: string): Promise<string> {
  const [row] = await db.query(
    `select count(*) as pairs, max(updated_at)::text as newest from document where site_id = $1 and ${isPair}`,
    [siteId],
    z.object({ pairs: z.number(), newest: z.string().nullable() }),
  );
  return `${String(row?.pairs ?? 0)} ${row?.newest ?? ''}`;
}

/** The site's pairs, the oldest first. */
export async function listPairs(db: Queryable, siteId: string, limit: number): Promise<PairRecord[]> {
  const rows = await db.query(
    `select id, title, aliases, language from document where site_id = $1 and ${isPair} order by id limit $2`,
    [siteId, limit],
    z.object({
      id: z.number(),
      title: z.string(),
      aliases: z.array(z.string()),
      language: z.string().nullable(),
    }),
  );
  return rows.map((row) => ({
    documentId: row.id,
    question: row.title,
    alternatives: row.aliases,
    language: row.language,
  }));
}

/** A pair's answer and how it is cited, or null when it is gone. */
export async function findPair(
  db: Queryable,
  siteId: string,
  documentId: number,
): Promise<{ externalId: string; title: string; url: string | null; text: string } | null> {
  const [row] = await db.query(
    `select external_id, title, url, text from document where site_id = $1 and id = $2 and ${isPair}`,
    [siteId, documentId],
    z.object({ external_id: z.string(), title: z.string(), url: z.string().nullable(), text: z.string() }),
  );
  if (row === undefined) return null;
  return { externalId: row.external_id, title: row.title, url: row.url, text: row.text };
}
