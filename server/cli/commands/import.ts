import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { AppError } from '../../errors.ts';
import { siteSchema } from '../../protocol/http.ts';
import { sourceAcceptedSchema } from '../../protocol/http-knowledge.ts';
import type { Api } from '../api.ts';
import { onlyArgument, UsageError, type Command, type CommandContext } from '../command.ts';
import { siteOf, siteOption } from '../site-choice.ts';
import { printReport, toReport } from '../source-report.ts';
import { exportLineSchema, type ExportLine } from '../transfer.ts';
import { watchSource } from '../watch-source.ts';

async function* readExport(input: Readable): AsyncGenerator<ExportLine> {
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    let parsed;
    try {
      parsed = exportLineSchema.safeParse(JSON.parse(line));
    } catch {
      parsed = null;
    }
    if (parsed?.success !== true) {
      throw new UsageError(
        `Line ${number} is not a line of an export. Make one with: npm run deskbell -- export`,
      );
    }
    yield parsed.data;
  }
}

/** Makes the site where it is missing, and gives it name and settings. */
async function putSite(api: Api, site: string, line: Extract<ExportLine, { type: 'site' }>): Promise<void> {
  const { name, settings } = line;
  try {
    await api.get(`/sites/${site}`, siteSchema);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not-found') throw error;
    await api.send('POST', '/sites', { id: site, name }, siteSchema);
  }
  await api.send('PATCH', `/sites/${site}`, { name, settings }, siteSchema);
}

async function* documentLines(lines: AsyncIterator<ExportLine>): AsyncGenerator<string> {
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    if (next.value.type === 'site') continue;
    const { id, title, url, markdown } = next.value;
    yield `${JSON.stringify({ id, title, markdown, ...(url === null ? {} : { url }) })}\n`;
  }
}

function openInput({ args, stdin }: CommandContext): Readable {
  const file = onlyArgument(args, 'the file to import, or - for standard input');
  return file === '-' ? Readable.from(stdin) : createReadStream(file);
}

/** `import`: what `export` wrote. */
export const importCommand: Command = {
  name: 'import',
  usage: '<file|->',
  summary: 'Read what export wrote into a site, making it where it is missing',
  options: { site: siteOption },
  examples: ['import shop.ndjson --site shop-copy'],
  async run(context) {
    const { out, options } = context;
    const site = siteOf(context);
    const lines = readExport(openInput(context))[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done === true || first.value.type !== 'site') {
      throw new UsageError('The file does not begin with the site. Make it with: npm run deskbell -- export');
    }
    const api = await context.api();
    await putSite(api, site, first.value);
    const path = `/sites/${site}/documents?name=Import`;
    const body = documentLines(lines);
    const { sourceId } = await api.stream(path, 'application/x-ndjson', body, sourceAcceptedSchema);
    const report = toReport([await watchSource({ api, site, sourceId, out })]);
    if (options['json'] === true) out.json(report);
    else printReport(report, out);
    return report.inIndex > 0 ? 0 : 1;
  },
};
