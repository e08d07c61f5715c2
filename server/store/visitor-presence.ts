import { z } from 'zod';
import type { Queryable } from '../ports.ts';

/** Says that the instance lives for `lifeMs` more; true when nobody knew it (any more). */
export async function renewInstance(db: Queryable, instanceId: string, lifeMs: number): Promise<boolean> {
  const rows = await db.query(
    `insert into live_instance (id, expires_at) values ($1, now() + $2::int * interval '1 millisecond')
     on conflict (id) do update set expires_at = excluded.expires_at returning xmax = 0 as "isNew"`,
    [instanceId, lifeMs],
    z.object({ isNew: z.boolean() }),
  );
  return rows[0]?.isNew ?? false;
}

/** Forgets instances that have not been heard of for too long, with their visitors. */
export async function deleteDeadInstances(db: Queryable): Promise<void> {
  await db.execute('delete from live_instance where expires_at <= now()');
}

/** The instance goes; its visitors with it. */
export async function deleteInstance(db: Queryable, instanceId: string): Promise<void> {
  await db.execute('delete from live_instance where id = $1', [instanceId]);
}

/** These visitors have a page open on this instance; who does not exist is left out. */
export async function insertVisitorPresence(
  db: Queryable,
  instanceId: string,
  visitorIds: readonly string[],
): Promise<void> {
  await db.execute(
    `insert into visitor_presence (visitor_id, instance_id)
     select v.id, i.id from visitor v, live_instance i where v.id = any($2::uuid[]) and i.id = $1
     on conflict do nothing`,
    [instanceId, visitorIds],
  );
}

/** These visitors have left this instance. */
export async function deleteVisitorPresence(
  db: Queryable,
  instanceId: string,
  visitorIds: readonly string[],
): Promise<void> {
  await db.execute('delete from visitor_presence where instance_id = $1 and visitor_id = any($2::uuid[])', [
    instanceId,
    visitorIds,
  ]);
}

const visitorRow = z.object({ visitor_id: z.uuid() });

/** Which of these visitors have a page open on any living instance; null: of all, the first `limit`. */
export async function listOnlineVisitors(
  db: Queryable,
  visitorIds: readonly string[] | null,
  limit: number,
): Promise<Set<string>> {
  const rows = await db.query(
    `select distinct p.visitor_id from visitor_presence p
     join live_instance i on i.id = p.instance_id and i.expires_at > now()
     where $1::uuid[] is null or p.visitor_id = any($1::uuid[]) limit $2`,
    [visitorIds, limit],
    visitorRow,
  );
  return new Set(rows.map((row) => row.visitor_id));
}
