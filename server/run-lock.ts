import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AppError, errorMessage } from './errors.ts';

/** Sole use of a data folder, and the note by which the command line finds the running server. */
export interface RunLock {
  /** Writes `run.json` (readable by the owner of the process only). */
  announce(run: { url: string; key: string }): Promise<void>;
  /** Removes `run.json` and the lock. */
  release(): Promise<void>;
}

/** What `run.json` says of a running server. */
export const runFileSchema = z.object({ pid: z.number(), url: z.string(), key: z.string() });
export type RunFile = z.infer<typeof runFileSchema>;

export interface RunLockOptions {
  dataDir: string;
  /** False where the database is elsewhere, so that several processes may share the folder. */
  isExclusive: boolean;
}

const lockName = 'deskbell.lock';
/** A lock of another machine that was not touched for this long is left over. */
const touchedLifeMs = 20_000;
const touchEveryMs = 5_000;
const runName = 'run.json';

const holderSchema = z.object({
  pid: z.number().int().positive(),
  /** Tells a process from a later one with the same number; null where the system does not say. */
  startedAt: z.string().nullable(),
  host: z.string(),
  nonce: z.string(),
});
type Holder = z.infer<typeof holderSchema>;

/** When a process began, in whatever unit the system has; null when there is no such process or no way to tell. */
async function readStart(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // Field 22, counted after the command name, which may itself hold spaces and brackets (proc(5)).
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  }
  if (process.platform === 'win32') return null;
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user exists, it may only not be signalled.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Processes of another machine or container cannot be looked at: they live while they touch their lock. */
async function isTouched(file: string): Promise<boolean> {
  const touchedAt = (await stat(file).catch(() => null))?.mtimeMs ?? 0;
  return Date.now() - touchedAt < touchedLifeMs;
}

async function isAlive(holder: Holder, file: string): Promise<boolean> {
  if (holder.host !== os.hostname()) return isTouched(file);
  if (!exists(holder.pid)) return false;
  return holder.startedAt === null || holder.startedAt === (await readStart(holder.pid));
}

async function readHolder(file: string): Promise<Holder | null> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

/** A folder that cannot be written for a moment only makes the lock look older. */
async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now).catch(() => {});
}

function inUse(dataDir: string, pid: number): AppError {
  return new AppError(
    'start-failed',
    `Another Deskbell (process ${pid}) is using the data folder ${dataDir}.`,
    {
      fix: 'Stop it first, or give this one a folder of its own with DATA_DIR.',
    },
  );
}

/** Creates the lock whole or not at all: a file linked into place cannot be seen half-written. */
async function tryCreate(file: string, own: Holder): Promise<boolean> {
  const draft = `${file}.${own.nonce}`;
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Moves a lock aside that its dead holder left; puts it back when it was somebody else's by then. */
async function clearStale(file: string, stale: Holder | null, own: Holder): Promise<void> {
  const aside = `${file}.stale-${own.nonce}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  const moved = await readHolder(aside);
  if (moved !== null && moved.nonce !== stale?.nonce) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

async function acquire(dataDir: string): Promise<() => Promise<void>> {
  const file = path.join(dataDir, lockName);
  const own: Holder = {
    pid: process.pid,
    startedAt: await readStart(process.pid),
    host: os.hostname(),
    nonce: randomBytes(8).toString('hex'),
  };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await tryCreate(file, own)) {
      const timer = setInterval(() => void touch(file), touchEveryMs).unref();
      return async () => {
        clearInterval(timer);
        if ((await readHolder(file))?.nonce === own.nonce) await rm(file, { force: true });
      };
    }
    const holder = await readHolder(file);
    if (holder !== null && (await isAlive(holder, file))) throw inUse(dataDir, holder.pid);
    await clearStale(file, holder, own);
  }
  throw inUse(dataDir, (await readHolder(file))?.pid ?? 0);
}

async function prepareFolder(dataDir: string): Promise<void> {
  const probe = path.join(dataDir, `.write-test-${process.pid}`);
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await writeFile(probe, '');
    await rm(probe);
  } catch (cause) {
    throw new AppError(
      'start-failed',
      `The data folder ${dataDir} cannot be written: ${errorMessage(cause)}`,
      {
        fix: 'Give this user the right to write there, or choose another folder with DATA_DIR.',
        cause,
      },
    );
  }
}

/**
 * Takes the data folder: makes it, checks that it can be written, and (with `isExclusive`) that no living
 * process has it. A lock left by a killed process is taken over, also when its number was given to another.
 * @throws AppError `start-failed`.
 */
export async function takeDataDir({ dataDir, isExclusive }: RunLockOptions): Promise<RunLock> {
  await prepareFolder(dataDir);
  const unlock = isExclusive ? await acquire(dataDir) : async () => {};
  const runFile = path.join(dataDir, runName);

  async function readOwnRun(): Promise<RunFile | null> {
    const run = await readRunFile(dataDir);
    return run?.pid === process.pid ? run : null;
  }

  return {
    async announce({ url, key }) {
      const draft = `${runFile}.${process.pid}`;
      await writeFile(draft, `${JSON.stringify({ pid: process.pid, url, key })}\n`, { mode: 0o600 });
      await rename(draft, runFile);
    },
    async release() {
      if ((await readOwnRun()) !== null) await rm(runFile, { force: true });
      await unlock();
    },
  };
}

/** What the server that uses this folder said of itself; null when there is none. It may have been killed since. */
export async function readRunFile(dataDir: string): Promise<RunFile | null> {
  try {
    return runFileSchema.parse(JSON.parse(await readFile(path.join(dataDir, runName), 'utf8')));
  } catch {
    return null;
  }
}
