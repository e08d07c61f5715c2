import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepProcess } from './kept-process.ts';
import type { KeptProcess } from './kept-process.ts';
import { killAllIn, killAllInSync } from './processes-in.ts';

/** A PostgreSQL and a Redis of our own, on real disks, to be killed at will. */
export interface Servers {
  databaseUrl: string;
  /** The same over a socket in the file system, which every network namespace reaches. */
  databaseSocketUrl: string;
  redisUrl: string;
  /** SIGKILL to all of its processes, then a start on the same data. */
  crash(which: 'postgres' | 'redis'): Promise<void>;
  stop(): void;
}

const script = new URL('../../.ci/real-servers.sh', import.meta.url).pathname;

/** What a Redis keeps that is started again: what its log of writes holds, or nothing. */
export type RedisKeeps = 'log' | 'nothing';

/** Starts them as CI does: needs root and the Debian tree (made when it is missing). */
export function startServers(redisKeeps: RedisKeeps = 'log'): Servers {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-chaos-'));
  const close = (): void => {
    execFileSync(script, ['stop', folder], { stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    execFileSync(script, ['start', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
    return serversOf(folder, close, redisKeeps);
  } catch (error) {
    close();
    throw error;
  }
}

function serversOf(folder: string, close: () => void, redisKeeps: RedisKeeps): Servers {
  const urls = readFileSync(join(folder, 'urls'), 'utf8');
  const url = (name: string): string => new RegExp(`${name}=(\\S+)`).exec(urls)?.[1] ?? '';
  const data = readFileSync(join(folder, 'data'), 'utf8').trim();
  const kept = {
    postgres: keepServer(folder, data, 'postgres', redisKeeps),
    redis: keepServer(folder, data, 'redis', redisKeeps),
  };
  let isStopped = false;

  function stop(): void {
    if (isStopped) return;
    isStopped = true;
    for (const which of names) {
      void kept[which].stop();
      // the script would end a number that may belong to somebody else by now
      rmSync(join(folder, `${which}.pid`), { force: true });
    }
    killAllInSync(data);
    close();
  }
  // however this process ends, but by SIGKILL
  process.once('exit', stop);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(130));

  return {
    databaseUrl: url('TEST_DATABASE_URL'),
    databaseSocketUrl: url('TEST_DATABASE_URL').replace(
      /@127\.0\.0\.1:(\d+)\/postgres$/,
      (_all, port: string) => `@/postgres?host=${encodeURIComponent(`${data}/postgres`)}&port=${port}`,
    ),
    redisUrl: url('TEST_REDIS_URL'),
    crash: (which) => kept[which].crash(),
    stop,
  };
}

const names = ['postgres', 'redis'] as const;

/** The script has started it; after the first crash it is a child of ours. */
function keepServer(
  folder: string,
  data: string,
  which: (typeof names)[number],
  redisKeeps: RedisKeeps,
): KeptProcess {
  const [, tree = '', inner = ''] = /^(.*)(\/run\/deskbell-[^/]+)$/.exec(data) ?? [];
  const program = programOf(commandOf(readPid(folder, which)), `${inner}/redis`, redisKeeps);
  const within = [`--userspec=${which}:${which}`, tree, '/usr/bin/env', 'LC_ALL=C.UTF-8', pathOf];
  return keepProcess({
    start: () => spawn('chroot', [...within, ...program], { stdio: 'ignore' }),
    killRest: () => killAllIn(join(data, which)),
  });
}

const pathOf = 'PATH=/usr/lib/postgresql/17/bin:/usr/bin:/bin';

/** The server itself: the pid file names the shell that started it. */
function readPid(folder: string, name: string): number {
  let pid = Number(readFileSync(join(folder, `${name}.pid`), 'utf8'));
  while (!commandOf(pid)[0]?.startsWith(name)) {
    const [child] = childrenOf(pid);
    if (child === undefined) throw new Error(`There is no ${name} below process ${String(pid)}.`);
    pid = child;
  }
  return pid;
}

function commandOf(pid: number): string[] {
  return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8')
    .split('\0')
    .filter((part) => part !== '');
}

/** Redis shows its address in its command line; the options it was started with are put together again. */
function programOf(command: readonly string[], redisFolder: string, keeps: RedisKeeps): string[] {
  const [program = ''] = command;
  const port = /^redis-server 127\.0\.0\.1:(\d+)/.exec(command.join(' '))?.[1];
  if (port === undefined) return [program, ...command.slice(1)];
  const keeping = keeps === 'log' ? ['--appendonly', 'yes'] : ['--appendonly', 'no', '--save', ''];
  const options = ['--dir', redisFolder, '--maxmemory-policy', 'noeviction', ...keeping];
  return ['redis-server', '--bind', '127.0.0.1', '--port', port, ...options];
}

function childrenOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8');
    return children.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
