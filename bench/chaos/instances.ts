import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepProcess } from './kept-process.ts';

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
  let isUp = false;
  let starts = 0;
  let began: () => void;
  const firstStart = new Promise<void>((resolve) => (began = resolve));

  function start(): ChildProcess {
    starts += 1;
    const [execPath = process.execPath, ...before] = [...within, process.execPath];
    const child = fork(program, [], {
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
    let fault = '';
    child.stderr?.on('data', (chunk: Buffer) => (fault += chunk.toString()));
    child.on('message', () => {
      isUp = true;
      began();
    });
    child.on('exit', (_code, signal) => {
      isUp = false;
      began();
      // the database may be away while it starts: it is started again, as any supervisor would
      if (signal !== 'SIGKILL' && fault !== '') failed(fault);
    });
    return child;
  }

  const kept = keepProcess({ start });
  await kept.crash();
  await firstStart;
  return {
    port,
    isUp: () => isUp,
    kill() {
      isUp = false;
      void kept.crash();
    },
    stop: () => kept.stop(),
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
