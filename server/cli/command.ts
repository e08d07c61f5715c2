import type { Api } from './api.ts';
import type { Output } from './output.ts';

export interface CommandOption {
  type: 'string' | 'boolean';
  /** Name of the value in help texts: `--site <id>`. */
  value?: string;
  help: string;
}

export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

/** What a command gets. */
export interface CommandContext {
  /** What follows the command's name, without options. */
  args: readonly string[];
  options: OptionValues;
  out: Output;
  /** Connects on first use: to the running server, or to one started for this command. */
  api(): Promise<Api>;
  /** Standard input, for commands that read it. */
  stdin: AsyncIterable<Buffer | string>;
}

/** One command of the command line. */
export interface Command {
  name: string;
  /** What follows the name: `<url|file|dir>`. */
  usage: string;
  summary: string;
  /** More words for `--help`. */
  details?: readonly string[];
  options: Readonly<Record<string, CommandOption>>;
  examples: readonly string[];
  /** Gives the exit code. */
  run(context: CommandContext): Promise<number>;
}

/** The command was used in a way that it does not have; `message` says what to do instead. */
export class UsageError extends Error {}

/** Options that every command has. */
export const commonOptions: Readonly<Record<string, CommandOption>> = {
  json: { type: 'boolean', help: 'Give the result as JSON on standard output' },
  help: { type: 'boolean', help: 'Show this help' },
};

/** The option as text, or the fallback. */
export function textOption(options: OptionValues, name: string, fallback: string): string {
  const value = options[name];
  return typeof value === 'string' ? value : fallback;
}

/** The option as a whole number of at least `min`. @throws UsageError */
export function numberOption(options: OptionValues, name: string, min: number): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < min) {
    throw new UsageError(`--${name} takes a whole number of at least ${min}.`);
  }
  return number;
}

/** The only argument. @throws UsageError when there is none or more than one. */
export function onlyArgument(args: readonly string[], what: string): string {
  const [first, ...more] = args;
  if (first === undefined) throw new UsageError(`Say ${what}.`);
  if (more.length > 0) throw new UsageError(`Say only ${what}; put quotes around it when it has spaces.`);
  return first;
}
