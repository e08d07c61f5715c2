import { sourceAcceptedSchema, websiteSourceSchema } from '../../protocol/http-knowledge.ts';
import type { Api } from '../api.ts';
import { numberOption, onlyArgument, UsageError, type Command, type CommandContext } from '../command.ts';
import { findFiles, isDocumentLines, readLines, toUpload, type FoundFile } from '../files.ts';
import { siteOf, siteOption } from '../site-choice.ts';
import { printReport, reportSchema, toReport } from '../source-report.ts';
import { watchSource } from '../watch-source.ts';

/** Files per upload: a broken connection then costs one batch, not all. */
const filesPerUpload = 200;

function isAddress(target: string): boolean {
  return /^https?:\/\//i.test(target);
}

async function acceptWebsite(api: Api, site: string, url: string, maxPages?: number): Promise<string[]> {
  if (!URL.canParse(url)) throw new UsageError(`"${url}" is not an address.`);
  const body = websiteSourceSchema.parse({
    type: 'website',
    url,
    ...(maxPages === undefined ? {} : { maxPages }),
  });
  const { sourceId } = await api.send('POST', `/sites/${site}/sources`, body, sourceAcceptedSchema);
  return [sourceId];
}

async function acceptFiles(api: Api, site: string, files: readonly FoundFile[]): Promise<string[]> {
  const accepted: string[] = [];
  const lines = files.filter(isDocumentLines);
  for (const file of lines) {
    const path = `/sites/${site}/documents?name=${encodeURIComponent(file.name)}`;
    const { sourceId } = await api.stream(
      path,
      'application/x-ndjson',
      readLines(file),
      sourceAcceptedSchema,
    );
    accepted.push(sourceId);
  }
  const uploads = files.filter((file) => !isDocumentLines(file));
  for (let at = 0; at < uploads.length; at += filesPerUpload) {
    const form = await toUpload(uploads.slice(at, at + filesPerUpload));
    const { sourceId } = await api.upload(`/sites/${site}/sources`, form, sourceAcceptedSchema);
    accepted.push(sourceId);
  }
  return accepted;
}

async function accept(context: CommandContext, api: Api, site: string, target: string): Promise<string[]> {
  const maxPages = numberOption(context.options, 'max-pages', 1);
  if (isAddress(target)) return acceptWebsite(api, site, target, maxPages);
  const files = await findFiles(target);
  if (files.length === 0) throw new UsageError(`There are no files in ${target}.`);
  return acceptFiles(api, site, files);
}

/** `ingest`: hands content over, watches it being read, and says what became of each item. */
export const ingestCommand: Command = {
  name: 'ingest',
  usage: '<url|file|dir>',
  summary: 'Read a website, a file or a folder into a site',
  details: [
    'A website is read from this address on, the same host only, robots.txt obeyed. A folder is taken with',
    'everything below it. A .jsonl or .ndjson file holds a document per line: {"id", "title", "url", "text"}.',
    'The command ends with what became of each item, and with exit code 1 when nothing is in the index.',
  ],
  options: {
    site: siteOption,
    'max-pages': {
      type: 'string',
      value: 'n',
      help: 'Read at most so many pages of a website (default: 1000)',
    },
  },
  examples: [
    'ingest https://shop.example/help',
    'ingest ./handbook --site staff',
    'ingest articles.jsonl --json',
  ],
  async run(context) {
    const target = onlyArgument(context.args, 'what to read: an address, a file or a folder');
    const site = siteOf(context);
    const { out, options } = context;
    const api = await context.api();
    const sourceIds = await accept(context, api, site, target);
    const finished = [];
    for (const sourceId of sourceIds) finished.push(await watchSource({ api, site, sourceId, out }));
    const report = toReport(finished);
    if (options['json'] === true) out.json(reportSchema.parse(report));
    else printReport(report, out);
    return report.inIndex > 0 ? 0 : 1;
  },
};
