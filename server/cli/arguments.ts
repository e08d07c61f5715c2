import { parseArgs } from 'node:util';
import { commonOptions, UsageError, type Command, type CommandOption, type OptionValues } from './command.ts';

export interface ParsedCommand {
  args: readonly string[];
  options: OptionValues;
}

/** Splits what follows a command's name into arguments and options. @throws UsageError for unknown options. */
export function parseCommand(command: Command, argv: readonly string[]): ParsedCommand {
  const known = { ...command.options, ...commonOptions };
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      strict: true,
      options: {
        ...Object.fromEntries(Object.entries(known).map(([name, { type }]) => [name, { type }])),
        help: { type: 'boolean', short: 'h' },
      },
    });
    const options = Object.entries(values).map(([name, value]) => [
      name,
      Array.isArray(value) ? value[0] : value,
    ]);
    return { args: positionals, options: Object.fromEntries(options) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const option = /'(-[^' ]+)/.exec(message)?.[1];
    throw new UsageError(
      option === undefined ? message : `${command.name} has no option ${option} of that form.`,
    );
  }
}

function optionLines(options: Readonly<Record<string, CommandOption>>): string[] {
  const named = Object.entries(options).map(([name, { value, help }]) => ({
    flag: `--${name}${value === undefined ? '' : ` <${value}>`}`,
    help,
  }));
  const width = Math.max(...named.map(({ flag }) => flag.length));
  return named.map(({ flag, help }) => `  ${flag.padEnd(width)}  ${help}`);
}

/** How one command is used. */
export function commandHelp(command: Command): string {
  return [
    `${command.summary}.`,
    '',
    `Usage: npm run deskbell -- ${command.name} ${command.usage}`.trimEnd(),
    ...(command.details === undefined ? [] : ['', ...command.details]),
    '',
    'Options:',
    ...optionLines({ ...command.options, ...commonOptions }),
    '',
    'Examples:',
    ...command.examples.map((example) => `  npm run deskbell -- ${example}`),
  ].join('\n');
}

/** All commands. */
export function generalHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name, usage }) => `${name} ${usage}`.length));
  return [
    'Deskbell from the command line.',
    '',
    'Usage: npm run deskbell -- <command> [options]',
    '',
    'Commands:',
    ...commands.map(({ name, usage, summary }) => `  ${`${name} ${usage}`.padEnd(width)}  ${summary}`),
    '',
    'Each takes --json and --help. A command uses the server that runs on this DATA_DIR, or the one of',
    'DESKBELL_URL with DESKBELL_API_KEY; when there is none it starts one for itself and stops it at the end.',
  ].join('\n');
}
