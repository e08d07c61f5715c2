import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An app process that is started again whenever it was killed. */
export interface Instance {
  readonly port: number;
  isUp(): boolean;
  /** SIGKILL; comes back by itself. */
  kill(): void;
  stop(): Promise<void>;
}

const program = new URL('./instance.ts', import.meta.url).pathname;
/** Starts cost a third with it, and a killed instance is back while the others still talk of it. */
const compileCache = join(tmpdir(), 'deskbell-chaos-cache');
const mutate = new URL('./mutate.ts', import.meta.url).href;

/** Starts one; resolves when it accepts connections. */
export async function startInstance(
  env: Record<string, string>,
  failed: (text: string) => void,
  /** Prefix of the command, such as one that enters another network. */
  within: readonly string[] = [],
): Promise<Instance> {
  const port = await freePort();
  let child: ChildProcess | null = null;
  let isUp = false;
  let isStopped = false;
  let starts = 0;

  async function start(): Promise<void> {
    starts += 1;
    const [execPath = process.execPath, ...before] = [...within, process.execPath];
    const started = fork(program, [], {
      execPath,
      env: {
        ...process.env,
        ...env,
        NODE_COMPILE_CACHE: compileCache,
        PORT: String(port),
        SEED: String(Number(env['SEED']) + starts),
      },
      execArgv: [...before, '--import', mutate],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child = started;
    let fault = '';
    started.stderr?.on('data', (chunk: Buffer) => (fault += chunk.toString()));
    started.on('exit', (_code, signal) => {
      isUp = false;
      // the database may be away while it starts: it is started again, as any supervisor would
      if (signal !== 'SIGKILL' && fault !== '') failed(fault);
      if (!isStopped) setTimeout(() => void start(), signal === 'SIGKILL' ? 0 : 200);
    });
    await new Promise<void>((resolve) => {
      started.on('message', () => {
        isUp = true;
        resolve();
      });
      started.on('exit', () => resolve());
    });
  }

  await start();
  return {
    port,
    isUp: () => isUp,
    kill() {
      isUp = false;
      child?.kill('SIGKILL');
    },
    async stop() {
      isStopped = true;
      const last = child;
      if (last === null || last.exitCode !== null || last.signalCode !== null) return;
      await new Promise((resolve) => {
        last.on('exit', resolve);
        last.kill('SIGKILL');
      });
    },
  };
}

/** Below the range that outgoing connections take theirs from, so that it is free again after a kill. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(12_000, 32_000);
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer().on('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}
