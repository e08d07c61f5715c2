import { pairSchema } from '../protocol/http-knowledge.ts';
import type { Api } from './api.ts';
import type { CommandContext, CommandOption } from './command.ts';

/** What can be changed of a question and its answer. */
export const pairOptions: Readonly<Record<string, CommandOption>> = {
  question: { type: 'string', value: 'text', help: 'the new wording of the question' },
  answer: { type: 'string', value: 'text', help: 'the new answer, in Markdown' },
};

/** Changes what the options name of a pair in the list at `path`, and shows the pair as it is then. */
export async function editPair(
  { options, out }: CommandContext,
  api: Api,
  path: string,
  pairId: string,
): Promise<number> {
  const pairPath = `${path}/pairs/${encodeURIComponent(pairId)}`;
  const { question, answer } = options;
  const isChanging = question !== undefined || answer !== undefined;
  const pair = isChanging
    ? await api.send('PATCH', pairPath, { question, answer }, pairSchema)
    : await api.get(pairPath, pairSchema);
  if (options['json'] === true) out.json(pair);
  else {
    out.print(pair.question);
    for (const other of pair.alternatives) out.print(`  or: ${other}`);
    out.print('');
    out.print(pair.answer);
    if (isChanging) out.print('\nSaved. The next answer knows it.');
  }
  return 0;
}
