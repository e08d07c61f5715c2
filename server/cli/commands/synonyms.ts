import { synonymListSchema, synonymSchema, type Synonym } from '../../protocol/http-knowledge.ts';
import { runAction } from '../actions.ts';
import { onlyArgument, textOption, UsageError, type Command, type CommandContext } from '../command.ts';
import { formatTable } from '../output.ts';
import { siteOf, siteOption } from '../site-choice.ts';

const split = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

const pathOf = (context: CommandContext, id?: string) =>
  `/sites/${siteOf(context)}/synonyms${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;

/** An entry from the words given and `--means`. */
const entryOf = (words: string, { options }: CommandContext) => ({
  words: split(words),
  means: split(textOption(options, 'means', '')),
});

function printEntry({ id, words, means }: Synonym, { out, options }: CommandContext): void {
  if (options['json'] === true) out.json({ id, words, means });
  else out.print(`${id}  ${words.join(', ')}${means.length === 0 ? '' : ` → ${means.join(', ')}`}`);
}

/** `synonyms`: words that mean the same on a site. */
export const synonymsCommand: Command = {
  name: 'synonyms',
  usage: '[list | add <words> | change <id> <words> | remove <id>]',
  summary: 'List, add, change and remove words that mean the same',
  details: [
    'Words and phrases are parted by commas and mean each other. With --means a question with one of the words',
    'also finds what the pages say instead, and not the other way round. The next question knows of the change.',
  ],
  options: {
    site: siteOption,
    means: { type: 'string', value: 'words', help: 'What the words mean on the pages, one way only' },
  },
  examples: [
    'synonyms --site shop',
    'synonyms add "resole, new sole" --site shop',
    'synonyms change 01900000-0000-7000-8000-000000000001 voucher --means "gift card" --site shop',
    'synonyms remove 01900000-0000-7000-8000-000000000001 --site shop',
  ],
  run: (context) =>
    runAction(
      {
        async list({ api, out, options }) {
          const { synonyms } = await (await api()).get(pathOf(context), synonymListSchema);
          if (options['json'] === true) out.json(synonyms);
          else if (synonyms.length === 0)
            out.print('There are none. Add some with: synonyms add "one, other"');
          else {
            const rows = synonyms.map(({ id, words, means }) => [id, words.join(', '), means.join(', ')]);
            formatTable(['Id', 'Words', 'Mean'], rows).forEach((line) => out.print(line));
          }
          return 0;
        },
        async add({ api }, args) {
          const body = entryOf(onlyArgument(args, 'the words, parted by commas'), context);
          printEntry(await (await api()).send('POST', pathOf(context), body, synonymSchema), context);
          return 0;
        },
        async change({ api }, [id, ...words]) {
          if (id === undefined) throw new UsageError('Say the id of the entry, then the words.');
          const body = entryOf(onlyArgument(words, 'the words, parted by commas'), context);
          printEntry(await (await api()).send('PATCH', pathOf(context, id), body, synonymSchema), context);
          return 0;
        },
        async remove({ api, out, options }, args) {
          const id = onlyArgument(args, 'the id of the entry');
          await (await api()).remove(pathOf(context, id));
          if (options['json'] === true) out.json({ removed: id });
          else out.print('Removed. The next question no longer knows it.');
          return 0;
        },
      },
      context,
    ),
};
