import path from 'node:path';
import { z } from 'zod';
import { readJsonLines } from './data.ts';

/** Something that was said and what it means; null: nothing that the classifier was taught. */
export interface LabelledText {
  text: string;
  intent: string | null;
}

export interface IntentTask {
  name: string;
  /** Tasks of one origin, left out together where something is fitted. */
  family: string;
  train: { text: string; intent: string }[];
  test: LabelledText[];
}

const row = z.looseObject({ text: z.string(), intent: z.string(), in_scope: z.boolean().optional() });
type Row = z.output<typeof row>;

/** How the sets name what is out of scope. */
const outOfScope: ReadonlySet<string> = new Set(['oos', 'NO_NODES_DETECTED']);
const isTaught = ({ intent }: Row) => !outOfScope.has(intent);
const toLabelled = ({ text, intent }: Row): LabelledText => ({
  text,
  intent: outOfScope.has(intent) ? null : intent,
});

/** Every fifth row is kept from training where a set has no test rows. */
const testEvery = 5;
/** Every fourth intent is taught to nobody where a set has nothing out of scope. */
const withheldEvery = 4;

function split(name: string, rows: readonly Row[]): IntentTask {
  const train = rows.filter((_, index) => index % testEvery !== 0);
  const test = rows.filter((_, index) => index % testEvery === 0);
  return { name, family: name, train, test: test.map(toLabelled) };
}

/** The same with a part of the intents withheld, whose texts become out of scope. */
function withhold(name: string, rows: readonly Row[]): IntentTask {
  const intents = [...new Set(rows.map(({ intent }) => intent))];
  const withheld = new Set(intents.filter((_, index) => index % withheldEvery === 0));
  const task = split(name, rows);
  return {
    name: `${name}, intents withheld`,
    family: name,
    train: task.train.filter(({ intent }) => !withheld.has(intent)),
    test: task.test.map(({ text, intent }) => ({
      text,
      intent: intent !== null && withheld.has(intent) ? null : intent,
    })),
  };
}

/** The intent tasks of a data directory. */
export async function loadIntentTasks(data: string): Promise<IntentTask[]> {
  const read = (file: string) => readJsonLines(path.join(data, file), row);
  const clinc = await read('clinc150/train.jsonl');
  const banking = await read('banking77/train.jsonl');
  const hint = (bot: string) => read(`hint3/${bot}.train.jsonl`);
  return [
    {
      name: 'clinc150',
      family: 'clinc150',
      train: clinc.filter(isTaught),
      test: (await read('clinc150/val.jsonl')).map(toLabelled),
    },
    {
      name: 'hint3/sofmattress',
      family: 'hint3',
      train: await hint('sofmattress'),
      test: (await read('hint3/sofmattress.test.jsonl')).map(toLabelled),
    },
    split('banking77', banking),
    withhold('banking77', banking),
    { ...withhold('hint3/curekart', await hint('curekart')), family: 'hint3' },
    { ...withhold('hint3/powerplay11', await hint('powerplay11')), family: 'hint3' },
  ];
}

/** The task as an owner has it who wrote at most `count` utterances for each intent. */
export function withFewUtterances(task: IntentTask, count: number): IntentTask {
  const seen = new Map<string, number>();
  const train = task.train.filter(({ intent }) => {
    const before = seen.get(intent) ?? 0;
    seen.set(intent, before + 1);
    return before < count;
  });
  return { ...task, name: `${task.name}, ${String(count)} each`, train };
}
