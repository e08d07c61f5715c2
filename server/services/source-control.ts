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
import { mergeSourceConfig, type SourceRecord } from '../store/source.ts';
import { queuedMs } from './source-create.ts';
import { nextRunMs } from './source-schedule.ts';

type Enqueue = (sourceId: string, run: number) => Promise<void>;

/** What an owner does with a source that is there. Each takes the source as just read. */
export interface SourceControl {
  /** Reads a website again. @throws AppError `conflict` when it is being read, or is no website. */
  rerun(source: SourceRecord): Promise<void>;
  /** @throws AppError `conflict` when it is over. */
  pause(source: SourceRecord): Promise<void>;
  /** @throws AppError `conflict` when it is not paused. */
  resume(source: SourceRecord): Promise<void>;
  /** Renames and schedules. @throws AppError `invalid-request` for a schedule that is none. */
  update(source: SourceRecord, change: SourceUpdate): Promise<void>;
  /** Begins the runs whose time has come. */
  runDue(limit: number): Promise<void>;
}

/** What stands elsewhere can be read again; what was handed over is read once. */
const isCrawled = ({ type }: SourceRecord) => type === 'website' || type === 'pages';

const conflict = (message: string, fix: string) => new AppError('conflict', message, { fix });

export function createSourceControl(deps: { db: Database; clock: Clock }, enqueue: Enqueue): SourceControl {
  const { db, clock } = deps;
  const deadline = () => new Date(clock.now() + queuedMs);

  function nextRun(source: Pick<SourceRecord, 'schedule'>): Date | null {
    return source.schedule === null ? null : new Date(nextRunMs(source.schedule, clock.now()));
  }

  async function begin(source: SourceRecord): Promise<boolean> {
    const begun = await beginNextRun(db, source.id, { deadlineAt: deadline(), nextRunAt: nextRun(source) });
    if (begun !== null) await enqueue(begun.id, begun.run);
    return begun !== null;
  }

  return {
    async rerun(source) {
      if (!isCrawled(source)) {
        throw conflict('Only websites and pages can be read again.', 'Send the files or documents anew.');
      }
      if (!(await begin(source))) {
        throw conflict('The source is being read already.', 'Wait until it is done, or cancel it.');
      }
    },
    async pause(source) {
      if (await pauseSource(db, source.id)) return;
      throw conflict('The source is not being read.', 'There is nothing to pause.');
    },
    async resume(source) {
      if (!(await resumeSource(db, source.id, deadline()))) {
        throw conflict('The source is not paused.', 'There is nothing to resume.');
      }
      await enqueue(source.id, source.run);
    },
    async update(source, change) {
      const schedule = change.schedule === undefined ? source.schedule : change.schedule;
      if (schedule !== null && !isCrawled(source)) {
        throw conflict(
          'Only websites and pages can be read on a schedule.',
          'Send the files or documents anew instead.',
        );
      }
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
