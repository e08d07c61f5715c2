import { Worker } from 'node:worker_threads';
import { AppError } from '../../errors.ts';
import type {
  PgliteFailure,
  PgliteRequest,
  PgliteResponse,
  PgliteResult,
  PgliteWorkerOptions,
} from './pglite-messages.ts';
import { SqlError, unavailable } from './sql-error.ts';

/** The PGlite worker thread as promises. Not serialised: one session, so callers hold a lock. */
export interface PgliteThread {
  query(sql: string, parameters: (string | null)[]): Promise<PgliteResult>;
  script(sql: string): Promise<PgliteResult>;
  /** The data folder as an uncompressed tar. */
  dump(): Promise<ArrayBuffer>;
  onNotification(handler: (channel: string, payload: string) => void): void;
  /** False once the thread has died or was stopped; then every call rejects with `unavailable`. */
  isAlive(): boolean;
  close(): Promise<void>;
}

export interface PgliteThreadOptions extends PgliteWorkerOptions {
  /** A statement that runs longer cannot be cancelled, so it takes the thread with it. */
  statementMs: number;
}

interface Waiting {
  resolve(response: PgliteResponse): void;
  reject(error: unknown): void;
  timer: NodeJS.Timeout;
}

type Ask = PgliteRequest extends infer Request
  ? Request extends unknown
    ? Omit<Request, 'id'>
    : never
  : never;

function toError(failure: PgliteFailure): Error {
  if (failure.code === null) return new Error(`PGlite: ${failure.message}`);
  return new SqlError({ ...failure, code: failure.code });
}

function waitUntilReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('message', (response: PgliteResponse) => {
      if (response.type === 'ready') return resolve();
      const reason = response.type === 'start-failed' ? response.failure.message : response.type;
      reject(
        new AppError('start-failed', `The embedded database did not start: ${reason}`, {
          fix: 'Check that DATA_DIR is writable, has free space and was made by this version of Deskbell.',
        }),
      );
    });
    worker.once('error', reject);
  });
}

/** Matches responses to requests, and ends all of them when the thread does. */
function createRequests(worker: Worker, statementMs: number) {
  const waiting = new Map<number, Waiting>();
  let notify = (_channel: string, _payload: string): void => {};
  let lastId = 0;
  let stoppedBy: unknown = null;

  function settle(id: number): Waiting | undefined {
    const entry = waiting.get(id);
    waiting.delete(id);
    clearTimeout(entry?.timer);
    return entry;
  }

  worker.on('message', (response: PgliteResponse) => {
    if (response.type === 'notification') return notify(response.channel, response.payload);
    if (response.type === 'ready' || response.type === 'start-failed') return;
    const entry = settle(response.id);
    if (response.type === 'failed') entry?.reject(toError(response.failure));
    else entry?.resolve(response);
  });

  function stop(reason: unknown): void {
    stoppedBy ??= reason;
    for (const id of [...waiting.keys()]) settle(id)?.reject(unavailable(stoppedBy));
  }
  worker.on('error', stop);
  worker.on('exit', (code) => stop(new Error(`The database thread ended with code ${code}.`)));

  return {
    isAlive: () => stoppedBy === null,
    onNotification(handler: typeof notify): void {
      notify = handler;
    },
    ask(request: Ask): Promise<PgliteResponse> {
      if (stoppedBy !== null) return Promise.reject(unavailable(stoppedBy));
      return new Promise((resolve, reject) => {
        lastId += 1;
        const timer = setTimeout(() => {
          stop(new Error(`A statement ran longer than ${statementMs} ms.`));
          void worker.terminate();
        }, statementMs);
        waiting.set(lastId, { resolve, reject, timer });
        worker.postMessage({ ...request, id: lastId });
      });
    },
  };
}

/**
 * Starts the thread and opens the database.
 * @throws AppError `start-failed` when PGlite cannot open the folder.
 */
export async function startPgliteThread(options: PgliteThreadOptions): Promise<PgliteThread> {
  const { statementMs, ...workerData } = options;
  const worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), { workerData });
  try {
    await waitUntilReady(worker);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  const requests = createRequests(worker, statementMs);
  const ask = requests.ask;

  async function askForResult(request: Ask): Promise<PgliteResult> {
    const response = await ask(request);
    if (response.type === 'result') return response.result;
    throw new Error(`PGlite answered ${response.type} to ${request.type}.`);
  }

  return {
    query: (sql, parameters) => askForResult({ type: 'query', sql, parameters }),
    script: (sql) => askForResult({ type: 'script', sql }),
    async dump() {
      const response = await ask({ type: 'dump' });
      if (response.type === 'dumped') return response.archive;
      throw new Error(`PGlite answered ${response.type} to dump.`);
    },
    onNotification: requests.onNotification,
    isAlive: requests.isAlive,
    async close() {
      if (!requests.isAlive()) return;
      await ask({ type: 'close' });
      await worker.terminate();
    },
  };
}
