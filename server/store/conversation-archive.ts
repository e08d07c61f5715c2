import { z } from 'zod';
import type { Queryable } from '../ports.ts';
import type { ConversationState } from '../protocol/entities.ts';

/** A place in the list: everything older than it follows. */
export interface ArchiveCursor {
  activeAt: Date;
  id: string;
}

export interface ArchiveQuery {
  siteId: string;
  /** Null: all. */
  state: ConversationState | null;
  /** Null: from the newest on. */
  before: ArchiveCursor | null;
  limit: number;
}

const place = z.object({ id: z.uuid(), active_at: z.date() });

/** A site's conversations that have begun, newest first, as places; their lines come from `findSummaries`. */
export async function listConversationPlaces(db: Queryable, query: ArchiveQuery): Promise<ArchiveCursor[]> {
  const rows = await db.query(
    `select id, date_trunc('milliseconds', active_at) as active_at from conversation
     where site_id = $1 and last_seq > 0
       and ($2::text is null or state = $2)
       and ($3::timestamptz is null or (date_trunc('milliseconds', active_at), id) < ($3, $4::uuid))
     order by date_trunc('milliseconds', active_at) desc, id desc limit $5`,
    [query.siteId, query.state, query.before?.activeAt ?? null, query.before?.id ?? null, query.limit],
    place,
  );
  return rows.map(({ id, active_at }) => ({ id, activeAt: active_at }));
}

/** How many conversations there are in each state, all sites together. */
export async function countConversationsByState(db: Queryable): Promise<Record<string, number>> {
  const rows = await db.query(
    'select state, count(*) as count from conversation where last_seq > 0 group by state',
    [],
    z.object({ state: z.string(), count: z.number() }),
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}
