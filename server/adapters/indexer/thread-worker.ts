/**
 * The thread that indexing computes on: a site of thousands of pages must not hold up the sockets. Started by
 * `thread.ts`, spoken to in `messages.ts`.
 */
import { readlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import { createAnalyzer } from '../../domain/analysis/analyze.ts';
import { embedText } from '../../domain/analysis/embed-text.ts';
import { combineInfos, mergePortion, packDocuments } from '../../domain/retrieval/segment-work.ts';
import type { IndexerRequest, IndexerResponse, IndexerResult, IndexerTask } from './messages.ts';

const analyzer = createAnalyzer();

/** Lets the threads that serve visitors go first, where the system knows priorities of threads (Linux). */
function giveWay(): void {
  try {
    const thread = Number(path.basename(readlinkSync('/proc/thread-self')));
    os.setPriority(thread, os.constants.priority.PRIORITY_LOW);
  } catch {
    // elsewhere it goes on as it is
  }
}

function compute(task: IndexerTask): IndexerResult {
  switch (task.type) {
    case 'pack':
      return { type: 'packed', segment: packDocuments(analyzer, task.documents) };
    case 'combine':
      return { type: 'combined', info: combineInfos(task.infos, task.livingIds) };
    case 'merge':
      return { type: 'merged', blocks: mergePortion(task.portion) };
    case 'embed':
      return { type: 'embedded', vectors: task.texts.map((text) => embedText(text, task.dimensions)) };
  }
}

/** Memory that can change hands instead of being copied. */
function transferable(result: IndexerResult): ArrayBufferLike[] {
  switch (result.type) {
    case 'packed':
      return [result.segment.info.buffer, result.segment.block.buffer];
    case 'embedded':
      return result.vectors.map(({ buffer }) => buffer);
    case 'combined':
    case 'merged':
      return [];
  }
}

function send(response: IndexerResponse): void {
  const memory = response.type === 'failed' ? [] : transferable(response);
  parentPort?.postMessage(
    response,
    memory.filter((buffer) => buffer instanceof ArrayBuffer),
  );
}

giveWay();
parentPort?.on('message', ({ id, ...task }: IndexerRequest) => {
  try {
    send({ id, ...compute(task) });
  } catch (error) {
    send({ id, type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
