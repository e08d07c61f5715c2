import { z } from 'zod';
import { siteSchema } from '../../protocol/http.ts';
import { runAction } from '../actions.ts';
import { onlyArgument, textOption, type Command } from '../command.ts';
import { formatTable } from '../output.ts';

/** `sites`: list, create, delete. */
export const sitesCommand: Command = {
  name: 'sites',
  usage: '[list | create <id> | delete <id>]',
  summary: 'List, create and delete sites',
  options: { name: { type: 'string', value: 'name', help: 'Name of the new site (default: its id)' } },
  examples: ['sites', 'sites create shop --name "Our shop"', 'sites delete shop'],
  run: (context) =>
    runAction(
      {
        async list({ api, out, options }) {
          const sites = await (await api()).get('/sites', z.array(siteSchema));
          if (options['json'] === true) out.json(sites);
          else {
            const rows = sites.map(({ id, name, createdAt }) => [id, name, createdAt.slice(0, 10)]);
            formatTable(['Site', 'Name', 'Created'], rows).forEach((line) => out.print(line));
          }
          return 0;
        },
        async create({ api, out, options }, args) {
          const id = onlyArgument(args, 'the id of the new site');
          const body = { id, name: textOption(options, 'name', id) };
          const site = await (await api()).send('POST', '/sites', body, siteSchema);
          if (options['json'] === true) out.json(site);
          else
            out.print(
              `Made the site "${site.id}". Fill it with: npm run deskbell -- ingest <url> --site ${site.id}`,
            );
          return 0;
        },
        async delete({ api, out, options }, args) {
          const id = onlyArgument(args, 'the id of the site to delete');
          await (await api()).remove(`/sites/${encodeURIComponent(id)}`);
          if (options['json'] === true) out.json({ deleted: id });
          else out.print(`Deleted the site "${id}" with its knowledge and conversations.`);
          return 0;
        },
      },
      context,
    ),
};
