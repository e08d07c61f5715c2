import { AppError } from '../errors.ts';
import type { Clock, Database } from '../ports.ts';
import type { SourceUpdate } from '../protocol/http-knowledge.ts';
import {
  beginNextRun,
  dueSources,
  pauseSource,
  resumeSource,
  updateSource,
} from '../store/source-control.ts';
import { hasInput } from '../store/source-input.ts';
import { mergeSourceConfig, type SourceRecord } from '../store/source.ts';
import { queuedMs } from './source-create.ts';
import { nextRunMs } from './source-schedule.ts';

/** A pause ends by itself, as everything does. */
const pausedMs = 30 * 24 * 60 * 60_000;

type Enqueue = (sourceId: string, run: number) => Promise<void>;

/** What an owner does with a source that is there. Each takes the source as just read. */
export interface SourceControl {
  /** Reads it again. @throws AppError `conflict` when it is being read, or nothing is kept that could be. */
  rerun(source: SourceRecord): Promise<void>;
  /** @throws AppError `conflict` when it is over. */
  pause(source: SourceRecord): Promise<void>;
  /** @throws AppError `conflict` when it is not paused. */
  resume(source: SourceRecord): Promise<void>;
  /**
   * Renames and schedules.
   * @throws AppError `invalid-request` for a schedule that is none; `conflict` where nothing can be read again.
   */
  update(source: SourceRecord, change: SourceUpdate): Promise<void>;
  /** Begins the runs whose time has come. */
  runDue(limit: number): Promise<void>;
}

/** What stands elsewhere; all else was handed over. */
const isCrawled = ({ type }: SourceRecord) => type === 'website' || type === 'pages';

const conflict = (message: string, fix: string) => new AppError('conflict', message, { fix });

export function createSourceControl(deps: { db: Database; clock: Clock }, enqueue: Enqueue): SourceControl {
  const { db, clock } = deps;
  const fromNow = () => ({ begunAt: new Date(clock.now()), deadlineAt: new Date(clock.now() + queuedMs) });

  function nextRun(source: Pick<SourceRecord, 'schedule'>): Date | null {
    return source.schedule === null ? null : new Date(nextRunMs(source.schedule, clock.now()));
  }

  async function begin(source: SourceRecord): Promise<boolean> {
    const begun = await beginNextRun(db, source.id, { ...fromNow(), nextRunAt: nextRun(source) });
    if (begun !== null) await enqueue(begun.id, begun.run);
    return begun !== null;
  }

  /** An upload that broke off, or whose documents were all deleted, has nothing left. */
  async function assertReadable(source: SourceRecord): Promise<void> {
    if (isCrawled(source) || (await hasInput(db, source.id))) return;
    throw conflict('Nothing of it is kept that could be read again.', 'Send its files or documents anew.');
  }

  return {
    async rerun(source) {
      await assertReadable(source);
      if (!(await begin(source))) {
        throw conflict('The source is being read already.', 'Wait until it is done, or cancel it.');
      }
    },
    async pause(source) {
      if (await pauseSource(db, source.id, new Date(clock.now() + pausedMs))) return;
      throw conflict('The source is not being read.', 'There is nothing to pause.');
    },
    async resume(source) {
      if (!(await resumeSource(db, source.id, fromNow()))) {
        throw conflict('The source is not paused.', 'There is nothing to resume.');
      }
      await enqueue(source.id, source.run);
    },
    async update(source, change) {
      const schedule = change.schedule === undefined ? source.schedule : change.schedule;
      if (change.schedule) await assertReadable(source);
      if (change.settings !== undefined && source.type !== 'website') {
        throw conflict('Only websites have such settings.', 'Leave the settings out.');
      }
      if (change.settings !== undefined) await mergeSourceConfig(db, source.id, change.settings);
      await updateSource(db, source.id, {
        name: change.name ?? source.name,
        schedule,
        nextRunAt: change.schedule === undefined ? source.nextRunAt : nextRun({ schedule }),
      });
    },
    async runDue(limit) {
      for (const source of await dueSources(db, new Date(clock.now()), limit)) await begin(source);
    },
  };
}
