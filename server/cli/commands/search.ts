import { searchResponseSchema } from '../../protocol/http.ts';
import { numberOption, onlyArgument, type Command } from '../command.ts';
import { siteOption, siteToAsk } from '../site-choice.ts';

const shownCharacters = 300;

/** `search`: the passages that fit, best first. */
export const searchCommand: Command = {
  name: 'search',
  usage: '<query>',
  summary: 'Find the passages that fit a question',
  options: {
    site: siteOption,
    k: { type: 'string', value: 'n', help: 'How many passages (default: 5)' },
  },
  examples: ['search "how long do I have to return boots"', 'search warranty --site demo --k 3'],
  async run(context) {
    const query = onlyArgument(context.args, 'what to search for');
    const k = numberOption(context.options, 'k', 1) ?? 5;
    const site = await siteToAsk(context);
    const { out } = context;
    const api = await context.api();
    const found = await api.send('POST', `/sites/${site}/search`, { query, k }, searchResponseSchema);
    if (context.options['json'] === true) {
      out.json(found);
      return 0;
    }
    if (found.passages.length === 0) out.print('Nothing was found.');
    for (const [index, passage] of found.passages.entries()) {
      out.print(`${out.bold(`${index + 1}. ${passage.title}`)}  ${out.dim(passage.score.toFixed(3))}`);
      if (passage.url !== null) out.print(`   ${out.dim(passage.url)}`);
      const text = passage.text.replaceAll(/\s+/g, ' ');
      out.print(`   ${text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text}`);
      out.print();
    }
    return 0;
  },
};
