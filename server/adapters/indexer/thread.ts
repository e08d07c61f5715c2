import { Worker } from 'node:worker_threads';
import { AppError } from '../../errors.ts';
import type { Indexer } from '../../ports.ts';
import type { IndexerResponse, IndexerResult, IndexerTask } from './messages.ts';

/** An indexer that computes in a thread of its own, with what makes built-in vectors there. */
export interface IndexerThread extends Indexer {
  embed(texts: readonly string[], dimensions: number): Promise<Float32Array[]>;
  /** Ends the thread; what it had in hand fails. */
  close(): Promise<void>;
}

interface Waiting {
  resolve(result: IndexerResult): void;
  reject(error: unknown): void;
}

const ended = (cause: unknown): AppError =>
  new AppError('unavailable', 'The indexing thread ended before it was done.', { cause });

/** A running thread; `onEnd` is called once, when it is of no more use. */
function startThread(onEnd: () => void) {
  const worker = new Worker(new URL('./thread-worker.ts', import.meta.url));
  const waiting = new Map<number, Waiting>();
  let lastId = 0;

  function stop(cause: unknown): void {
    onEnd();
    for (const { reject } of waiting.values()) reject(ended(cause));
    waiting.clear();
  }
  worker.on('error', stop);
  worker.on('exit', (code) => stop(new Error(`It left with code ${String(code)}.`)));
  worker.on('message', (response: IndexerResponse) => {
    const entry = waiting.get(response.id);
    waiting.delete(response.id);
    if (response.type === 'failed') entry?.reject(new Error(`Indexing failed: ${response.message}`));
    else entry?.resolve(response);
  });

  return {
    ask: (task: IndexerTask): Promise<IndexerResult> =>
      new Promise((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        worker.postMessage({ id: lastId, ...task });
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}

/** Starts the thread with the first task, and anew after it died; tasks are done one after the other. */
export function createIndexerThread(): IndexerThread {
  let thread: ReturnType<typeof startThread> | null = null;
  let isClosed = false;

  function ask(task: IndexerTask): Promise<IndexerResult> {
    if (isClosed) return Promise.reject(ended(new Error('It was closed.')));
    if (thread === null) {
      const started = startThread(() => {
        if (thread === started) thread = null;
      });
      thread = started;
    }
    return thread.ask(task);
  }

  function unexpected(task: IndexerTask, { type }: IndexerResult): Error {
    return new Error(`The indexing thread answered ${type} to ${task.type}.`);
  }

  return {
    async pack(documents) {
      const task = { type: 'pack', documents } as const;
      const result = await ask(task);
      if (result.type === 'packed') return result.segment;
      throw unexpected(task, result);
    },
    async combine(infos, livingIds) {
      const task = { type: 'combine', infos, livingIds } as const;
      const result = await ask(task);
      if (result.type === 'combined') return result.info;
      throw unexpected(task, result);
    },
    async merge(portion) {
      const task = { type: 'merge', portion } as const;
      const result = await ask(task);
      if (result.type === 'merged') return result.blocks;
      throw unexpected(task, result);
    },
    async embed(texts, dimensions) {
      const task = { type: 'embed', texts, dimensions } as const;
      const result = await ask(task);
      if (result.type === 'embedded') return result.vectors;
      throw unexpected(task, result);
    },
    async close() {
      isClosed = true;
      await thread?.close();
    },
  };
}
