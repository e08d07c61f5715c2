import { onlyArgument, type Command } from '../command.ts';
import { acceptTarget, intakeOptions } from '../intake.ts';
import { siteOf, siteOption } from '../site-choice.ts';
import { printReport, reportSchema, toReport } from '../source-report.ts';
import { watchSource } from '../watch-source.ts';

/** `ingest`: hands content over, watches it being read, and says what became of each item. */
export const ingestCommand: Command = {
  name: 'ingest',
  usage: '<url|file|dir>',
  summary: 'Read a website, a file or a folder into a site',
  details: [
    'A website is read from this address on, the same host only, robots.txt obeyed. A folder is taken with',
    'everything below it, a ZIP archive with everything in it. A .jsonl or .ndjson file holds a document per line:',
    '{"id", "title", "url", "text"}. With --qa a CSV file holds columns question, answer, alternatives and url.',
    'The command ends with what became of each item, and with exit code 1 when nothing is in the index.',
  ],
  options: { site: siteOption, ...intakeOptions },
  examples: [
    'ingest https://shop.example/help --include "/help/**" --delay 500',
    'ingest https://shop.example/terms --page',
    'ingest ./handbook --site staff',
    'ingest articles.jsonl --json',
    'ingest answers.csv --qa --name "Opening hours"',
  ],
  async run(context) {
    const target = onlyArgument(context.args, 'what to read: an address, a file or a folder');
    const site = siteOf(context);
    const { out, options } = context;
    const api = await context.api();
    const sourceIds = await acceptTarget(api, site, target, options);
    const finished = [];
    for (const sourceId of sourceIds) finished.push(await watchSource({ api, site, sourceId, out }));
    const report = toReport(finished);
    if (options['json'] === true) out.json(reportSchema.parse(report));
    else printReport(report, out);
    return report.inIndex > 0 ? 0 : 1;
  },
};
