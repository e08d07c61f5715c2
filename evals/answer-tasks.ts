import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readCorpus, readQueries, type CorpusRow, type QueryRow } from './data.ts';
import { loadWithheld } from './answer-withheld.ts';
import { readDemoPages } from './demo-pages.ts';

/** One question with what a right reaction to it is. */
export interface AnswerQuery {
  id: string;
  question: string;
  history: QueryRow['history'];
  /** Gold spans or answers; empty where nothing answers it. */
  answers: readonly string[];
  relevant: readonly string[];
  isAnswerable: boolean;
  language: string;
  /** Why it is unanswerable: `near`, `far`, `off-topic`, a label of the set; `none` where it is answerable. */
  group: string;
}

export interface AnswerTask {
  name: string;
  corpus: CorpusRow[];
  queries: AnswerQuery[];
  /** Whether `answers` stand word for word in the corpus. */
  hasSpans: boolean;
}

const demoSet = fileURLToPath(new URL('./sets/demo-shop/', import.meta.url));
/** Questions of another subject that are put to a set, to see that it stays silent. */
const offTopicCount = 200;

const toQuery = (query: QueryRow, group = query.label ?? 'unanswerable'): AnswerQuery => ({
  id: query.id,
  question: query.question,
  history: query.history,
  answers: query.answers,
  relevant: query.relevant,
  isAnswerable: query.answerable,
  language: query.lang ?? 'en',
  group: query.answerable ? 'none' : group.toLowerCase(),
});

type Loader = (data: string) => Promise<AnswerTask[]>;

/** A set by its name; `keep` picks questions. */
function simple(set: string, hasSpans: boolean, keep: (query: QueryRow) => boolean = () => true): Loader {
  return async (data) => {
    const corpus = await readCorpus(path.join(data, set));
    const queries = (await readQueries(path.join(data, set))).filter(keep);
    return [{ name: set, corpus, queries: queries.map((query) => toQuery(query)), hasSpans }];
  };
}

const doc2dialFirst: Loader = async (data) => {
  const [task] = await simple('doc2dial', true, ({ kind }) => kind === 'first')(data);
  return task === undefined ? [] : [{ ...task, name: 'doc2dial/first' }];
};

/** A part of the pages is withheld; questions about them must go to a person. */
const gap: Loader = async (data) => {
  const folder = path.join(data, 'doc2dial');
  const excluded = z
    .record(z.string(), z.string())
    .parse(JSON.parse(await readFile(path.join(folder, 'gap_excluded_docs.json'), 'utf8')));
  const corpus = (await readCorpus(folder)).filter(({ id }) => excluded[id] === undefined);
  const queries = (await readQueries(folder, 'gap_queries.jsonl')).map((query) =>
    toQuery(query, z.string().catch('none').parse(query['gap'])),
  );
  return ['far', 'near'].map((kind) => ({
    name: `gap/${kind}`,
    corpus,
    queries: queries.filter(({ isAnswerable, group }) => isAnswerable || group === kind),
    hasSpans: true,
  }));
};

const xquad: Loader = async (data) => {
  const corpus = await readCorpus(path.join(data, 'xquad'));
  const queries = await readQueries(path.join(data, 'xquad'));
  return [...new Set(queries.map(({ lang }) => lang ?? 'en'))].map((language) => ({
    name: `xquad/${language}`,
    corpus: corpus.filter(({ lang }) => lang === language),
    queries: queries.filter(({ lang }) => lang === language).map((query) => toQuery(query)),
    hasSpans: true,
  }));
};

const demoShop: Loader = async () => {
  const corpus = readDemoPages();
  const queries = (await readQueries(demoSet)).map((query) => toQuery(query));
  return [{ name: 'demo-shop', corpus, queries, hasSpans: true }];
};

/** Unanswerable questions, and beside them those that only a question back can settle. */
const mtrag: Loader = async (data) => {
  const [task] = await simple('mtrag', false)(data);
  if (task === undefined) return [];
  const clear = task.queries.filter(({ group }) => group !== 'underspecified');
  return [
    { ...task, name: 'mtrag', queries: clear },
    { ...task, name: 'mtrag/underspecified' },
  ];
};

const withheld =
  (set: string): Loader =>
  (data) =>
    loadWithheld(data, set, (query) => toQuery(query));

const loaders: Readonly<Record<string, Loader>> = {
  squad2: simple('squad2', true),
  clapnq: simple('clapnq', false),
  mtrag,
  gap,
  doc2dial: doc2dialFirst,
  covidqa: async (data) => [...(await simple('covidqa', true)(data)), ...(await withheld('covidqa')(data))],
  'va-site': withheld('va-site'),
  xquad: async (data) => [...(await xquad(data)), ...(await withheld('xquad')(data))],
  'demo-shop': demoShop,
};

/** Questions put to each of these sets from the other one: off-topic without doubt. */
const strangers: Readonly<Record<string, string>> = {
  squad2: 'doc2dial/first',
  clapnq: 'doc2dial/first',
  mtrag: 'covidqa',
  'doc2dial/first': 'squad2',
  covidqa: 'doc2dial/first',
  'xquad/en': 'doc2dial/first',
  'demo-shop': 'squad2',
};

/** All answering tasks of the data directory whose set is among `sets` (all when empty), and `off-topic/*`. */
export async function loadAnswerTasks(data: string, sets: readonly string[]): Promise<AnswerTask[]> {
  const names = Object.keys(loaders).filter((name) => sets.length === 0 || sets.includes(name));
  const tasks = (await Promise.all(names.map((name) => loaders[name]?.(data) ?? []))).flat();
  return [...tasks, ...tasks.flatMap((task) => offTopic(task, tasks))];
}

function offTopic(task: AnswerTask, tasks: readonly AnswerTask[]): AnswerTask[] {
  const stranger = tasks.find(({ name }) => name === strangers[task.name]);
  if (stranger === undefined) return [];
  const own = task.queries.filter(({ isAnswerable }) => isAnswerable);
  const foreign = thin(
    stranger.queries.filter(({ isAnswerable }) => isAnswerable),
    offTopicCount,
  ).map((query) => ({ ...query, relevant: [], answers: [], isAnswerable: false, group: 'off-topic' }));
  return [{ ...task, name: `off-topic/${task.name}`, queries: [...thin(own, offTopicCount), ...foreign] }];
}

/** About `count` items, evenly spread. */
export function thin<Item>(items: readonly Item[], count: number): Item[] {
  const step = Math.max(1, items.length / count);
  return Array.from(
    { length: Math.min(count, items.length) },
    (_, index) => items[Math.floor(index * step)],
  ).filter((item) => item !== undefined);
}
