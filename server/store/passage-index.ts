import { z } from 'zod';
import type { Queryable } from '../ports.ts';

/** Digits that tell every 16-bit float apart, which is what is stored. */
const halfDigits = 5;
/** The text of each 16-bit float by its bits, filled in as they are met: writing numbers anew was most of the work. */
const halfTexts: string[] = [];

/** pgvector's text form of a vector, rounded as `halfvec` rounds it. */
export function vectorText(vector: Float32Array): string {
  const halves = Float16Array.from(vector);
  const bits = new Uint16Array(halves.buffer);
  const texts: string[] = [];
  for (let place = 0; place < halves.length; place += 1) {
    const code = bits[place] ?? 0;
    const text = (halfTexts[code] ??= String(Number((halves[place] ?? 0).toPrecision(halfDigits))));
    texts.push(text);
  }
  return `[${texts.join(',')}]`;
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

/** A question's vector, and which vectors it is compared with. */
export interface VectorQuery {
  siteId: string;
  embedder: { id: string; dimensions: number };
  /** As `vectorText` writes it. */
  vector: string;
}

/**
 * The passages of a site nearest to a vector, best first. Scans the site's vectors of this embedder exactly, each
 * distance once; vectors have length 1, so the negative inner product is the cosine.
 */
export async function nearestPassages(
  db: Queryable,
  { siteId, embedder, vector }: VectorQuery,
  limit: number,
): Promise<ScoredPassage[]> {
  return db.query(
    `select passage_id as "passageId", -distance as cosine from (
       select passage_id, embedding <#> $3::halfvec as distance
       from passage_embedding where site_id = $1 and embedder = $2
     ) scored order by distance, passage_id limit $4`,
    [siteId, embedder.id, vector, limit],
    scoredRow,
  );
}

/** The cosines of some passages; those without a vector of this embedder are missing. */
export async function cosinesOf(
  db: Queryable,
  { siteId, embedder, vector }: VectorQuery,
  passageIds: readonly number[],
): Promise<ScoredPassage[]> {
  if (passageIds.length === 0) return [];
  return db.query(
    `select passage_id as "passageId", -(embedding <#> $3::halfvec) as cosine
     from passage_embedding where site_id = $1 and embedder = $2 and passage_id = any($4::bigint[])`,
    [siteId, embedder.id, vector, passageIds],
    scoredRow,
    { isPrepared: true },
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
  /** To the vector that was asked for; null without one. */
  cosine: z.number().nullable(),
  aliases: z.array(z.string()),
});
export type FoundPassage = z.infer<typeof foundRow>;

const foundColumns = `passage.id as "passageId", document.id as "documentId",
  document.external_id as "externalId", document.title, document.url, passage.heading_path as "headingPath",
  passage.anchor, passage.page, document.language, passage.text, document.aliases || passage.aliases as aliases`;

/**
 * The passages of a site that still exist among these ids, in no particular order, with their cosines to a vector
 * where one is given.
 */
export async function readFoundPassages(
  db: Queryable,
  siteId: string,
  passageIds: readonly number[],
  query: VectorQuery | null = null,
): Promise<FoundPassage[]> {
  const where = `where passage.site_id = $1 and document.site_id = $1 and passage.id = any($2::bigint[])`;
  const from = `from passage join document on document.id = passage.document_id`;
  if (query === null) {
    const sql = `select ${foundColumns}, null::float8 as cosine ${from} ${where}`;
    return db.query(sql, [siteId, passageIds], foundRow, { isPrepared: true });
  }
  return db.query(
    `select ${foundColumns}, -(own.embedding <#> $4::halfvec) as cosine ${from}
     left join passage_embedding own on own.passage_id = passage.id and own.embedder = $3 ${where}`,
    [siteId, passageIds, query.embedder.id, query.vector],
    foundRow,
    { isPrepared: true },
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
