import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepProcess } from './kept-process.ts';
import type { KeptProcessDeps } from './kept-process.ts';
import { killAllIn, processesIn } from './processes-in.ts';

let folder: string;
let started: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deskbell-kept-'));
  started = [];
});
afterEach(async () => {
  vi.useRealTimers();
  await killAllIn(folder);
  rmSync(folder, { recursive: true, force: true });
});

function keep(command: string, more: Partial<KeptProcessDeps> = {}) {
  const start = (): ChildProcess => {
    const child = spawn('sh', ['-c', command], { cwd: folder, stdio: 'ignore' });
    started.push(child);
    return child;
  };
  return keepProcess({ start, ...more });
}

/** As a server that is reached by way of other programs. */
const slowToBecomeItself = 'read line < /dev/null; exec sleep 1000';

test('a stop that meets a start in flight leaves nothing behind', async () => {
  const kept = keep(slowToBecomeItself);
  await kept.crash();
  await kept.stop();
  expect(processesIn(folder)).toEqual([]);
  expect(started).toHaveLength(1);
});

test('a stop that meets a crash lets no start follow', async () => {
  let open = (): void => undefined;
  const rest = new Promise<void>((resolve) => (open = resolve));
  const kept = keep(slowToBecomeItself, { killRest: () => rest });
  const crashed = kept.crash();
  await kept.stop();
  open();
  await crashed;
  expect(started).toEqual([]);
});

test('a stop in the pause before a restart lets no start follow', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const kept = keep('exit 1');
  await kept.crash();
  await once(started[0] ?? process, 'exit');
  expect(vi.getTimerCount()).toBe(1);
  await kept.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(started).toHaveLength(1);
});

test("a crash in the pause before a restart starts one, not two of which one is nobody's", async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const kept = keep('test -e second && exec sleep 1000; touch second; exit 1');
  await kept.crash();
  await once(started[0] ?? process, 'exit');
  await kept.crash();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(started).toHaveLength(2);
  await kept.stop();
  expect(processesIn(folder)).toEqual([]);
});

test('two crashes at the same moment start one', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const kept = keep('exec sleep 1000');
  await Promise.all([kept.crash(), kept.crash()]);
  expect(started).toHaveLength(1);
  await Promise.all([kept.crash(), kept.crash()]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(started).toHaveLength(2);
  await kept.stop();
});

test('one that ends by itself is started again', async () => {
  const kept = keep('exit 1', { restartMs: 1 });
  await kept.crash();
  await vi.waitFor(() => expect(started.length).toBeGreaterThan(3), 20_000);
  await kept.stop();
});

test('a stop counts twice as once, and no crash after it starts anything', async () => {
  const kept = keep('exec sleep 1000');
  await kept.crash();
  await Promise.all([kept.stop(), kept.stop()]);
  await expect(kept.crash()).rejects.toThrow('stopped for good');
  expect(started).toHaveLength(1);
});

test('processes are found by where they work, those of their children too', async () => {
  const child = spawn('sh', ['-c', 'sleep 1000 & sleep 1000; true'], { cwd: folder, stdio: 'ignore' });
  await vi.waitFor(() => expect(processesIn(folder)).toHaveLength(3), 20_000);
  expect(processesIn(folder.slice(0, -1))).toEqual([]);
  const gone = once(child, 'exit');
  await killAllIn(folder);
  await gone;
  expect(processesIn(folder)).toEqual([]);
});
