import { fork, type ChildProcess } from 'node:child_process';
import os from 'node:os';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../server/errors.ts';
import { englishOcr, type OcrData } from '../extract/ocr-data.ts';
import { confinedProcess } from './confine.ts';
import { parseReplySchema, type ParseReply, type ParseTask } from './messages.ts';

/** Reads documents and sitemaps apart from the process that serves chats. */
export interface ParsePool {
  /**
   * @throws AppError `extract-failed` when the process died, took too long or too much memory;
   * `fetch-failed` when `signal` stopped it.
   */
  parse(task: ParseTask, signal?: AbortSignal): Promise<ParseReply>;
  /** What OCR can read. */
  ocr: OcrData;
  close(): Promise<void>;
}

export interface ParsePoolOptions {
  processes: number;
  /** A task that takes longer is killed. */
  timeoutMs: number;
  maxMemoryMb: number;
  /** English unless told. */
  ocr?: OcrData;
}

export const defaultPoolOptions: ParsePoolOptions = { processes: 2, timeoutMs: 30_000, maxMemoryMb: 512 };

/** A process that has done this much is replaced, so that leaks stay small. */
const maxTasksPerProcess = 5_000;
const memoryCheckMs = 200;
const pageBytes = 4096;
const childPath = fileURLToPath(new URL('./child.ts', import.meta.url));

interface Waiting {
  task: ParseTask;
  signal: AbortSignal | undefined;
  resolve: (reply: ParseReply) => void;
  reject: (error: unknown) => void;
}

interface Worker {
  child: ChildProcess;
  done: number;
  /** OCR runs in threads, which the permissions of the others forbid. */
  isForOcr: boolean;
}

/** Reading a scanned page takes seconds where a document takes milliseconds. */
const ocrTimeFactor = 3;

const exhausted = (why: string) =>
  new AppError('extract-failed', `Reading it was stopped: ${why}.`, {
    fix: 'The file is too complex or broken. Split or simplify it, then read it again.',
  });

/** Resident memory of a process, where the system tells (Linux); null elsewhere. */
function residentMb(pid: number | undefined): number | null {
  try {
    const pages = Number(readFileSync(`/proc/${String(pid)}/statm`, 'utf8').split(' ')[1]);
    return (pages * pageBytes) / 1_048_576;
  } catch {
    return null;
  }
}

/** Lets visitors' processes go first. */
function giveWay(pid: number | undefined): void {
  try {
    if (pid !== undefined) os.setPriority(pid, os.constants.priority.PRIORITY_LOW);
  } catch {
    // it ended meanwhile, which its own events tell
  }
}

function spawnWorker(maxMemoryMb: number, ocr: OcrData, isForOcr: boolean): Worker {
  const child = fork(childPath, confinedProcess(maxMemoryMb, isForOcr ? ocr.folder : null));
  child.once('spawn', () => giveWay(child.pid));
  return { child, done: 0, isForOcr };
}

/** Runs one task on one process and says how it ended; kills the process when a limit is passed. */
function runTask(worker: Worker, waiting: Waiting, options: ParsePoolOptions): Promise<ParseReply> {
  const { child } = worker;
  return new Promise((resolve, reject) => {
    let failure: AppError | null = null;
    const stop = (error: AppError) => {
      failure ??= error;
      child.kill('SIGKILL');
    };
    const timeoutMs = options.timeoutMs * (worker.isForOcr ? ocrTimeFactor : 1);
    const timer = setTimeout(() => stop(exhausted('it took too long')), timeoutMs);
    const watch = setInterval(() => {
      const used = residentMb(child.pid);
      if (used !== null && used > options.maxMemoryMb) stop(exhausted('it needed too much memory'));
    }, memoryCheckMs);
    const onAbort = () => stop(new AppError('fetch-failed', 'Reading it was stopped.'));
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      clearInterval(watch);
      waiting.signal?.removeEventListener('abort', onAbort);
      child.off('message', onMessage).off('exit', onExit).off('error', onError);
      finish();
    };
    const onMessage = (message: unknown) => {
      const parsed = parseReplySchema.safeParse(message);
      if (parsed.success) settle(() => resolve(parsed.data));
    };
    const onExit = () => settle(() => reject(failure ?? exhausted('the reader broke off')));
    const onError = (error: Error) => settle(() => reject(new AppError('extract-failed', error.message)));
    child.on('message', onMessage).on('exit', onExit).on('error', onError);
    waiting.signal?.addEventListener('abort', onAbort);
    if (waiting.signal?.aborted) onAbort();
    else if (child.exitCode !== null || child.signalCode !== null) onExit();
    else child.send(waiting.task, (error) => error && onError(error));
  });
}

/**
 * A pool of parsing processes, started when first needed. Each has a bounded heap and resident memory, no secrets
 * in its environment, no network, and may read program files only.
 */
export function createParsePool(options: ParsePoolOptions = defaultPoolOptions): ParsePool {
  const ocr = options.ocr ?? englishOcr();
  const idle: Worker[] = [];
  const busy = new Set<Worker>();
  const queue: Waiting[] = [];
  let isClosed = false;

  function takeWorker(isForOcr: boolean): Worker | null {
    const at = idle.findIndex((worker) => worker.isForOcr === isForOcr);
    const [free] = at >= 0 ? idle.splice(at, 1) : [];
    if (free !== undefined) return free;
    return busy.size < options.processes ? spawnWorker(options.maxMemoryMb, ocr, isForOcr) : null;
  }

  function release(worker: Worker): void {
    busy.delete(worker);
    worker.done += 1;
    const isUsable = worker.child.connected && !worker.child.killed && worker.done < maxTasksPerProcess;
    if (isUsable && !isClosed) {
      worker.child.unref();
      worker.child.channel?.unref();
      idle.push(worker);
    } else worker.child.kill('SIGKILL');
  }

  function next(): void {
    const [first] = queue;
    if (first === undefined || isClosed) return;
    const worker = takeWorker(first.task.kind === 'ocr');
    const waiting = worker === null ? undefined : queue.shift();
    if (worker === null || waiting === undefined) return;
    busy.add(worker);
    worker.child.ref();
    worker.child.channel?.ref();
    const finish = (settle: () => void) => {
      release(worker);
      settle();
      next();
    };
    runTask(worker, waiting, options).then(
      (reply) => finish(() => waiting.resolve(reply)),
      (error: unknown) => finish(() => waiting.reject(error)),
    );
  }

  return {
    ocr,
    parse(task, signal) {
      if (isClosed) return Promise.reject(new AppError('unavailable', 'Reading has been shut down.'));
      return new Promise((resolve, reject) => {
        queue.push({ task, signal, resolve, reject });
        next();
      });
    },
    close() {
      isClosed = true;
      for (const waiting of queue.splice(0))
        waiting.reject(new AppError('unavailable', 'Reading was shut down.'));
      for (const worker of [...idle.splice(0), ...busy]) worker.child.kill('SIGKILL');
      return Promise.resolve();
    },
  };
}
