import { z } from 'zod';
import type { Queryable } from '../ports.ts';
import {
  sourceScheduleSchema,
  sourceSchema,
  sourceStateSchema,
  type SourceSchedule,
  type SourceState,
} from '../protocol/http-knowledge.ts';

export type SourceType = z.infer<typeof sourceSchema>['type'];

/** A source as stored. */
export interface SourceRecord {
  id: string;
  siteId: string;
  type: SourceType;
  name: string;
  url: string | null;
  /** What to read and how; its shape depends on `type`. */
  config: unknown;
  state: SourceState;
  reason: string | null;
  run: number;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Null while an intake is open. */
  acceptedAt: Date | null;
  schedule: SourceSchedule | null;
  nextRunAt: Date | null;
}

/** The columns that `sourceRow` reads. */
export const sourceColumns = `id, site_id, type, name, url, config, state, reason, run,
  created_at, started_at, finished_at, accepted_at, schedule, next_run_at`;

/** A row of `source`. */
export const sourceRow = z
  .object({
    id: z.uuid(),
    site_id: z.string(),
    type: sourceSchema.shape.type,
    name: z.string(),
    url: z.string().nullable(),
    config: z.unknown(),
    state: sourceStateSchema,
    reason: z.string().nullable(),
    run: z.number().int(),
    created_at: z.date(),
    started_at: z.date().nullable(),
    finished_at: z.date().nullable(),
    accepted_at: z.date().nullable(),
    schedule: sourceScheduleSchema.nullable(),
    next_run_at: z.date().nullable(),
  })
  .transform((row): SourceRecord => ({
    id: row.id,
    siteId: row.site_id,
    type: row.type,
    name: row.name,
    url: row.url,
    config: row.config,
    state: row.state,
    reason: row.reason,
    run: row.run,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    acceptedAt: row.accepted_at,
    schedule: row.schedule,
    nextRunAt: row.next_run_at,
  }));

export interface NewSource {
  id: string;
  siteId: string;
  type: SourceType;
  name: string;
  url: string | null;
  config: unknown;
  createdAt: Date;
  /** When the sweeper looks after it. */
  deadlineAt: Date;
  /** Null opens an intake. */
  acceptedAt: Date | null;
}

/** Adds a queued source. */
export async function insertSource(db: Queryable, source: NewSource): Promise<void> {
  await db.execute(
    `insert into source (id, site_id, type, name, url, config, state, created_at, begun_at, deadline_at, accepted_at)
     values ($1, $2, $3, $4, $5, $6::jsonb, 'queued', $7, $7, $8, $9)`,
    [
      source.id,
      source.siteId,
      source.type,
      source.name,
      source.url,
      JSON.stringify(source.config),
      source.createdAt,
      source.deadlineAt,
      source.acceptedAt,
    ],
  );
}

/** The site's source, or null. */
export async function findSource(db: Queryable, siteId: string, id: string): Promise<SourceRecord | null> {
  const rows = await db.query(
    `select ${sourceColumns} from source where site_id = $1 and id = $2`,
    [siteId, id],
    sourceRow,
  );
  return rows[0] ?? null;
}

/** The site's sources, newest first. */
export async function listSources(db: Queryable, siteId: string): Promise<SourceRecord[]> {
  return db.query(
    `select ${sourceColumns} from source where site_id = $1 order by created_at desc, id desc`,
    [siteId],
    sourceRow,
  );
}

/** Says that all input is stored: from now on a worker may take the source. False when it is gone. */
export async function acceptSource(db: Queryable, id: string, at: Date, deadlineAt: Date): Promise<boolean> {
  const touched = await db.execute(
    `update source set accepted_at = $2, deadline_at = $3 where id = $1 and state = 'queued'`,
    [id, at, deadlineAt],
  );
  return touched > 0;
}

/** Moves the deadline of an open intake. */
export async function extendIntake(db: Queryable, id: string, deadlineAt: Date): Promise<void> {
  await db.execute('update source set deadline_at = $2 where id = $1 and accepted_at is null', [
    id,
    deadlineAt,
  ]);
}

/** Who works on which run of which source. */
export interface Lease {
  sourceId: string;
  run: number;
  worker: string;
}

/**
 * Takes a run for a worker, away from an earlier worker if there is one: the queue gives a job to another worker
 * only when the first is thought dead. Null when the run is over, cancelled, outdated or not accepted yet.
 */
export async function claimSource(
  db: Queryable,
  lease: Lease,
  now: Date,
  deadlineAt: Date,
): Promise<SourceRecord | null> {
  const rows = await db.query(
    `update source set state = 'running', worker = $3, started_at = coalesce(started_at, $4), deadline_at = $5
     where id = $1 and run = $2 and state in ('queued', 'running') and accepted_at is not null
     returning ${sourceColumns}`,
    [lease.sourceId, lease.run, lease.worker, now, deadlineAt],
    sourceRow,
  );
  return rows[0] ?? null;
}

/** Moves the deadline; false when the worker no longer holds the run. */
export async function renewLease(db: Queryable, lease: Lease, deadlineAt: Date): Promise<boolean> {
  const touched = await db.execute(
    `update source set deadline_at = $4 where id = $1 and run = $2 and worker = $3 and state = 'running'`,
    [lease.sourceId, lease.run, lease.worker, deadlineAt],
  );
  return touched > 0;
}

/** Whether the worker holds the run; it then keeps it until the transaction ends. */
export async function holdsLease(tx: Queryable, lease: Lease): Promise<boolean> {
  const rows = await tx.query(
    `select id from source where id = $1 and run = $2 and worker = $3 and state = 'running' for share`,
    [lease.sourceId, lease.run, lease.worker],
    z.object({ id: z.uuid() }),
  );
  return rows.length > 0;
}

/** Ends a run; false when the worker no longer holds it. */
export async function finishSource(
  db: Queryable,
  lease: Lease,
  end: { state: 'done' | 'failed'; reason: string | null; at: Date },
): Promise<boolean> {
  const touched = await db.execute(
    `update source set state = $4, reason = $5, finished_at = $6, deadline_at = null, worker = null,
       bytes = bytes - unpacked_bytes, unpacked_bytes = 0
     where id = $1 and run = $2 and worker = $3 and state = 'running'`,
    [lease.sourceId, lease.run, lease.worker, end.state, end.reason, end.at],
  );
  return touched > 0;
}

/** Cancels what is not over yet; false when it was. */
export async function cancelSource(db: Queryable, siteId: string, id: string, at: Date): Promise<boolean> {
  const touched = await db.execute(
    `update source set state = 'cancelled', reason = 'Cancelled.', finished_at = $3, deadline_at = null,
       worker = null, bytes = bytes - unpacked_bytes, unpacked_bytes = 0
     where site_id = $1 and id = $2 and state in ('queued', 'running', 'paused')`,
    [siteId, id, at],
  );
  return touched > 0;
}

/** Remembers something for the rest of the run, and for later ones. */
export async function mergeSourceConfig(db: Queryable, id: string, patch: unknown): Promise<void> {
  await db.execute('update source set config = config || $2::jsonb where id = $1', [
    id,
    JSON.stringify(patch),
  ]);
}

/** Deletes the source with its ledger; its documents must have been deleted before. */
export async function deleteSource(tx: Queryable, siteId: string, id: string): Promise<boolean> {
  return (await tx.execute('delete from source where site_id = $1 and id = $2', [siteId, id])) > 0;
}

const overdueRow = z.object({
  id: z.uuid(),
  run: z.number().int(),
  kind: z.enum(['intake', 'paused', 'run']),
});
export type OverdueSource = z.infer<typeof overdueRow>;

/** Open sources whose deadline has passed. */
export async function overdueSources(db: Queryable, now: Date, limit: number): Promise<OverdueSource[]> {
  return db.query(
    `select id, run, case when accepted_at is null then 'intake' when state = 'paused' then 'paused' else 'run' end as kind
     from source
     where state in ('queued', 'running', 'paused') and deadline_at <= $1 order by deadline_at limit $2`,
    [now, limit],
    overdueRow,
  );
}

/** Accepted runs that were begun before `since` and of which nothing has ended from then on. */
export async function stuckSources(db: Queryable, since: Date, limit: number): Promise<string[]> {
  const rows = await db.query(
    `select id from source
     where state in ('queued', 'running') and accepted_at is not null and begun_at < $1 and not exists (
       select 1 from source_item item
       where item.source_id = source.id and item.run = source.run and item.updated_at >= $1)
     limit $2`,
    [since, limit],
    z.object({ id: z.uuid() }),
  );
  return rows.map((row) => row.id);
}

/**
 * Ends a source whoever holds it, who then writes nothing any more; false when it is over already. What an intake
 * that never ended was given counts no more.
 */
export async function endSource(
  db: Queryable,
  id: string,
  end: { state: 'failed' | 'cancelled'; reason: string; at: Date },
): Promise<boolean> {
  const touched = await db.execute(
    `update source set state = $2, reason = $3, finished_at = $4, deadline_at = null, worker = null,
       bytes = case when accepted_at is null then 0 else bytes end
     where id = $1 and state in ('queued', 'running', 'paused')`,
    [id, end.state, end.reason, end.at],
  );
  return touched > 0;
}

/** Moves the deadline of a source that was put into the queue again. */
export async function deferSource(db: Queryable, id: string, run: number, deadlineAt: Date): Promise<void> {
  await db.execute(
    `update source set deadline_at = $3 where id = $1 and run = $2 and state in ('queued', 'running')`,
    [id, run, deadlineAt],
  );
}
