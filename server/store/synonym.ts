import { z } from 'zod';
import type { Queryable } from '../ports.ts';

const synonymRow = z.object({ id: z.string(), words: z.array(z.string()), means: z.array(z.string()) });
/** What a site's owner says means the same; without `means` the words mean each other. */
export type SynonymRecord = z.infer<typeof synonymRow>;

/** The synonyms of a site, oldest first. */
export async function listSynonyms(db: Queryable, siteId: string): Promise<SynonymRecord[]> {
  return db.query(
    'select id, words, means from synonym where site_id = $1 order by created_at, id',
    [siteId],
    synonymRow,
  );
}

/** Adds synonyms to a site that has fewer than `most`; false where it is full. Call it in a transaction. */
export async function insertSynonym(
  tx: Queryable,
  siteId: string,
  { id, words, means }: SynonymRecord,
  most: number,
): Promise<boolean> {
  await tx.query('select id from site where id = $1 for update', [siteId], z.unknown());
  const added = await tx.execute(
    `insert into synonym (id, site_id, words, means)
     select $1, $2, $3, $4 where (select count(*) from synonym where site_id = $2) < $5`,
    [id, siteId, words, means, most],
  );
  return added > 0;
}

/** Puts other words in place of an entry's; false where the site has none with that id. */
export async function updateSynonym(
  db: Queryable,
  siteId: string,
  { id, words, means }: SynonymRecord,
): Promise<boolean> {
  const changed = await db.execute(
    'update synonym set words = $3, means = $4 where site_id = $1 and id = $2',
    [siteId, id, words, means],
  );
  return changed > 0;
}

/** Removes synonyms of a site; false where the site has none with that id. */
export async function deleteSynonym(db: Queryable, siteId: string, id: string): Promise<boolean> {
  return (await db.execute('delete from synonym where site_id = $1 and id = $2', [siteId, id])) > 0;
}
