import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

/** Starts them as CI does: needs root and the Debian tree (made when it is missing). */
export function startServers(): Servers {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-chaos-'));
  execFileSync(script, ['start', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  const urls = readFileSync(join(folder, 'urls'), 'utf8');
  const url = (name: string): string => new RegExp(`${name}=(\\S+)`).exec(urls)?.[1] ?? '';
  const pids = { postgres: readPid(folder, 'postgres'), redis: readPid(folder, 'redis') };
  const commands = { postgres: commandOf(pids.postgres), redis: commandOf(pids.redis) };
  const inner = /\/run\/deskbell-[^/]+/.exec(commands.postgres.join(' '))?.[0] ?? '';
  let isStopped = false;
  const tree = readFileSync(join(folder, 'data'), 'utf8').trim().slice(0, -inner.length);

  async function crash(which: 'postgres' | 'redis'): Promise<void> {
    const pid = pids[which];
    for (const victim of [pid, ...childrenOf(pid)]) kill(victim);
    await gone(pid);
    start(which);
  }

  /** One that ends by itself (its port or its files may still be taken for a moment) is started again. */
  function start(which: 'postgres' | 'redis'): void {
    const program = programOf(commands[which], `${inner}/redis`);
    const user = `--userspec=${which}:${which}`;
    const child = spawn('chroot', [user, tree, '/usr/bin/env', 'LC_ALL=C.UTF-8', pathOf, ...program], {
      stdio: 'ignore',
    });
    pids[which] = child.pid ?? 0;
    child.on('exit', (code) => {
      if (code !== null && !isStopped) setTimeout(() => start(which), 200);
    });
  }

  function stop(): void {
    isStopped = true;
    for (const which of ['postgres', 'redis'] as const) {
      // a number may belong to somebody else by now: only our own program is ended
      if (isProgram(pids[which], which))
        for (const victim of [pids[which], ...childrenOf(pids[which])]) kill(victim);
      rmSync(join(folder, `${which}.pid`), { force: true });
    }
    execFileSync(script, ['stop', folder], { stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop();
      process.exit(130);
    });
  }

  return {
    databaseUrl: url('TEST_DATABASE_URL'),
    databaseSocketUrl: url('TEST_DATABASE_URL').replace(
      /@127\.0\.0\.1:(\d+)\/postgres$/,
      (_all, port: string) =>
        `@/postgres?host=${encodeURIComponent(`${tree}${inner}/postgres`)}&port=${port}`,
    ),
    redisUrl: url('TEST_REDIS_URL'),
    crash,
    stop,
  };
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
function programOf(command: readonly string[], redisFolder: string): string[] {
  const [program = ''] = command;
  const port = /^redis-server 127\.0\.0\.1:(\d+)/.exec(command.join(' '))?.[1];
  if (port === undefined) return [program, ...command.slice(1)];
  const options = ['--dir', redisFolder, '--maxmemory-policy', 'noeviction', '--appendonly', 'yes'];
  return ['redis-server', '--bind', '127.0.0.1', '--port', port, ...options];
}

function isProgram(pid: number, name: string): boolean {
  try {
    return commandOf(pid)[0]?.startsWith(name) ?? false;
  } catch {
    return false;
  }
}

function childrenOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8');
    return children.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it is gone already
  }
}

async function gone(pid: number): Promise<void> {
  const isThere = (): boolean => {
    try {
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
    } catch {
      return false;
    }
  };
  while (isThere()) await new Promise((resolve) => setTimeout(resolve, 10));
}
