import { AppError } from '../errors.ts';
import type { Api } from './api.ts';
import { commandHelp, generalHelp, parseCommand } from './arguments.ts';
import { UsageError, type Command } from './command.ts';
import type { Output } from './output.ts';

/** A server to talk to; `close` stops what was started for it. */
export interface Connected {
  api: Api;
  close(): Promise<void>;
}

export interface RunDeps {
  commands: readonly Command[];
  out: Output;
  stdin: AsyncIterable<Buffer | string>;
  /** Finds or starts a server. */
  connect(): Promise<Connected>;
}

/** Exit codes: done, done but nothing came of it or it failed, used wrongly. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

/** The command whose name is nearest, for a slip of the finger. */
function nearest(name: string, commands: readonly Command[]): string | null {
  const isClose = (candidate: string): boolean =>
    candidate.startsWith(name) ||
    name.startsWith(candidate) ||
    [...name].sort().join() === [...candidate].sort().join();
  return commands.find((command) => isClose(command.name))?.name ?? null;
}

function explain(error: unknown, out: Output): void {
  if (error instanceof AppError) {
    out.note(error.message);
    if (error.fix !== undefined) out.note(error.fix);
    return;
  }
  out.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
}

async function runCommand(command: Command, argv: readonly string[], deps: RunDeps): Promise<number> {
  const { out, stdin } = deps;
  const { args, options } = parseCommand(command, argv);
  if (options['help'] === true) {
    out.print(commandHelp(command));
    return exitCodes.done;
  }
  const connected: Promise<Connected>[] = [];
  const api = async (): Promise<Api> => {
    const pending = connected[0] ?? deps.connect();
    if (connected.length === 0) connected.push(pending);
    return (await pending).api;
  };
  try {
    return await command.run({ args, options, out, api, stdin });
  } finally {
    out.status(null);
    // a connect that failed was reported by the command that awaited it
    for (const result of await Promise.allSettled(connected)) {
      if (result.status === 'fulfilled') await result.value.close();
    }
  }
}

/** Runs one command line and gives the exit code; never throws. */
export async function runCommandLine(argv: readonly string[], deps: RunDeps): Promise<number> {
  const { commands, out } = deps;
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    out.print(generalHelp(commands));
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const meant = nearest(name, commands);
    out.note(`There is no command "${name}".${meant === null ? '' : ` Did you mean ${meant}?`}`);
    out.note('npm run deskbell -- --help lists them.');
    return exitCodes.usage;
  }
  try {
    return await runCommand(command, rest, deps);
  } catch (error) {
    if (error instanceof UsageError) {
      out.note(error.message);
      out.note(`Usage: npm run deskbell -- ${`${command.name} ${command.usage}`.trimEnd()}`);
      out.note(`npm run deskbell -- ${command.name} --help says more.`);
      return exitCodes.usage;
    }
    explain(error, out);
    return exitCodes.failed;
  }
}
