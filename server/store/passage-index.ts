import type { Queryable } from '../ports.ts';

/** pgvector's text form of a vector. */
export function vectorText(vector: Float32Array): string {
  return `[${vector.join(',')}]`;
}

/** Stores one vector per passage, replacing an earlier one. */
export async function insertEmbeddings(
  db: Queryable,
  siteId: string,
  embedderId: string,
  passageIds: readonly number[],
  vectors: readonly Float32Array[],
): Promise<void> {
  await db.execute(
    `insert into passage_embedding (passage_id, site_id, embedder, embedding)
     select id, $1, $2, vector::halfvec from unnest($3::bigint[], $4::text[]) as given (id, vector)
     on conflict (passage_id) do update set embedder = excluded.embedder, embedding = excluded.embedding`,
    [siteId, embedderId, passageIds, vectors.map(vectorText)],
  );
}

/** Forgets the vectors of a document whose passages still have their rows; without rows they are gone already. */
export async function deleteDocumentEmbeddings(
  db: Queryable,
  siteId: string,
  documentId: number,
): Promise<void> {
  await db.execute(
    `delete from passage_embedding
     where site_id = $1 and passage_id in (select id from passage where site_id = $1 and document_id = $2)`,
    [siteId, documentId],
  );
}
