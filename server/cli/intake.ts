import { readFile } from 'node:fs/promises';
import { pagesSourceSchema, sourceAcceptedSchema, websiteSourceSchema } from '../protocol/http-knowledge.ts';
import type { Api } from './api.ts';
import { UsageError, type CommandOption, type OptionValues } from './command.ts';
import { findFiles, isDocumentLines, readLines, toUpload, type FoundFile } from './files.ts';
import { given, websiteOptions, websiteSettings } from './website-options.ts';

/** Files per upload: a broken connection then costs one batch, not all. */
const filesPerUpload = 200;

/** Options that say how a website is read, or what a file is. */
export const intakeOptions: Readonly<Record<string, CommandOption>> = {
  name: { type: 'string', value: 'name', help: 'Name of the source (default: from what it is)' },
  ...websiteOptions,
  page: { type: 'boolean', help: 'Read this one page, and nothing that it links to' },
  qa: { type: 'boolean', help: 'The file is CSV with questions and answers' },
};

export const isAddress = (target: string): boolean => /^https?:\/\//i.test(target);

/** The source that an address and options mean. @throws UsageError */
function toWebSource(url: string, options: OptionValues): unknown {
  if (!URL.canParse(url)) throw new UsageError(`"${url}" is not an address.`);
  const { delayMs, concurrency, ...limits } = websiteSettings(options);
  const name = typeof options['name'] === 'string' ? options['name'] : undefined;
  const common = given({ name, delayMs, concurrency });
  const isPage = options['page'] === true;
  const parsed = isPage
    ? pagesSourceSchema.safeParse({ type: 'pages', urls: [url], ...common })
    : websiteSourceSchema.safeParse({ type: 'website', url, ...common, ...limits });
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
