import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Database, Queryable } from '../ports.ts';
import { vectorText } from './passage-index.ts';
import type { ScoredPassage } from './passage-index.ts';

/** What an approximate index is for: the vectors of one embedder. */
export interface VectorSpace {
  embedderId: string;
  dimensions: number;
}

/** pgvector's limit for an HNSW index on `halfvec`. */
export const maxAnnDimensions = 4000;

function indexName({ embedderId }: Pick<VectorSpace, 'embedderId'>): string {
  return `passage_embedding_ann_${createHash('sha256').update(embedderId).digest('hex').slice(0, 16)}`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** How long a build may keep its connection; 100,000 vectors take a minute. */
const maxBuildMs = 6 * 60 * 60 * 1000;

/** Whether the approximate index of a space is there and whole. */
export async function hasAnnIndex(db: Queryable, space: VectorSpace): Promise<boolean> {
  const rows = await db.query(
    `select indisvalid as ok from pg_index where indexrelid = to_regclass($1)`,
    [indexName(space)],
    z.object({ ok: z.boolean() }),
  );
  return rows[0]?.ok ?? false;
}

/**
 * Builds the approximate index of a space unless it is there or another process is building it. Holds up writers
 * of vectors while it builds, readers not; so build it early (1 s for 5,000 vectors of 384 dimensions): later
 * vectors enter it one by one, at some 1.5 ms each.
 */
export async function createAnnIndex(db: Database, space: VectorSpace): Promise<void> {
  const name = indexName(space);
  await db.transaction(async (tx) => {
    const rows = await tx.query(
      'select pg_try_advisory_xact_lock(hashtext($1)) as locked',
      [name],
      z.object({ locked: z.boolean() }),
    );
    if (rows[0]?.locked !== true) return;
    // the limit of ordinary statements ends a build over some 100,000 vectors
    await tx.execute('set local statement_timeout = 0');
    await tx.execute(
      `create index if not exists ${name} on passage_embedding
       using hnsw ((embedding::halfvec(${String(space.dimensions)})) halfvec_ip_ops)
       where embedder = ${literal(space.embedderId)}`,
      [],
      { timeoutMs: maxBuildMs },
    );
  });
}

/** Drops the approximate index of an embedder that no site uses any more. */
export async function dropAnnIndex(db: Queryable, embedderId: string): Promise<void> {
  await db.execute(`drop index if exists ${indexName({ embedderId })}`);
}

/**
 * The passages of a site nearest to a vector, about, best first: by HNSW, going on until `limit` rows of the site
 * are found. May give fewer than the site has where the site is a very small part of all. Those of `others` that
 * are not among them follow, with their exact cosines.
 */
export async function nearestPassagesByAnn(
  db: Queryable,
  siteId: string,
  space: VectorSpace,
  vector: Float32Array,
  limit: number,
  others: readonly number[] = [],
): Promise<ScoredPassage[]> {
  return db.query(
    `with near as materialized (select * from nearest_passages($1, $2, $3, $4, $5))
     select passage_id as "passageId", cosine from near
     union all
     select passage_id, -(embedding <#> $4::halfvec) from passage_embedding
     where site_id = $1 and embedder = $2 and passage_id = any($6::bigint[])
       and passage_id not in (select passage_id from near)`,
    [siteId, space.embedderId, space.dimensions, vectorText(vector), limit, others],
    z.object({ passageId: z.number(), cosine: z.number() }),
  );
}
