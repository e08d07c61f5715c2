import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRunFile, takeDataDir } from './run-lock.ts';

describe('takeDataDir', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = path.join(await mkdtemp(path.join(os.tmpdir(), 'deskbell-lock-')), 'data');
  });
  afterEach(() => rm(path.dirname(dataDir), { recursive: true }));

  const lockFile = () => path.join(dataDir, 'deskbell.lock');
  const take = (isExclusive = true) => takeDataDir({ dataDir, isExclusive });

  it('makes the folder and leaves it without a lock', async () => {
    const lock = await take();
    expect(await readdir(dataDir)).toEqual(['deskbell.lock']);
    await lock.release();
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('refuses a folder that a living process has, naming it', async () => {
    const lock = await take();
    await expect(take()).rejects.toMatchObject({
      code: 'start-failed',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await lock.release();
    await (await take()).release();
  });

  it('lets one of many in', async () => {
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => take()));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('takes over from a process that was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const lock = { pid: child.pid, startedAt: null, host: os.hostname(), nonce: 'theirs' };
    await (await take()).release();
    await writeFile(lockFile(), JSON.stringify(lock));
    await expect(take()).rejects.toMatchObject({ code: 'start-failed' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await take()).release();
  });

  it('takes over when the number now belongs to another process', async () => {
    await (await take()).release();
    const reused = { pid: process.pid, startedAt: 'long ago', host: os.hostname(), nonce: 'theirs' };
    await writeFile(lockFile(), JSON.stringify(reused));
    await (await take()).release();
  });

  it('believes a lock of another machine while it is touched, and takes it over after', async () => {
    await (await take()).release();
    await writeFile(
      lockFile(),
      JSON.stringify({ pid: 1, startedAt: '1', host: 'elsewhere', nonce: 'theirs' }),
    );
    await expect(take()).rejects.toMatchObject({ code: 'start-failed' });
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lockFile(), longAgo, longAgo);
    await (await take()).release();
  });

  it('takes over a lock that was cut off while it was written', async () => {
    await (await take()).release();
    await writeFile(lockFile(), '{"pid": 1');
    await (await take()).release();
  });

  it('shares the folder where the database is elsewhere', async () => {
    const [first, second] = [await take(false), await take(false)];
    await first.release();
    await second.release();
  });

  it('says what to do about a folder that cannot be written', async () => {
    await writeFile(dataDir, 'a file, not a folder');
    await expect(take()).rejects.toMatchObject({
      code: 'start-failed',
      fix: expect.stringContaining('DATA_DIR'),
    });
  });

  it('announces the running server to its own user only, until it is released', async () => {
    const lock = await take();
    expect(await readRunFile(dataDir)).toBeNull();
    await lock.announce({ url: 'http://localhost:1', key: 'secret' });
    expect(await readRunFile(dataDir)).toEqual({
      pid: process.pid,
      url: 'http://localhost:1',
      key: 'secret',
    });
    expect((await stat(path.join(dataDir, 'run.json'))).mode & 0o777).toBe(0o600);
    await lock.release();
    expect(await readRunFile(dataDir)).toBeNull();
  });

  it("leaves another process's announcement alone", async () => {
    const lock = await take(false);
    const file = path.join(dataDir, 'run.json');
    await writeFile(file, JSON.stringify({ pid: process.pid + 1, url: 'http://localhost:1', key: 'k' }));
    await lock.release();
    expect(await readFile(file, 'utf8')).toContain('localhost:1');
  });
});
