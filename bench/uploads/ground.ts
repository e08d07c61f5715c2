import { readdirSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Database, SqlValue } from '../../server/ports.ts';
import { readRunFile } from '../../server/run-lock.ts';
import { makeTempFolder, startProcess } from '../../server/testing/process.ts';
import type { TestProcess } from '../../server/testing/process.ts';

/** The product as it is shipped, as processes of its own. */
export interface Product {
  web: TestProcess;
  /** Null: none beside the first process. */
  worker: TestProcess | null;
  port: number;
  key: string;
  close(): Promise<void>;
}

export interface ProductOptions {
  environment: Readonly<Record<string, string>>;
  /** `all`: one process does everything; `web`: nothing is read; `web and worker`: two processes. */
  roles: 'all' | 'web' | 'web and worker';
}

/** Starts it and waits until it is ready. */
export async function openProduct({ environment, roles }: ProductOptions): Promise<Product> {
  const { folder, remove } = await makeTempFolder();
  const common = { LOG_LEVEL: 'warn', ...environment };
  const web = startProcess({
    ...common,
    DATA_DIR: path.join(folder, 'web'),
    DESKBELL_ROLE: roles === 'all' ? 'all' : 'web',
  });
  const address = await web.ready;
  const hasWorker = roles === 'web and worker';
  const worker = hasWorker
    ? startProcess({ ...common, DATA_DIR: path.join(folder, 'worker') }, 'server/worker.ts')
    : null;
  await worker?.ready;
  const run = await readRunFile(web.dataDir);
  if (run === null) throw new Error('The product is ready without a run.json.');
  return {
    web,
    worker,
    port: Number(new URL(address).port),
    key: run.key,
    async close() {
      for (const { child, exited } of worker === null ? [web] : [web, worker]) {
        child.kill('SIGTERM');
        await exited;
      }
      await remove();
    },
  };
}

/** Whether a process still runs. */
export function isAlive({ child }: TestProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Open files and sockets of a process. */
export function openFiles({ child }: TestProcess): number {
  return readdirSync(`/proc/${String(child.pid)}/fd`).length;
}

/** @throws Error where this folder's disk has less room than this. */
export function assertRoom(folder: string, megabytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if ((bavail * bsize) / 1_000_000 < megabytes)
    throw new Error(`${folder} has less than ${String(megabytes)} MB left.`);
}

/** The one number that this SQL gives. */
export async function numberOf(db: Database, sql: string, values: readonly SqlValue[] = []): Promise<number> {
  const rows = await db.query(`select (${sql})::float8 as value`, values, z.object({ value: z.number() }));
  return rows[0]?.value ?? 0;
}

export const boundary = 'deskbell-bench';
export const multipartType = `multipart/form-data; boundary=${boundary}`;

/** A file of a multipart body, before and after its bytes. */
export function partAround(name: string): { before: string; after: string } {
  const disposition = `Content-Disposition: form-data; name="files"; filename="${name}"`;
  return { before: `--${boundary}\r\n${disposition}\r\n\r\n`, after: '\r\n' };
}

/** A multipart body of small files. */
export function multipartOf(files: Readonly<Record<string, string>>): string {
  const parts = Object.entries(files).map(([name, content]) => {
    const { before, after } = partAround(name);
    return `${before}${content}${after}`;
  });
  return `${parts.join('')}--${boundary}--\r\n`;
}

/** What the product answers to what it accepts. */
export const acceptedSchema = z.object({ sourceId: z.uuid() });
