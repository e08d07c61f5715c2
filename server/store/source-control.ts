import type { Queryable } from '../ports.ts';
import type { SourceSchedule } from '../protocol/http-knowledge.ts';
import { sourceColumns, sourceRow, type SourceRecord } from './source.ts';

/** Begins the next run of a source whose last one is over; null when it is not over or gone. */
export async function beginNextRun(
  db: Queryable,
  id: string,
  at: { begunAt: Date; deadlineAt: Date; nextRunAt: Date | null },
): Promise<SourceRecord | null> {
  const rows = await db.query(
    `update source set run = run + 1, state = 'queued', reason = null, started_at = null, finished_at = null,
       worker = null, deadline_at = $2, next_run_at = $3, begun_at = $4
     where id = $1 and state in ('done', 'failed', 'cancelled') and accepted_at is not null
     returning ${sourceColumns}`,
    [id, at.deadlineAt, at.nextRunAt, at.begunAt],
    sourceRow,
  );
  return rows[0] ?? null;
}

/**
 * Halts a queued or running source, until `deadlineAt` at the latest; its worker stops at the next item. False when it
 * is over.
 */
export async function pauseSource(db: Queryable, id: string, deadlineAt: Date): Promise<boolean> {
  const touched = await db.execute(
    `update source set state = 'paused', worker = null, deadline_at = $2
     where id = $1 and state in ('queued', 'running') and accepted_at is not null`,
    [id, deadlineAt],
  );
  return touched > 0;
}

/** Lets a paused source go on; false when it is not paused. */
export async function resumeSource(
  db: Queryable,
  id: string,
  at: { begunAt: Date; deadlineAt: Date },
): Promise<boolean> {
  const touched = await db.execute(
    `update source set state = 'queued', deadline_at = $2, begun_at = $3 where id = $1 and state = 'paused'`,
    [id, at.deadlineAt, at.begunAt],
  );
  return touched > 0;
}

/** Sets name and schedule. */
export async function updateSource(
  db: Queryable,
  id: string,
  values: { name: string; schedule: SourceSchedule | null; nextRunAt: Date | null },
): Promise<void> {
  const schedule = values.schedule === null ? null : JSON.stringify(values.schedule);
  await db.execute('update source set name = $2, schedule = $3::jsonb, next_run_at = $4 where id = $1', [
    id,
    values.name,
    schedule,
    values.nextRunAt,
  ]);
}

/** Sources whose time has come and whose last run is over. */
export async function dueSources(db: Queryable, now: Date, limit: number): Promise<SourceRecord[]> {
  return db.query(
    `select ${sourceColumns} from source
     where next_run_at <= $1 and accepted_at is not null and state in ('done', 'failed', 'cancelled') order by next_run_at limit $2`,
    [now, limit],
    sourceRow,
  );
}
