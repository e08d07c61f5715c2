import { z } from 'zod';
import { apiKeyCreatedSchema, apiKeySchema } from '../../protocol/http-accounts.ts';
import { runAction } from '../actions.ts';
import { onlyArgument, type Command } from '../command.ts';
import { formatTable } from '../output.ts';

/** `keys`: list, create, revoke. */
export const keysCommand: Command = {
  name: 'keys',
  usage: '[list | create <name> | revoke <id>]',
  summary: 'List, create and revoke API keys',
  options: {},
  examples: ['keys', 'keys create "nightly import"', 'keys revoke 01900000-0000-7000-8000-000000000001'],
  run: (context) =>
    runAction(
      {
        async list({ api, out, options }) {
          const keys = await (await api()).get('/keys', z.array(apiKeySchema));
          if (options['json'] === true) out.json(keys);
          else if (keys.length === 0) out.print('There are no API keys. Make one with: keys create <name>');
          else {
            const rows = keys.map((key) => [
              key.id,
              key.name,
              key.createdAt.slice(0, 10),
              key.lastUsedAt?.slice(0, 16) ?? 'never',
            ]);
            formatTable(['Id', 'Name', 'Created', 'Last used'], rows).forEach((line) => out.print(line));
          }
          return 0;
        },
        async create({ api, out, options }, args) {
          const name = onlyArgument(args, 'a name for the key');
          const created = await (await api()).send('POST', '/keys', { name }, apiKeyCreatedSchema);
          if (options['json'] === true) out.json(created);
          else {
            out.print(created.key);
            out.note('Keep it now: it is stored as a hash and cannot be shown again.');
          }
          return 0;
        },
        async revoke({ api, out, options }, args) {
          const id = onlyArgument(args, 'the id of the key to revoke');
          await (await api()).remove(`/keys/${encodeURIComponent(id)}`);
          if (options['json'] === true) out.json({ revoked: id });
          else out.print('Revoked. It no longer works.');
          return 0;
        },
      },
      context,
    ),
};
