import { readFile } from 'node:fs/promises';
import { documentSchema, type DocumentView } from '../../protocol/http-knowledge.ts';
import { movedQuestionsSchema, questionsTakenSchema } from '../../protocol/http-questions.ts';
import { runAction } from '../actions.ts';
import { onlyArgument, UsageError, type Command, type CommandContext } from '../command.ts';
import { siteOf, siteOption } from '../site-choice.ts';

function twoArguments([document, question, ...more]: readonly string[]): [string, string] {
  if (document === undefined || question === undefined || more.length > 0) {
    throw new UsageError('Say the document (its id or address), then the question in quotes.');
  }
  return [document, question];
}

const pathOf = (context: CommandContext, document: string) =>
  `/sites/${siteOf(context)}/documents/${encodeURIComponent(document)}`;

/** The whole document, or one of its passages, with the ways to ask for it. */
interface Place {
  path: string;
  questions: readonly string[];
}

/** The place that `--passage` names; without it the whole document. @throws UsageError */
function placeNamed({ options }: CommandContext, path: string, document: DocumentView): Place {
  const number = options['passage'];
  if (number === undefined) return { path, questions: document.questions };
  const passage = document.passages[Number(number) - 1];
  if (passage === undefined) {
    const count = String(document.passages.length);
    throw new UsageError(`The document has passages 1 to ${count}; say one of them with --passage.`);
  }
  return { path: `${path}/passages/${passage.id}`, questions: passage.questions };
}

/** The place that a question leads to. @throws UsageError */
function placeAsked(path: string, document: DocumentView, question: string): Place {
  const places: Place[] = [
    { path, questions: document.questions },
    ...document.passages.map(({ id, questions }) => ({ path: `${path}/passages/${id}`, questions })),
  ];
  const found = places.find(({ questions }) => questions.includes(question));
  if (found !== undefined) return found;
  throw new UsageError('The document has no such question. List them with: questions list');
}

async function put(context: CommandContext, { path }: Place, questions: readonly string[]): Promise<number> {
  const api = await context.api();
  return print(context, await api.send('PATCH', path, { questions }, documentSchema));
}

function print({ out, options }: CommandContext, { questions, astray, passages }: DocumentView): number {
  const placed = passages.flatMap(({ questions: own, headingPath }, index) =>
    own.map((question) => ({ question, passage: index + 1, heading: headingPath.join(' › ') })),
  );
  if (options['json'] === true) {
    const whole = questions.map((question) => ({ question, passage: null }));
    out.json([...whole, ...placed.map(({ question, passage }) => ({ question, passage }))]);
    return 0;
  }
  if (questions.length + placed.length === 0) out.print('It has none.');
  for (const question of questions) {
    const note = astray.includes(question) ? '  (its passage is gone: it leads to the whole document)' : '';
    out.print(`${question}${note}`);
  }
  for (const { question, passage, heading } of placed) {
    out.print(`${question}  (passage ${String(passage)}${heading === '' ? '' : `: ${heading}`})`);
  }
  return 0;
}

async function readMoved(file: string) {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`There is no file ${file}.`);
  });
  try {
    return movedQuestionsSchema.parse(JSON.parse(text));
  } catch {
    const fix = 'Make one with: questions export > questions.json';
    throw new UsageError(`${file} is not a list of questions. ${fix}`);
  }
}

/** `questions`: other ways to ask for a document or a passage. */
export const questionsCommand: Command = {
  name: 'questions',
  usage:
    '[list <document> | add <document> <question> | remove <document> <question> | export | import <file>]',
  summary: 'List, add, remove and carry over other ways to ask for a document or a passage',
  details: [
    'A document is named by its id, which for a page is its address. Its questions take part in search like its',
    'title, are never shown to visitors, and stay when the page is read again. With --passage a question leads to',
    'that passage alone, and follows it by its headings and its text; where both are gone it leads to the document.',
  ],
  options: {
    site: siteOption,
    passage: { type: 'string', value: 'number', help: 'Passage that the question leads to, counted from 1' },
  },
  examples: [
    'questions list https://shop.example/help/repairs --site shop',
    'questions add https://shop.example/help/repairs "Can I get new soles?" --site shop',
    'questions add https://shop.example/terms "May I send back a gift?" --passage 12 --site shop',
    'questions remove https://shop.example/help/repairs "Can I get new soles?" --site shop',
    'questions export --site shop > questions.json',
    'questions import questions.json --site shop',
  ],
  run: (context) =>
    runAction(
      {
        async list({ api }, [document, ...more]) {
          if (document === undefined || more.length > 0) throw new UsageError('Say which document.');
          return print(context, await (await api()).get(pathOf(context, document), documentSchema));
        },
        async add({ api }, args) {
          const [document, question] = twoArguments(args);
          const path = pathOf(context, document);
          const place = placeNamed(context, path, await (await api()).get(path, documentSchema));
          return put(context, place, [...new Set([...place.questions, question])]);
        },
        async remove({ api }, args) {
          const [document, question] = twoArguments(args);
          const path = pathOf(context, document);
          const place = placeAsked(path, await (await api()).get(path, documentSchema), question);
          return put(
            context,
            place,
            place.questions.filter((one) => one !== question),
          );
        },
        async export({ api, out }) {
          out.json(await (await api()).get(`/sites/${siteOf(context)}/questions`, movedQuestionsSchema));
          return 0;
        },
        async import({ api, out, options }, args) {
          const body = await readMoved(onlyArgument(args, 'the file to import'));
          const path = `/sites/${siteOf(context)}/questions/import`;
          const taken = await (await api()).send('POST', path, body, questionsTakenSchema);
          if (options['json'] === true) out.json(taken);
          else {
            const waiting =
              taken.waiting === 0
                ? ''
                : ` ${String(taken.waiting)} wait for documents that are not there yet.`;
            out.print(`Search knows ${String(taken.stored)} of them now.${waiting}`);
          }
          return 0;
        },
      },
      context,
    ),
};
