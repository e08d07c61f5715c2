import { z } from 'zod';
import type { Queryable } from '../ports.ts';

const sampledRow = z
  .object({
    documentId: z.number(),
    title: z.string(),
    aliases: z.array(z.string()),
    headingPath: z.array(z.string()),
    text: z.string(),
    vector: z.string(),
  })
  .transform((row) => ({
    ...row,
    vector: Float32Array.from(z.array(z.number()).parse(JSON.parse(row.vector))),
  }));
export type SampledPassageRow = z.infer<typeof sampledRow>;

/** Some passages of a site with their vectors of an embedder, the same ones each time, from all over it. */
export async function samplePassages(
  db: Queryable,
  siteId: string,
  embedderId: string,
  count: number,
): Promise<SampledPassageRow[]> {
  return db.query(
    `with chosen as materialized (
       select id from passage where site_id = $1 and holder_id is null order by md5(id::text) limit $3
     )
     select passage.document_id as "documentId", document.title, document.aliases || passage.aliases as aliases, passage.heading_path as "headingPath",
       passage.text, vector.embedding::text as vector
     from chosen join passage on passage.id = chosen.id join document on document.id = passage.document_id
       join passage_embedding vector on vector.passage_id = passage.id and vector.embedder = $2
     order by passage.id`,
    [siteId, embedderId, count],
    sampledRow,
  );
}
