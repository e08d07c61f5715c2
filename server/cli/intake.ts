import { readFile } from 'node:fs/promises';
import { pagesSourceSchema, sourceAcceptedSchema, websiteSourceSchema } from '../protocol/http-knowledge.ts';
import type { Api } from './api.ts';
import { numberOption, textOption, UsageError, type CommandOption, type OptionValues } from './command.ts';
import { findFiles, isDocumentLines, readLines, toUpload, type FoundFile } from './files.ts';

/** Files per upload: a broken connection then costs one batch, not all. */
const filesPerUpload = 200;

/** Options that say how a website is read, or what a file is. */
export const intakeOptions: Readonly<Record<string, CommandOption>> = {
  name: { type: 'string', value: 'name', help: 'Name of the source (default: from what it is)' },
  'max-pages': {
    type: 'string',
    value: 'n',
    help: 'Read at most so many pages of a website (default: 1000)',
  },
  'max-depth': { type: 'string', value: 'n', help: 'Follow links so far from the start (default: 20)' },
  include: { type: 'string', value: 'globs', help: 'Read only these paths, with commas between: "/help/**"' },
  exclude: { type: 'string', value: 'globs', help: 'Leave out these paths' },
  delay: { type: 'string', value: 'ms', help: 'Wait at least so long between two pages (default: 0)' },
  concurrency: { type: 'string', value: 'n', help: 'Fetch so many pages at a time (default: 4)' },
  page: { type: 'boolean', help: 'Read this one page, and nothing that it links to' },
  qa: { type: 'boolean', help: 'The file is CSV with questions and answers' },
};

export const isAddress = (target: string): boolean => /^https?:\/\//i.test(target);

/** Those that were given, under the names of the API. */
function pick(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function globs(options: OptionValues, name: string): string[] | undefined {
  const text = textOption(options, name, '');
  return text === '' ? undefined : text.split(',').map((glob) => glob.trim());
}

/** The source that an address and options mean. @throws UsageError */
function toWebSource(url: string, options: OptionValues): unknown {
  if (!URL.canParse(url)) throw new UsageError(`"${url}" is not an address.`);
  const common = {
    name: typeof options['name'] === 'string' ? options['name'] : undefined,
    delayMs: numberOption(options, 'delay', 0),
    concurrency: numberOption(options, 'concurrency', 1),
  };
  const limits = {
    maxPages: numberOption(options, 'max-pages', 1),
    maxDepth: numberOption(options, 'max-depth', 0),
    include: globs(options, 'include'),
    exclude: globs(options, 'exclude'),
  };
  const isPage = options['page'] === true;
  const parsed = isPage
    ? pagesSourceSchema.safeParse(pick({ type: 'pages', urls: [url], ...common }))
    : websiteSourceSchema.safeParse(pick({ type: 'website', url, ...common, ...limits }));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${String(issue?.path.join('.') ?? 'option')}: ${issue?.message ?? 'is not valid'}`);
}

function withName(path: string, name: string | undefined): string {
  return name === undefined ? path : `${path}?name=${encodeURIComponent(name)}`;
}

async function acceptFiles(
  api: Api,
  site: string,
  files: readonly FoundFile[],
  name?: string,
): Promise<string[]> {
  const accepted: string[] = [];
  for (const file of files.filter(isDocumentLines)) {
    const path = withName(`/sites/${site}/documents`, name ?? file.name);
    const type = 'application/x-ndjson';
    accepted.push((await api.stream(path, type, readLines(file), sourceAcceptedSchema)).sourceId);
  }
  const uploads = files.filter((file) => !isDocumentLines(file));
  for (let at = 0; at < uploads.length; at += filesPerUpload) {
    const form = await toUpload(uploads.slice(at, at + filesPerUpload));
    const { sourceId } = await api.upload(
      withName(`/sites/${site}/sources`, name),
      form,
      sourceAcceptedSchema,
    );
    accepted.push(sourceId);
  }
  return accepted;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** Hands over what `target` names: an address, a file or a folder. Gives the ids of the sources. @throws UsageError */
export async function acceptTarget(
  api: Api,
  site: string,
  target: string,
  options: OptionValues,
): Promise<string[]> {
  const sources = `/sites/${site}/sources`;
  if (isAddress(target)) {
    const body = toWebSource(target, options);
    return [(await api.send('POST', sources, body, sourceAcceptedSchema)).sourceId];
  }
  const files = await findFiles(target);
  const [first] = files;
  if (first === undefined) throw new UsageError(`There are no files in ${target}.`);
  const name = typeof options['name'] === 'string' ? options['name'] : undefined;
  if (options['qa'] !== true) return acceptFiles(api, site, files, name);
  const path = withName(sources, name ?? first.name);
  const body = once(await readFile(first.file, 'utf8'));
  return [(await api.stream(path, 'text/csv', body, sourceAcceptedSchema)).sourceId];
}
