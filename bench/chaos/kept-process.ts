import type { ChildProcess } from 'node:child_process';

/** A process that is started again whenever it ends, until it is stopped for good. */
export interface KeptProcess {
  /** SIGKILL; resolves when the next one was started. Kills at the same moment are one. */
  crash(): Promise<void>;
  /** Kills at once whatever runs; from now on nothing is started, whichever start or pause this meets. */
  stop(): Promise<void>;
}

export interface KeptProcessDeps {
  start(): ChildProcess;
  /** Ends what belongs to it without being the child itself; resolves when it is gone. */
  killRest?: () => Promise<void>;
  /** Pause after an end that was not ours: its port or its files may still be taken for a moment. */
  restartMs?: number;
}

/** Begins without a process: `crash` starts the first. */
export function keepProcess(deps: KeptProcessDeps): KeptProcess {
  const { start, killRest, restartMs = 200 } = deps;
  let child: ChildProcess | null = null;
  let pause: NodeJS.Timeout | null = null;
  let crashing: Promise<void> | null = null;
  let isStopped = false;

  function begin(): void {
    if (isStopped) return;
    const started = start();
    child = started;
    started.once('exit', () => {
      // a child that was killed here has been given up before
      if (child !== started) return;
      child = null;
      if (!isStopped) pause = setTimeout(begin, restartMs);
    });
  }

  /** Gives up the child, or the pause before the next one, so that only one start can follow. */
  function end(): Promise<void> {
    if (pause !== null) clearTimeout(pause);
    const ended = child;
    [child, pause] = [null, null];
    if (ended === null || ended.pid === undefined) return Promise.resolve();
    // by its handle: a command line says nothing before the program is reached, and a number may be another's
    const gone = new Promise<void>((resolve) => ended.once('exit', () => resolve()));
    ended.kill('SIGKILL');
    return gone;
  }

  async function crashOnce(): Promise<void> {
    await Promise.all([end(), killRest?.()]);
    begin();
  }

  return {
    crash() {
      if (isStopped) return Promise.reject(new Error('It was stopped for good.'));
      crashing ??= crashOnce().finally(() => (crashing = null));
      return crashing;
    },
    stop() {
      isStopped = true;
      return end();
    },
  };
}
