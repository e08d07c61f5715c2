import { z } from 'zod';
import type { Queryable } from '../ports.ts';

/** Answers whose citations tell what is asked for most. */
const recentAnswers = 500;

/**
 * Titles of a site's documents, those first that recent answers cited most, then the longest; in `language`
 * before others.
 */
export async function listTopics(
  db: Queryable,
  siteId: string,
  language: string,
  limit: number,
): Promise<string[]> {
  const rows = await db.query(
    `with cited as (
       select c ->> 'documentId' as external_id, count(*) as times
       from (select citations from answer where site_id = $1 order by created_at desc limit $4) recent,
         jsonb_array_elements(recent.citations) c
       group by 1
     )
     select title from document left join cited using (external_id)
     where site_id = $1 and title <> ''
     order by (language is not distinct from $2) desc, coalesce(times, 0) desc, length(text) desc, id
     limit $3`,
    [siteId, language, limit, recentAnswers],
    z.object({ title: z.string() }),
  );
  return rows.map(({ title }) => title);
}
