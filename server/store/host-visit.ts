import { z } from 'zod';
import type { Queryable } from '../ports.ts';

/** A run in the hands of a worker that reads pages of a host (`name:port`). */
export interface HostVisit {
  host: string;
  sourceId: string;
  worker: string;
}

/** What a run has at a host. */
export interface HostShare {
  /** Runs that read pages of the host now, this one included. */
  runs: number;
  /** Numbers of the places that this run still holds. */
  slots: readonly number[];
}

/** Says that a run is there for `lifeSeconds` more, with the places that it holds. */
export async function renewVisit(
  db: Queryable,
  { host, sourceId, worker }: HostVisit,
  lifeSeconds: number,
): Promise<HostShare> {
  const rows = await db.query(
    `with visit as (
       insert into host_visit (host, source_id, worker, expires_at)
       values ($1, $2, $3, now() + make_interval(secs => $4))
       on conflict (host, worker) do update set expires_at = excluded.expires_at
     ), kept as (
       update host_slot set expires_at = now() + make_interval(secs => $4)
       where host = $1 and worker = $3 returning slot
     )
     select 1 + (select count(*) from host_visit
                 where host = $1 and worker <> $3 and expires_at > now()) as runs,
       (select coalesce(array_agg(slot), '{}') from kept) as slots`,
    [host, sourceId, worker, lifeSeconds],
    z.object({ runs: z.number(), slots: z.array(z.number()) }),
  );
  return rows[0] ?? { runs: 1, slots: [] };
}

/**
 * Takes one of the first `limit` places of a host; null when all are held, or others were quicker. Of several workers
 * that ask at the same time no two get the same place.
 */
export async function takeSlot(
  db: Queryable,
  { host, sourceId, worker }: HostVisit,
  limit: number,
  lifeSeconds: number,
): Promise<number | null> {
  const rows = await db.query(
    `insert into host_slot (host, slot, source_id, worker, expires_at)
     select $1, wanted, $2, $3, now() + make_interval(secs => $5) from generate_series(1, $4::integer) as wanted
     where not exists (
       select 1 from host_slot where host = $1 and slot = wanted and expires_at > now())
     order by wanted limit 1
     on conflict (host, slot) do update
       set source_id = excluded.source_id, worker = excluded.worker, expires_at = excluded.expires_at
       where host_slot.expires_at <= now()
     returning slot`,
    [host, sourceId, worker, limit, lifeSeconds],
    z.object({ slot: z.number() }),
  );
  return rows[0]?.slot ?? null;
}

/** Gives places back. */
export async function returnSlots(
  db: Queryable,
  { host, worker }: HostVisit,
  slots: readonly number[],
): Promise<void> {
  await db.execute('delete from host_slot where host = $1 and worker = $2 and slot = any($3::integer[])', [
    host,
    worker,
    slots,
  ]);
}

/**
 * Takes the next turn at a host that wants pauses: `delayMs` after the newest fetch of it by anybody. Gives the time
 * until then, in milliseconds. `delayMs` 0 only says that a fetch has just been made.
 */
export async function takeTurn(db: Queryable, host: string, delayMs: number): Promise<number> {
  const rows = await db.query(
    `insert into host_pace (host, last_at) values ($1, now())
     on conflict (host) do update
       set last_at = greatest(host_pace.last_at + make_interval(secs => $2 / 1000.0), now())
     returning (extract(epoch from last_at - now()) * 1000)::double precision as "waitMs"`,
    [host, delayMs],
    z.object({ waitMs: z.number() }),
  );
  return Math.max(rows[0]?.waitMs ?? 0, 0);
}

/** Forgets what a worker held at hosts: its run is over. */
export async function forgetVisits(db: Queryable, worker: string): Promise<void> {
  await db.execute(
    'with slots as (delete from host_slot where worker = $1) delete from host_visit where worker = $1',
    [worker],
  );
}

/** Forgets what earlier workers of a source's run held: they are dead, or have lost the run. */
export async function forgetOtherVisits(db: Queryable, sourceId: string, worker: string): Promise<void> {
  await db.execute(
    `with slots as (delete from host_slot where source_id = $1 and worker <> $2)
     delete from host_visit where source_id = $1 and worker <> $2`,
    [sourceId, worker],
  );
}

/** Drops what dead workers left, and hosts that nobody has read pages of for a day. */
export async function forgetOldVisits(db: Queryable): Promise<void> {
  await db.execute(
    `with slots as (delete from host_slot where expires_at < now()),
       paces as (delete from host_pace where last_at < now() - interval '1 day')
     delete from host_visit where expires_at < now()`,
  );
}
