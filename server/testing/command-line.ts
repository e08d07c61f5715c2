import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createApp } from '../app.ts';
import { commands } from '../cli/commands.ts';
import { connect } from '../cli/connect.ts';
import { createOutput } from '../cli/output.ts';
import { runCommandLine } from '../cli/run.ts';
import { parseConfig } from '../config.ts';

/** What a command has written so far. */
export interface Written {
  stdout: string;
  stderr: string;
}

/** A real server on a data folder of its own, and the command line, which finds it by its run file as in life. */
export interface CommandLine {
  /** For files of the test. */
  readonly folder: string;
  /** The running server's address. */
  url(): string;
  /** Starts the server, or starts it anew with other settings. */
  serve(environment?: Record<string, string>): Promise<void>;
  run(...argv: string[]): Promise<Written & { code: number }>;
  /** The same on a terminal, to be looked at while it runs. */
  begin(...argv: string[]): { written: Written; ended: Promise<number> };
  close(): Promise<void>;
}

/** @see CommandLine */
export async function createCommandLine(): Promise<CommandLine> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'deskbell-cli-'));
  const settings = { DATA_DIR: path.join(folder, 'data'), LOG_LEVEL: 'silent' };
  let app: Awaited<ReturnType<typeof createApp>> | null = null;

  function begin(argv: readonly string[], isTTY: boolean) {
    const written: Written = { stdout: '', stderr: '' };
    const sink = (name: keyof Written) => ({ isTTY, write: (text: string) => (written[name] += text) });
    const ended = runCommandLine(argv, {
      commands,
      out: createOutput({ stdout: sink('stdout'), stderr: sink('stderr'), hasColor: false }),
      stdin: Readable.from([]),
      connect: () =>
        connect({
          remote: { url: null, apiKey: null },
          config: () => parseConfig(settings),
          createApp: () => Promise.reject(new Error('a server runs already; none must be started')),
        }),
    });
    return { written, ended };
  }

  return {
    folder,
    url: () => app?.url ?? '',
    async serve(environment = {}) {
      await app?.close();
      app = await createApp({ ...parseConfig({ ...settings, ...environment }), port: 0 });
      await app.start();
    },
    async run(...argv) {
      const { written, ended } = begin(argv, false);
      const code = await ended;
      return { code, ...written };
    },
    begin: (...argv) => begin(argv, true),
    async close() {
      await app?.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
