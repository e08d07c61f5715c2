import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRunFile } from '../run-lock.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readyTimeoutMs = 60_000;

/** A real Deskbell process. */
export interface TestProcess {
  child: ChildProcess;
  dataDir: string;
  stdout(): string;
  stderr(): string;
  /** Resolves with the address of the ready line (empty for a worker); rejects when the process ends first. */
  ready: Promise<string>;
  /** Exit code, or the signal that ended it. */
  exited: Promise<number | string | null>;
  /** Calls the API with the key of `run.json`. */
  api(
    method: string,
    path: string,
    body?: string,
    contentType?: string,
  ): Promise<{ status: number; body: unknown }>;
}

/** A temporary folder and how to remove it. */
export async function makeTempFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'deskbell-test-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }) };
}

/** What a process of ours inherits: nothing that would configure it. */
function cleanEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'NODE_OPTIONS'];
  return Object.fromEntries(
    kept.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Starts `server/main.ts` (or another entry) on a free port with this environment. */
export function startProcess(
  environment: Readonly<Record<string, string>> & { DATA_DIR: string },
  entry = 'server/main.ts',
): TestProcess {
  const child = spawn(process.execPath, [path.join(root, entry)], {
    // Away from any .env of the checkout.
    cwd: os.tmpdir(),
    env: { ...cleanEnvironment(), PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  const exited = once(child, 'close').then(([code, signal]) => code ?? signal);
  const ready = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready in time: ${texts.stderr}`)), readyTimeoutMs);
    child.stdout.on('data', (data) => {
      texts.stdout += String(data);
      const line = /^deskbell (?:ready (\S+)|worker ready)$/m.exec(texts.stdout);
      if (line !== null) resolve(line[1] ?? '');
    });
    child.stderr.on('data', (data) => {
      texts.stderr += String(data);
    });
    void exited.then((code) => {
      clearTimeout(timer);
      reject(new Error(`ended with ${code} before it was ready: ${texts.stderr}`));
    });
  });
  ready.catch(() => {});

  return {
    child,
    dataDir: environment.DATA_DIR,
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    ready,
    exited,
    async api(method, apiPath, body, contentType = 'application/json') {
      const run = await readRunFile(environment.DATA_DIR);
      if (run === null) throw new Error('no run.json');
      const response = await fetch(`${run.url}/api/v1${apiPath}`, {
        method,
        headers: {
          authorization: `Bearer ${run.key}`,
          ...(body === undefined ? {} : { 'content-type': contentType }),
        },
        ...(body === undefined ? {} : { body }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    },
  };
}
