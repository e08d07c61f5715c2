import { fromSql } from 'pgvector';
import { z } from 'zod';
import type { Queryable } from '../ports.ts';
import { vectorText } from './passage-index.ts';

const cachedRow = z.object({
  key: z.string(),
  vector: z.string().transform((text) => Float32Array.from(z.array(z.number()).parse(fromSql(text)))),
});

/** Vectors that were put by and not used yet. */
export async function readCachedVectors(
  db: Queryable,
  embedderId: string,
  keys: readonly string[],
): Promise<z.infer<typeof cachedRow>[]> {
  return db.query(
    `select encode(text_hash, 'hex') as key, embedding::text as vector from embedding_cache
     where embedder = $1 and text_hash in (select decode(key, 'hex') from unnest($2::text[]) as wanted (key))`,
    [embedderId, keys],
    cachedRow,
  );
}

/** Puts vectors by until what they belong to is published. */
export async function rememberVectors(
  db: Queryable,
  embedderId: string,
  keys: readonly string[],
  vectors: readonly Float32Array[],
): Promise<void> {
  await db.execute(
    `insert into embedding_cache (embedder, text_hash, embedding)
     select $1, decode(key, 'hex'), vector::halfvec from unnest($2::text[], $3::text[]) as given (key, vector)
     on conflict do nothing`,
    [embedderId, keys, vectors.map(vectorText)],
  );
}

/** Drops what was put by, once it is published. */
export async function forgetVectors(
  db: Queryable,
  embedderId: string,
  keys: readonly string[],
): Promise<void> {
  await db.execute(
    `delete from embedding_cache
     where embedder = $1 and text_hash in (select decode(key, 'hex') from unnest($2::text[]) as wanted (key))`,
    [embedderId, keys],
  );
}

/** Drops what nobody came for within a day. */
export async function forgetOldVectors(db: Queryable): Promise<void> {
  await db.execute(`delete from embedding_cache where created_at < now() - interval '1 day'`);
}
