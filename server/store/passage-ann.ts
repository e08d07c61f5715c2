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

/** Candidates that HNSW keeps while it searches: twice what is asked for, at least 100. */
const minBreadth = 100;
const maxBreadth = 1000;
/** Vectors that a search may look at to find enough of one site. */
const maxScanned = 100_000;

function indexName({ embedderId }: VectorSpace): string {
  return `passage_embedding_ann_${createHash('sha256').update(embedderId).digest('hex').slice(0, 16)}`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

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
    await tx.execute(
      `create index if not exists ${name} on passage_embedding
       using hnsw ((embedding::halfvec(${String(space.dimensions)})) halfvec_ip_ops)
       where embedder = ${literal(space.embedderId)}`,
    );
  });
}

/**
 * The passages of a site nearest to a vector, about: by HNSW, going on until `limit` rows of the site are found
 * (`hnsw.iterative_scan`; without it a filter that keeps 1 % left 0.45 of 5 rows). May give fewer than the site
 * has where the site is a very small part of all.
 */
export async function nearestPassagesByAnn(
  db: Database,
  siteId: string,
  space: VectorSpace,
  vector: Float32Array,
  limit: number,
): Promise<ScoredPassage[]> {
  const type = `halfvec(${String(space.dimensions)})`;
  const breadth = Math.min(maxBreadth, Math.max(minBreadth, limit * 2));
  return db.transaction(async (tx) => {
    await tx.execute(
      `set local hnsw.iterative_scan = strict_order;
       set local hnsw.ef_search = ${String(breadth)};
       set local hnsw.max_scan_tuples = ${String(maxScanned)};
       set local enable_sort = off`,
    );
    return tx.query(
      `select passage_id as "passageId", -distance as cosine from (
         select passage_id, (embedding::${type}) <#> $2::${type} as distance
         from passage_embedding
         where site_id = $1 and embedder = ${literal(space.embedderId)}
         order by (embedding::${type}) <#> $2::${type} limit $3
       ) as nearest`,
      [siteId, vectorText(vector), limit],
      z.object({ passageId: z.number(), cosine: z.number() }),
    );
  });
}
