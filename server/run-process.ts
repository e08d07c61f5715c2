import { enableCompileCache } from 'node:module';
import os from 'node:os';
import process from 'node:process';
import type { App } from './app.ts';
import type { Config } from './config.ts';
import { AppError } from './errors.ts';
import { createLogger } from './log.ts';
import type { Logger } from './ports.ts';

const exitFailed = 1;
const longestFarewellMs = 10_000;
/** 128 + SIGINT, as shells report it. */
const exitInterrupted = 130;

/** A start-up fault as its owner reads it: cause and cure, no stack trace. Anything else is a bug and shows all. */
function explain(error: unknown): string {
  if (error instanceof AppError) return [error.message, error.fix].filter(Boolean).join('\n');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function invite(url: string, code: string): string {
  return `\n  There is no owner yet. Open ${url}/console and enter this one-time code:\n\n      ${code}\n\n`;
}

function fail(error: unknown): never {
  process.stderr.write(`\nDeskbell could not start.\n${explain(error)}\n`);
  process.exit(exitFailed);
}

/** What only works off jobs lets those go first that visitors talk to, where both share a machine. */
function giveWay(): void {
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
}

/** The first signal closes in good order, the second ends the process at once. */
function closeOnSignals(app: App): void {
  let isClosing = false;
  const stop = (): void => {
    if (isClosing) process.exit(exitInterrupted);
    isClosing = true;
    process.stderr.write('Stopping. Press Ctrl-C again to stop at once.\n');
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${explain(error)}\n`);
        process.exit(exitFailed);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

/** Work that nobody waits for and that fails is logged; a bug that leaves the process in doubt ends it in good order. */
export function surviveBugs(close: () => Promise<void>, logger: Logger): void {
  process.on('unhandledRejection', (error) => logger.error('unhandled-rejection', { error }));
  process.on('uncaughtException', (error) => {
    logger.error('uncaught-exception', { error });
    setTimeout(() => process.exit(exitFailed), longestFarewellMs).unref();
    void close().finally(() => process.exit(exitFailed));
  });
}

/**
 * The life of a process: configuration, start, the ready line, signals. `adjust` may override the configuration.
 * Exits with 1 and one message when it cannot start.
 */
export async function runProcess(adjust: (config: Config) => Config): Promise<void> {
  // Types are stripped and code compiled once, not at every start.
  enableCompileCache();
  try {
    // Loaded late, so that a fault in the configuration is told before anything heavy is read.
    const { readConfig } = await import('./config.ts');
    const config = adjust(readConfig());
    if (config.role === 'worker') giveWay();
    const { createApp } = await import('./app.ts');
    const app = await createApp(config);
    closeOnSignals(app);
    surviveBugs(app.close, createLogger(process.stderr, config.logLevel));
    await app.start();
    process.stdout.write(
      config.role === 'worker' ? 'deskbell worker ready\n' : `deskbell ready ${app.url}\n`,
    );
    if (app.setupCode !== null) process.stderr.write(invite(app.url, app.setupCode));
  } catch (error) {
    fail(error);
  }
}
