import { z } from 'zod';
import {
  ledgerFilterSchema,
  sourceSchema,
  type LedgerFilter,
  type Source,
  type SourceSchedule,
} from '../../protocol/http-knowledge.ts';
import { editPair, pairOptions } from '../edit-pair.ts';
import { runAction, type Action } from '../actions.ts';
import type { Api } from '../api.ts';
import {
  numberOption,
  onlyArgument,
  textOption,
  UsageError,
  type CommandContext,
  type Command,
  type CommandOption,
} from '../command.ts';
import { formatTable } from '../output.ts';
import { siteOf, siteOption } from '../site-choice.ts';
import { isShown, printItems, printReport, reportSchema, toReport } from '../source-report.ts';
import { watchSource } from '../watch-source.ts';
import { websiteOptions, websiteSettings } from '../website-options.ts';

const pathOf = (context: CommandContext) => `/sites/${encodeURIComponent(siteOf(context))}/sources`;

function listSources(api: Api, context: CommandContext): Promise<Source[]> {
  return api.get(pathOf(context), z.array(sourceSchema));
}

/** The source of that id, beginning of an id, or name. @throws UsageError when there is none or more than one. */
async function findSource(api: Api, context: CommandContext, wanted: string): Promise<Source> {
  const all = await listSources(api, context);
  const found = all.filter(({ id, name }) => id === wanted || name === wanted);
  const close = found.length > 0 ? found : all.filter(({ id }) => id.startsWith(wanted));
  const [source, ...others] = close;
  if (source === undefined)
    throw new UsageError(`There is no source "${wanted}". List them with: sources list`);
  if (others.length > 0) throw new UsageError(`Several sources are called "${wanted}". Say the id of one.`);
  return source;
}

function describeSchedule({ schedule }: Source): string {
  if (!schedule) return '';
  return 'cron' in schedule ? schedule.cron : `every ${String(schedule.everyMinutes)} minutes`;
}

function toRow(source: Source): string[] {
  const { id, name, type, state, counts } = source;
  const inIndex = (counts['indexed'] ?? 0) + (counts['unchanged'] ?? 0);
  const items = `${String(inIndex)} of ${String(counts['total'] ?? 0)}`;
  return [id, name, type, state, items, describeSchedule(source)];
}

/** An action on one source, which it then shows as it is. */
function control(name: 'pause' | 'resume' | 'cancel', said: string): Action {
  return async (context, args) => {
    const api = await context.api();
    const { id } = await findSource(api, context, onlyArgument(args, 'which source: its id or name'));
    const source = await api.send('POST', `${pathOf(context)}/${id}/${name}`, undefined, sourceSchema);
    if (context.options['json'] === true) context.out.json(source);
    else context.out.print(`"${source.name}" ${said}`);
    return 0;
  };
}

async function watchAndReport(context: CommandContext, api: Api, sourceId: string): Promise<number> {
  const { out } = context;
  const show = readShow(context);
  const report = toReport([await watchSource({ api, site: siteOf(context), sourceId, out })]);
  if (context.options['json'] === true) {
    const items = show === null ? report.items : report.items.filter((item) => isShown(item, show));
    out.json(reportSchema.parse({ ...report, items }));
  } else {
    printReport(report, out);
    if (show !== null) printItems(report, show, out);
  }
  return report.inIndex > 0 ? 0 : 1;
}

/** Which rows are asked for one by one; null: none. @throws UsageError */
function readShow({ options }: CommandContext): LedgerFilter | null {
  if (options['show'] === undefined) return null;
  const parsed = ledgerFilterSchema.safeParse(options['show']);
  if (parsed.success) return parsed.data;
  throw new UsageError(`--show takes one of ${ledgerFilterSchema.options.join(', ')}.`);
}

/** The schedule that the words mean: `never`, minutes, or a cron expression. @throws UsageError */
function readSchedule(context: CommandContext): SourceSchedule | null {
  const { options } = context;
  const everyMinutes = numberOption(options, 'every', 15);
  if (everyMinutes !== undefined) return { everyMinutes };
  if (typeof options['cron'] === 'string') return { cron: textOption(options, 'cron', '') };
  if (options['never'] === true) return null;
  throw new UsageError('Say --every <minutes>, --cron "<expression>" or --never.');
}

const actions: Record<string, Action> = {
  async list(context) {
    const sources = await listSources(await context.api(), context);
    const { out } = context;
    if (context.options['json'] === true) out.json(sources);
    else if (sources.length === 0) out.print('There is no source yet. Add one with: ingest <url|file|dir>');
    else {
      const head = ['Source', 'Name', 'Type', 'State', 'In the index', 'Schedule (UTC)'];
      formatTable(head, sources.map(toRow), 160).forEach((line) => out.print(line));
    }
    return 0;
  },
  async watch(context, args) {
    const api = await context.api();
    const { id } = await findSource(
      api,
      context,
      onlyArgument(args, 'which source to watch: its id or name'),
    );
    return watchAndReport(context, api, id);
  },
  pause: control('pause', 'is paused. What it has read stays in use.'),
  resume: control('resume', 'goes on.'),
  cancel: control('cancel', 'is cancelled. What it has read stays in use.'),
  async rerun(context, args) {
    const api = await context.api();
    const { id } = await findSource(
      api,
      context,
      onlyArgument(args, 'which source to read again: its id or name'),
    );
    await api.send('POST', `${pathOf(context)}/${id}/rerun`, undefined, sourceSchema);
    return watchAndReport(context, api, id);
  },
  async rename(context, [wanted, name, ...more]) {
    if (wanted === undefined || name === undefined || more.length > 0)
      throw new UsageError('Say which source and its new name, in quotes where it has spaces.');
    const api = await context.api();
    const { id } = await findSource(api, context, wanted);
    const source = await api.send('PATCH', `${pathOf(context)}/${id}`, { name }, sourceSchema);
    if (context.options['json'] === true) context.out.json(source);
    else context.out.print(`It is called "${source.name}" now.`);
    return 0;
  },
  async schedule(context, args) {
    const wanted = onlyArgument(args, 'which source to schedule: its id or name');
    const schedule = readSchedule(context);
    const api = await context.api();
    const { id } = await findSource(api, context, wanted);
    const source = await api.send('PATCH', `${pathOf(context)}/${id}`, { schedule }, sourceSchema);
    const next = source.nextRunAt ?? null;
    if (context.options['json'] === true) context.out.json(source);
    else context.out.print(next === null ? 'It is read only when asked.' : `It is read again at ${next}.`);
    return 0;
  },
  async settings(context, args) {
    const wanted = onlyArgument(args, 'which website to change or look at: its id or name');
    const changes = websiteSettings(context.options);
    const api = await context.api();
    const found = await findSource(api, context, wanted);
    const isChanging = Object.keys(changes).length > 0;
    const source = isChanging
      ? await api.send('PATCH', `${pathOf(context)}/${found.id}`, { settings: changes }, sourceSchema)
      : found;
    if (!source.settings) throw new UsageError(`"${source.name}" is no website and has no such settings.`);
    const { out } = context;
    if (context.options['json'] === true) {
      out.json(source);
      return 0;
    }
    const rows = Object.entries(source.settings).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : String(value),
    ]);
    formatTable(['Setting', 'Value'], rows, 160).forEach((line) => out.print(line));
    if (isChanging) out.print('It counts from the next reading on: sources rerun reads now.');
    return 0;
  },
  async edit(context, [wanted, question, ...more]) {
    if (wanted === undefined || question === undefined || more.length > 0)
      throw new UsageError('Say which list and which of its questions, each in quotes where it has spaces.');
    const api = await context.api();
    const { id } = await findSource(api, context, wanted);
    return editPair(context, api, `${pathOf(context)}/${id}`, question);
  },
  async delete(context, args) {
    const api = await context.api();
    const { id, name } = await findSource(
      api,
      context,
      onlyArgument(args, 'which source to delete: its id or name'),
    );
    await api.remove(`${pathOf(context)}/${id}`);
    if (context.options['json'] === true) context.out.json({ deleted: id });
    else context.out.print(`Deleted "${name}" with its documents.`);
    return 0;
  },
};

/** Options of one action, which say so. */
function prefixed(action: string, options: Readonly<Record<string, CommandOption>>) {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, { ...option, help: `${action}: ${option.help}` }]),
  );
}

/** `sources`: what was handed over, and what is done about it. */
export const sourcesCommand: Command = {
  name: 'sources',
  usage:
    '[list | watch | pause | resume | cancel | rerun | rename | schedule | settings | edit | delete] [<source>]',
  summary: 'List sources; pause, resume, cancel, read again, rename, schedule, set up, edit and delete them',
  details: [
    'A source is named by its id, the beginning of its id, or its name. "settings" shows how a website is read and',
    'changes what its options name; "watch" and "rerun" list the rows of one kind with --show. "edit" shows a',
    'question of a list with its answer, and changes what its options name; the next answer knows it.',
  ],
  options: {
    site: siteOption,
    every: { type: 'string', value: 'minutes', help: 'schedule: read it again so often (15 at least)' },
    cron: { type: 'string', value: 'expression', help: 'schedule: five fields, UTC, such as "0 3 * * *"' },
    never: { type: 'boolean', help: 'schedule: read it only when asked' },
    show: { type: 'string', value: 'state', help: 'watch, rerun: list items of this state, or "ocr"' },
    ...prefixed('settings', websiteOptions),
    ...prefixed('edit', pairOptions),
  },
  examples: [
    'sources',
    'sources rerun shop.example',
    'sources schedule shop.example --cron "0 3 * * *"',
    'sources settings shop.example --max-pages 500 --exclude "/blog/**" --delay 500',
    'sources watch shop.example --show failed',
    'sources edit "Opening hours" "When are you open?" --answer "Daily from nine to five."',
    'sources rename shop.example "Help pages" --site shop',
  ],
  run: (context) => runAction(actions, context),
};
