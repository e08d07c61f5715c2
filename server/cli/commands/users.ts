import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { readCommandLine } from '../../config.ts';
import { accountSchema } from '../../protocol/http-accounts.ts';
import { runAction } from '../actions.ts';
import { onlyArgument, textOption, UsageError, type Command, type CommandContext } from '../command.ts';
import { formatTable } from '../output.ts';

const passwordVariable = 'DESKBELL_PASSWORD';

/** Never an argument, which other users of the machine could see; made here when none is given. */
function choosePassword(): { password: string; isMade: boolean } {
  const given = readCommandLine().password;
  if (given !== null) return { password: given, isMade: false };
  return { password: randomBytes(15).toString('base64url'), isMade: true };
}

async function idOf(context: CommandContext, who: string): Promise<string> {
  if (!who.includes('@')) return who;
  const people = await (await context.api()).get('/agents', z.array(accountSchema));
  const found = people.find(({ email }) => email === who.toLowerCase());
  if (found === undefined) throw new UsageError(`Nobody signs in as ${who}.`);
  return found.id;
}

/** `users`: list, add, remove. */
export const usersCommand: Command = {
  name: 'users',
  usage: '[list | add <e-mail> | password <e-mail> | remove <e-mail>]',
  summary: 'List, add and remove the people who may sign in; give new passwords',
  details: [`A new password comes from ${passwordVariable}; without it one is made and shown once.`],
  options: {
    name: {
      type: 'string',
      value: 'name',
      help: 'What visitors and colleagues see (default: from the address)',
    },
    role: { type: 'string', value: 'role', help: 'agent or owner (default: agent)' },
  },
  examples: ['users', 'users add maya@shop.example --name Maya', 'users remove maya@shop.example'],
  run: (context) =>
    runAction(
      {
        async list({ api, out, options }) {
          const people = await (await api()).get('/agents', z.array(accountSchema));
          if (options['json'] === true) out.json(people);
          else if (people.length === 0)
            out.print('Nobody can sign in yet. Open /console to create the owner.');
          else {
            const rows = people.map(({ email, name, role }) => [email, name, role]);
            formatTable(['E-mail', 'Name', 'Role'], rows).forEach((line) => out.print(line));
          }
          return 0;
        },
        async add({ api, out, options }, args) {
          const email = onlyArgument(args, 'the e-mail address to add');
          const { password, isMade } = choosePassword();
          const body = {
            email,
            name: textOption(options, 'name', email.split('@')[0] ?? email),
            role: textOption(options, 'role', 'agent'),
            password,
          };
          const account = await (await api()).send('POST', '/agents', body, accountSchema);
          if (options['json'] === true) out.json(isMade ? { ...account, password } : account);
          else {
            out.print(`${account.email} can sign in as ${account.role}.`);
            if (isMade) out.print(`Password: ${password}`);
          }
          return 0;
        },
        async password(inner, args) {
          const id = await idOf(inner, onlyArgument(args, 'whose password to change'));
          const { password, isMade } = choosePassword();
          const path = `/agents/${encodeURIComponent(id)}`;
          const account = await (await inner.api()).send('PATCH', path, { password }, accountSchema);
          if (inner.options['json'] === true) inner.out.json(isMade ? { ...account, password } : account);
          else {
            inner.out.print(`${account.email} has a new password. Open sessions have ended.`);
            if (isMade) inner.out.print(`Password: ${password}`);
          }
          return 0;
        },
        async remove(inner, args) {
          const id = await idOf(inner, onlyArgument(args, 'the e-mail address or id to remove'));
          await (await inner.api()).remove(`/agents/${encodeURIComponent(id)}`);
          if (inner.options['json'] === true) inner.out.json({ removed: id });
          else inner.out.print('Removed. Open sessions have ended.');
          return 0;
        },
      },
      context,
    ),
};
