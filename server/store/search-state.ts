import { z } from 'zod';
import type { Queryable } from '../ports.ts';
import { segmentHead } from './lexical.ts';

const stateRow = z.object({
  segments: z.array(segmentHead),
  synonyms: z.array(z.object({ words: z.array(z.string()), means: z.array(z.string()) })),
  embedder: z.object({ id: z.string(), dimensions: z.number() }).nullable(),
});

/** What a search needs to know of a site before it looks anything up; segments and synonyms oldest first. */
export type SearchState = z.infer<typeof stateRow>;

/** Everything about a site that may have changed since its last search, in one statement. */
export async function readSearchState(db: Queryable, siteId: string): Promise<SearchState> {
  const [state] = await db.query(
    `select
       (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'passageCount', passage_count,
          'blockBits', block_bits, 'bytes', bytes) order by id), '[]')
        from lexical_segment where site_id = $1 and state = 'live') as segments,
       (select coalesce(jsonb_agg(jsonb_build_object('words', words, 'means', means)
          order by created_at, id), '[]') from synonym where site_id = $1) as synonyms,
       (select jsonb_build_object('id', embedder, 'dimensions', dimensions)
        from index_version where site_id = $1 and state = 'live') as embedder`,
    [siteId],
    stateRow,
    { isPrepared: true },
  );
  return state ?? { segments: [], synonyms: [], embedder: null };
}
