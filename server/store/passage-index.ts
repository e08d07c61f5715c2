import { toSql } from 'pgvector';
import { z } from 'zod';
import type { Queryable } from '../ports.ts';

/** Digits that tell every 32-bit float apart; written out as doubles, the text would be twice as long. */
const floatDigits = 9;

/** pgvector's text form of a vector. */
export function vectorText(vector: Float32Array): string {
  return toSql(Array.from(vector, (value) => Number(value.toPrecision(floatDigits)))) ?? '[]';
}

/**
 * Stores one vector per passage and embedder; one that is there already stays. The first embedder that a site
 * gets vectors of is the one its search uses.
 */
export async function insertEmbeddings(
  db: Queryable,
  siteId: string,
  embedder: { id: string; dimensions: number },
  passageIds: readonly number[],
  vectors: readonly Float32Array[],
): Promise<void> {
  if (passageIds.length === 0) return;
  await db.execute(
    `with first as (
       insert into index_version (site_id, embedder, dimensions, state)
       select $1, $2, $5, 'live' where not exists (select 1 from index_version where site_id = $1)
       on conflict do nothing
     )
     insert into passage_embedding (passage_id, site_id, embedder, embedding)
     select id, $1, $2, vector::halfvec from unnest($3::bigint[], $4::text[]) as given (id, vector)
     on conflict (passage_id, embedder) do nothing`,
    [siteId, embedder.id, passageIds, vectors.map(vectorText), embedder.dimensions],
  );
}

const scoredRow = z.object({ passageId: z.number(), cosine: z.number() });
export type ScoredPassage = z.infer<typeof scoredRow>;

/**
 * The passages of a site nearest to a vector, best first, and those of `others` that are not among them. Scans
 * the site's vectors of this embedder exactly, each distance once; vectors have length 1, so the negative inner
 * product is the cosine.
 */
export async function nearestPassages(
  db: Queryable,
  siteId: string,
  embedderId: string,
  vector: Float32Array,
  limit: number,
  others: readonly number[] = [],
): Promise<ScoredPassage[]> {
  return db.query(
    `with scored as materialized (
       select passage_id, embedding <#> $3::halfvec as distance
       from passage_embedding where site_id = $1 and embedder = $2
     ), near as materialized (select * from scored order by distance, passage_id limit $4)
     select passage_id as "passageId", -distance as cosine from near
     union all
     select passage_id, -distance from scored
     where passage_id = any($5::bigint[]) and passage_id not in (select passage_id from near)`,
    [siteId, embedderId, vectorText(vector), limit, others],
    scoredRow,
  );
}

/** The cosines of some passages; those without a vector of this embedder are missing. */
export async function cosinesOf(
  db: Queryable,
  siteId: string,
  embedderId: string,
  vector: Float32Array,
  passageIds: readonly number[],
): Promise<ScoredPassage[]> {
  return db.query(
    `select passage_id as "passageId", -(embedding <#> $3::halfvec) as cosine
     from passage_embedding where site_id = $1 and embedder = $2 and passage_id = any($4::bigint[])`,
    [siteId, embedderId, vectorText(vector), passageIds],
    scoredRow,
  );
}

const foundRow = z.object({
  passageId: z.number(),
  documentId: z.number(),
  externalId: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  headingPath: z.array(z.string()),
  anchor: z.string().nullable(),
  page: z.number().nullable(),
  language: z.string().nullable(),
  text: z.string(),
});
export type FoundPassage = z.infer<typeof foundRow>;

/** The passages of a site that still exist among these ids, in no particular order. */
export async function readFoundPassages(
  db: Queryable,
  siteId: string,
  passageIds: readonly number[],
): Promise<FoundPassage[]> {
  return db.query(
    `select passage.id as "passageId", document.id as "documentId", document.external_id as "externalId",
       document.title, document.url, passage.heading_path as "headingPath", passage.anchor, passage.page,
       document.language, passage.text
     from passage join document on document.id = passage.document_id
     where passage.site_id = $1 and document.site_id = $1 and passage.id = any($2::bigint[])`,
    [siteId, passageIds],
    foundRow,
  );
}

/** Any passages of a site but these, oldest first: what is left when nothing matches the question. */
export async function listOtherPassageIds(
  db: Queryable,
  siteId: string,
  except: readonly number[],
  limit: number,
): Promise<number[]> {
  const rows = await db.query(
    `select id from passage where site_id = $1 and holder_id is null and id <> all($2::bigint[]) order by id limit $3`,
    [siteId, except, limit],
    z.object({ id: z.number() }),
  );
  return rows.map((row) => row.id);
}
