import type { SourceUpdate } from '../protocol/http-knowledge.ts';
import { numberOption, type CommandOption, type OptionValues } from './command.ts';

/** Options that say how a website is read. */
export const websiteOptions: Readonly<Record<string, CommandOption>> = {
  'max-pages': {
    type: 'string',
    value: 'n',
    help: 'Read at most so many pages of a website (at first 1000)',
  },
  'max-depth': { type: 'string', value: 'n', help: 'Follow links so far from the start (at first 20)' },
  include: {
    type: 'string',
    value: 'globs',
    help: 'Read only these paths, with commas between: "/help/**"; "" for all',
  },
  exclude: { type: 'string', value: 'globs', help: 'Leave out these paths; "" for none' },
  delay: { type: 'string', value: 'ms', help: 'Wait at least so long between two pages (at first 0)' },
  concurrency: { type: 'string', value: 'n', help: 'Fetch so many pages at a time (at first 4)' },
};

/** Those that were given. */
export function given<Values extends object>(values: Values): Partial<Values> {
  const copy: Partial<Values> = { ...values };
  for (const name of Object.keys(values)) {
    if (Reflect.get(values, name) === undefined) Reflect.deleteProperty(copy, name);
  }
  return copy;
}

/** Patterns with commas between; an empty text is no pattern at all. */
function globs(options: OptionValues, name: string): string[] | undefined {
  const text = options[name];
  if (typeof text !== 'string') return undefined;
  return text
    .split(',')
    .map((glob) => glob.trim())
    .filter((glob) => glob !== '');
}

/** The settings that were given, under the names of the API. @throws UsageError */
export function websiteSettings(options: OptionValues): NonNullable<SourceUpdate['settings']> {
  return given({
    maxPages: numberOption(options, 'max-pages', 1),
    maxDepth: numberOption(options, 'max-depth', 0),
    include: globs(options, 'include'),
    exclude: globs(options, 'exclude'),
    delayMs: numberOption(options, 'delay', 0),
    concurrency: numberOption(options, 'concurrency', 1),
  });
}
