import { documentQuestionsSchema, documentSchema } from '../../protocol/http-knowledge.ts';
import { runAction } from '../actions.ts';
import { UsageError, type Command, type CommandContext } from '../command.ts';
import { siteOf, siteOption } from '../site-choice.ts';

function twoArguments([document, question, ...more]: readonly string[]): [string, string] {
  if (document === undefined || question === undefined || more.length > 0) {
    throw new UsageError('Say the document (its id or address), then the question in quotes.');
  }
  return [document, question];
}

const pathOf = (context: CommandContext, document: string) =>
  `/sites/${siteOf(context)}/documents/${encodeURIComponent(document)}`;

async function change(
  context: CommandContext,
  document: string,
  edit: (questions: readonly string[]) => string[],
): Promise<number> {
  const api = await context.api();
  const path = pathOf(context, document);
  const { questions } = await api.get(path, documentSchema);
  return print(
    context,
    await api.send('PATCH', path, { questions: edit(questions) }, documentQuestionsSchema),
  );
}

function print({ out, options }: CommandContext, { questions }: { questions: string[] }): number {
  if (options['json'] === true) out.json(questions);
  else if (questions.length === 0) out.print('It has none.');
  else for (const question of questions) out.print(question);
  return 0;
}

/** `questions`: other ways to ask for a document. */
export const questionsCommand: Command = {
  name: 'questions',
  usage: '[list <document> | add <document> <question> | remove <document> <question>]',
  summary: 'List, add and remove other ways to ask for a document',
  details: [
    'A document is named by its id, which for a page is its address. Its questions take part in search like its',
    'title, are never shown to visitors, and stay when the page is read again.',
  ],
  options: { site: siteOption },
  examples: [
    'questions list https://shop.example/help/repairs --site shop',
    'questions add https://shop.example/help/repairs "Can I get new soles?" --site shop',
    'questions remove https://shop.example/help/repairs "Can I get new soles?" --site shop',
  ],
  run: (context) =>
    runAction(
      {
        async list({ api }, [document, ...more]) {
          if (document === undefined || more.length > 0) throw new UsageError('Say which document.');
          return print(context, await (await api()).get(pathOf(context, document), documentSchema));
        },
        add(_, args) {
          const [document, question] = twoArguments(args);
          return change(context, document, (questions) => [...new Set([...questions, question])]);
        },
        async remove(_, args) {
          const [document, question] = twoArguments(args);
          return change(context, document, (questions) => {
            if (!questions.includes(question)) {
              throw new UsageError('The document has no such question. List them with: questions list');
            }
            return questions.filter((one) => one !== question);
          });
        },
      },
      context,
    ),
};
