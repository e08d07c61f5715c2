import { type Job, type JobsOptions, UnrecoverableError, WaitingError, type WorkerOptions } from 'bullmq';
import { AppError, errorMessage } from '../../errors.ts';
import { jobDefinitions, type JobName } from '../../jobs.ts';
import type { JobOptions, Jobs, Logger } from '../../ports.ts';

/** All jobs share one queue; the name tells them apart. */
export const queueName = 'deskbell';

export type Process = (job: Job<unknown, void>, token?: string) => Promise<void>;
export type WorkerTuning = Pick<
  Required<WorkerOptions>,
  'concurrency' | 'lockDuration' | 'stalledInterval' | 'maxStalledCount' | 'skipLockRenewal'
>;

interface Closable {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
}

export interface QueueHandle extends Closable {
  add(name: string, payload: unknown, options: JobsOptions): Promise<unknown>;
  close(): Promise<void>;
}

export interface WorkerHandle extends Closable {
  close(force?: boolean): Promise<void>;
}

/** One of BullMQ's backends: where the queue lives. */
export interface QueueBackend {
  createQueue(): QueueHandle;
  createWorker(process: Process, tuning: WorkerTuning): WorkerHandle;
}

export interface BullmqJobsOptions {
  backend: QueueBackend;
  logger: Logger;
  /** How long `close` waits for running jobs to give up, after they were told to. */
  drainMs?: number;
  /** How long a worker's claim on a job lasts without renewal; a killed worker's jobs run again after it. */
  lockMs?: number;
  /** Whether claims are renewed while a job runs; without, a job longer than `lockMs` runs twice. */
  renewsLocks?: boolean;
  /** How often jobs of killed workers are looked for. */
  stalledCheckMs?: number;
  /** How long `enqueue` may take. */
  enqueueTimeoutMs?: number;
  /** Attempts in all, and the first pause between them; pauses double. */
  attempts?: number;
  firstRetryMs?: number;
}

const defaults = {
  drainMs: 8000,
  lockMs: 20_000,
  renewsLocks: true,
  stalledCheckMs: 10_000,
  enqueueTimeoutMs: 3000,
  attempts: 5,
  firstRetryMs: 2000,
};

/** A job may lose its worker this often (crash, kill) before it is given up. */
const maxStalledCount = 10;
const keepFailedSeconds = 7 * 24 * 60 * 60;

function isJobName(name: string): name is JobName {
  return Object.hasOwn(jobDefinitions, name);
}

/** Rejects after `timeoutMs` with `unavailable`; the work itself goes on unheard. */
async function within<Result>(work: Promise<Result>, timeoutMs: number, message: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AppError('unavailable', message, { retryAfterMs: 2000 })), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

type Handle = Parameters<Jobs['work']>[0];

interface RunningJobs {
  /** Runs one attempt with its time limit. */
  run(name: JobName, payload: unknown, handle: Handle): Promise<void>;
  abortAll(): void;
}

function createRunningJobs(): RunningJobs {
  const controllers = new Set<AbortController>();
  return {
    async run(name, payload, handle) {
      const controller = new AbortController();
      const timer = setTimeout(() => {
        controller.abort(new AppError('unavailable', `The job ${name} took longer than it may.`));
      }, jobDefinitions[name].timeoutMs);
      controllers.add(controller);
      const aborted = new Promise<never>((_resolve, reject) => {
        controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
      });
      try {
        await Promise.race([handle(name, payload, controller.signal), aborted]);
      } finally {
        clearTimeout(timer);
        controllers.delete(controller);
      }
    },
    abortAll() {
      for (const controller of controllers)
        controller.abort(new AppError('unavailable', 'Deskbell is stopping.'));
    },
  };
}

function toJobsOptions(options: JobOptions, tuning: typeof defaults): JobsOptions {
  return {
    attempts: tuning.attempts,
    backoff: { type: 'exponential', delay: tuning.firstRetryMs, jitter: 0.5 },
    removeOnComplete: true,
    removeOnFail: { age: keepFailedSeconds, count: 1000 },
    ...(options.key === undefined ? {} : { deduplication: { id: options.key } }),
    ...(options.delayMs === undefined ? {} : { delay: options.delayMs }),
  };
}

interface Attempt {
  job: Job<unknown, void>;
  token: string | undefined;
  handle: Handle;
}

/** One attempt at a job: what its outcome means to the queue. */
function createAttempts(running: RunningJobs, logger: Logger, isClosing: () => boolean) {
  return async ({ job, token, handle }: Attempt): Promise<void> => {
    const { name, id: jobId, data } = job;
    if (!isJobName(name)) return logger.error('job-unknown', { name, jobId });
    try {
      await running.run(name, data, handle);
    } catch (error) {
      if (isClosing()) {
        await job.moveToWait(token);
        throw new WaitingError();
      }
      const attempt = job.attemptsMade + 1;
      logger.warn('job-attempt-failed', { name, jobId, attempt, reason: errorMessage(error) });
      if (error instanceof AppError && error.code === 'invalid-request')
        throw new UnrecoverableError(error.message);
      throw error;
    }
  };
}

/**
 * The `Jobs` port on BullMQ, over any of its backends. Failed attempts are retried with growing pauses, an
 * AppError `invalid-request` is not; unknown names are logged and dropped. On `close` running jobs are told to
 * stop and put back in the queue without losing an attempt.
 */
export function createBullmqJobs(options: BullmqJobsOptions): Jobs {
  const tuning: typeof defaults = Object.assign({}, defaults, options);
  const { backend, logger } = options;
  const queue = backend.createQueue();
  queue.on('error', (error) => logger.warn('job-queue-error', { reason: error.message }));
  const running = createRunningJobs();
  let worker: WorkerHandle | null = null;
  let closing: Promise<void> | null = null;
  const attempt = createAttempts(running, logger, () => closing !== null);

  async function stop(): Promise<void> {
    const drained = worker?.close();
    running.abortAll();
    try {
      if (drained) await within(drained, tuning.drainMs, 'Jobs did not stop in time.');
    } catch (error) {
      logger.warn('job-drain-failed', { reason: errorMessage(error) });
      await worker?.close(true);
    }
    await queue.close();
  }

  return {
    async enqueue(name, payload, jobOptions = {}) {
      try {
        const added = queue.add(name, payload, toJobsOptions(jobOptions, tuning));
        await within(added, tuning.enqueueTimeoutMs, 'The job queue did not answer in time.');
      } catch (cause) {
        if (cause instanceof AppError) throw cause;
        throw new AppError('unavailable', 'The job queue is not available at the moment.', { cause });
      }
    },
    async work(handle, concurrency) {
      worker = backend.createWorker((job, token) => attempt({ job, token, handle }), {
        concurrency,
        lockDuration: tuning.lockMs,
        stalledInterval: tuning.stalledCheckMs,
        maxStalledCount,
        skipLockRenewal: !tuning.renewsLocks,
      });
      worker.on('error', (error) => logger.warn('job-worker-error', { reason: error.message }));
      await worker.waitUntilReady();
    },
    close() {
      closing ??= stop();
      return closing;
    },
  };
}
