import { z } from 'zod';
import type { Queryable } from '../ports.ts';

/**
 * Keeps other changes of a site's passages waiting until the transaction ends. Whoever stores or deletes passages
 * takes it first: what stands in for what is decided by one at a time, and nobody waits in a circle.
 */
export async function lockPassages(tx: Queryable, siteId: string): Promise<void> {
  await tx.execute('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`passages of ${siteId}`]);
}

export interface HolderRow {
  id: number;
  wordingHash: string;
  title: string;
}

/** The site's indexed passages with these wordings, but those of `exceptDocuments`; the oldest of each first. */
export async function listHolders(
  db: Queryable,
  siteId: string,
  wordingHashes: readonly string[],
  exceptDocuments: readonly number[],
): Promise<HolderRow[]> {
  return db.query(
    `select passage.id, passage.wording_hash as "wordingHash", document.title
     from passage join document on document.id = passage.document_id
     where passage.site_id = $1 and passage.wording_hash = any($2::text[]) and passage.holder_id is null
       and passage.document_id <> all($3::bigint[])
     order by passage.id`,
    [siteId, wordingHashes, exceptDocuments],
    z.object({ id: z.number(), wordingHash: z.string(), title: z.string() }),
  );
}

const successorRow = z.object({
  id: z.number(),
  formerId: z.number(),
  text: z.string(),
  headingPath: z.array(z.string()),
  title: z.string(),
  firstHeadingPath: z.array(z.string()),
  language: z.string().nullable(),
});

/** A passage that takes the place of one that goes, with what the index reads of it. */
export type Successor = z.infer<typeof successorRow>;

/**
 * Hands on what these passages stand in for: of the passages that lean on each, the oldest stands in for the others
 * from now on, with the vectors of the one that goes. It must be put into the index in the same transaction.
 */
export async function promoteSuccessors(
  tx: Queryable,
  siteId: string,
  goingIds: readonly number[],
): Promise<Successor[]> {
  if (goingIds.length === 0) return [];
  const successors = await tx.query(
    `select distinct on (passage.holder_id) passage.id, passage.holder_id as "formerId", passage.text, passage.heading_path as "headingPath", document.title,
       document.language,
       (select heading_path from passage first where first.document_id = document.id order by position limit 1)
         as "firstHeadingPath"
     from passage join document on document.id = passage.document_id
     where passage.holder_id = any($1::bigint[]) and passage.id <> all($1::bigint[])
     order by passage.holder_id, passage.id`,
    [goingIds],
    successorRow,
  );
  if (successors.length === 0) return [];
  const pairs = [successors.map(({ id }) => id), successors.map(({ formerId }) => formerId)];
  await tx.execute(
    `update passage set holder_id = nullif(given.id, passage.id)
     from unnest($1::bigint[], $2::bigint[]) as given (id, former) where passage.holder_id = given.former`,
    pairs,
  );
  await tx.execute(
    `update passage_embedding set passage_id = given.id
     from unnest($1::bigint[], $2::bigint[]) as given (id, former)
     where passage_embedding.passage_id = given.former and site_id = $3`,
    [...pairs, siteId],
  );
  return successors;
}
