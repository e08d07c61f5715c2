import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCorpus, readQueries } from './data.ts';
import type { CorpusRow, QueryRow } from './data.ts';
import { readDemoPages } from './demo-pages.ts';
import { misspell } from './misspell.ts';

/** One retrieval task: documents, and questions with the documents that answer them. */
export interface RetrievalTask {
  name: string;
  corpus: CorpusRow[];
  queries: TaskQuery[];
  /** Whether the questions' answers are spans of the corpus. */
  hasSpans: boolean;
}

export interface TaskQuery {
  question: string;
  history: QueryRow['history'];
  relevant: readonly string[];
  answers: readonly string[];
}

const plain = (query: QueryRow): TaskQuery => ({
  question: query.question,
  history: [],
  relevant: query.relevant,
  answers: query.answers,
});
const withHistory = (query: QueryRow): TaskQuery => ({ ...plain(query), history: query.history });

const setsFolder = fileURLToPath(new URL('./sets/', import.meta.url));

type Loader = (data: string) => Promise<RetrievalTask[]>;

function simple(set: string, options: { hasSpans?: boolean } = {}): Loader {
  return async (data) => {
    const directory = path.join(data, set);
    const corpus = await readCorpus(directory);
    const queries = (await readQueries(directory)).filter((query) => query.relevant.length > 0);
    return [{ name: set, corpus, queries: queries.map(plain), hasSpans: options.hasSpans ?? false }];
  };
}

function turns(set: string, hasSpans: boolean): Loader {
  return async (data) => {
    const corpus = await readCorpus(path.join(data, set));
    const queries = await readQueries(path.join(data, set));
    const first = queries.filter((query) => query.kind === 'first');
    const followup = queries.filter((query) => query.kind === 'followup');
    return [
      { name: `${set}/first`, corpus, queries: first.map(plain), hasSpans },
      { name: `${set}/followup`, corpus, queries: followup.map(withHistory), hasSpans },
      { name: `${set}/followup-last-turn`, corpus, queries: followup.map(plain), hasSpans },
    ];
  };
}

const mtrag: Loader = async (data) => {
  const corpus = await readCorpus(path.join(data, 'mtrag'));
  const all = (await readQueries(path.join(data, 'mtrag'))).filter((query) => query.relevant.length > 0);
  const released = all.filter((query) => query.id.startsWith('mtu-'));
  const human = all.filter((query) => !query.id.startsWith('mtu-'));
  const make = (name: string, queries: TaskQuery[]) => ({ name, corpus, queries, hasSpans: false });
  return [
    make('mtrag', released.map(withHistory)),
    make('mtrag-last-turn', released.map(plain)),
    make('mtrag-human', human.map(withHistory)),
    make('mtrag-human-last-turn', human.map(plain)),
    make(
      'mtrag-human-rewrite',
      human.map((query) => ({ ...plain(query), question: query.rewrite ?? query.question })),
    ),
  ];
};

const xquad: Loader = async (data) => {
  const corpus = await readCorpus(path.join(data, 'xquad'));
  const queries = await readQueries(path.join(data, 'xquad'));
  const languages = [...new Set(queries.map((query) => query.lang ?? 'en'))];
  const own = languages.map((language) => ({
    name: `xquad/${language}`,
    corpus: corpus.filter((row) => row.lang === language),
    queries: queries.filter((query) => query.lang === language).map(plain),
    hasSpans: true,
  }));
  const english = corpus.filter((row) => row.lang === 'en');
  const foreign = languages
    .filter((language) => language !== 'en')
    .map((language) => ({
      name: `xquad-to-en/${language}`,
      corpus: english,
      queries: queries
        .filter((query) => query.lang === language)
        .map((query) => ({ ...plain(query), relevant: query.relevant_en ?? [], answers: [] })),
      hasSpans: false,
    }));
  return [...own, ...foreign];
};

const covidFaq: Loader = async (data) => {
  const corpus = await readCorpus(path.join(data, 'covid-faq'));
  const queries = await readQueries(path.join(data, 'covid-faq'));
  return ['en', 'de'].map((language) => ({
    name: `covid-faq/${language}`,
    corpus: corpus.filter((row) => row.lang === language),
    queries: queries.filter((query) => query.lang === language).map(plain),
    hasSpans: false,
  }));
};

const englishSets = ['doc2dial', 'squad2', 'clapnq', 'covidqa', 'scifact', 'mtrag', 'covid-faq'];

const unions: Loader = async (data) => {
  const corpora = await Promise.all(englishSets.map((set) => readCorpus(path.join(data, set))));
  const corpus = corpora.flat().filter((row) => (row.lang ?? 'en') === 'en');
  const parts = [turns('doc2dial', true), simple('clapnq'), simple('squad2'), covidFaq];
  const tasks = (await Promise.all(parts.map((load) => load(data)))).flat();
  const wanted = ['doc2dial/first', 'clapnq', 'squad2', 'covid-faq/en'];
  return tasks
    .filter((task) => wanted.includes(task.name))
    .map((task) => ({ ...task, name: `union/${task.name}`, corpus }));
};

const loaders: Readonly<Record<string, Loader>> = {
  doc2dial: turns('doc2dial', true),
  'va-site': turns('va-site', false),
  'covid-faq': covidFaq,
  covidqa: simple('covidqa', { hasSpans: true }),
  squad2: simple('squad2', { hasSpans: true }),
  clapnq: simple('clapnq'),
  scifact: simple('scifact'),
  mtrag,
  xquad,
  union: unions,
};

const misspelt = [
  'doc2dial/first',
  'va-site/first',
  'covid-faq/en',
  'covidqa',
  'squad2',
  'clapnq',
  'xquad/en',
  'xquad/de',
  'xquad/es',
];

const leftTopics = ['doc2dial/first', 'va-site/first', 'squad2', 'covidqa', 'clapnq', 'demo-shop'];

/**
 * The same questions asked after a question about another document was answered, as visitors do who have two
 * things on their mind: each follows the question that stands `stride` places further on.
 */
function withOtherTopicBefore(task: RetrievalTask): RetrievalTask {
  const texts = new Map(task.corpus.map((row) => [row.id, row.text]));
  const stride = 37;
  const queries = task.queries.flatMap((query, index) => {
    const before = task.queries[(index + stride) % task.queries.length];
    if (before === undefined || before.relevant.some((id) => query.relevant.includes(id))) return [];
    const said = before.answers[0] ?? (texts.get(before.relevant[0] ?? '') ?? '').slice(0, 300);
    const history: TaskQuery['history'] = [
      { role: 'user', text: before.question },
      { role: 'agent', text: said },
    ];
    return [{ ...query, history }];
  });
  return { ...task, name: `other-topic:${task.name}`, queries };
}

/** Our own set: the demo shop's pages, with the questions written for them. */
const demoShop: Loader = async () => {
  const corpus = readDemoPages();
  const queries = (await readQueries(path.join(setsFolder, 'demo-shop'))).filter(
    (query) => query.relevant.length > 0,
  );
  const first = queries.filter((query) => query.history.length === 0);
  const followup = queries.filter((query) => query.history.length > 0);
  return [
    { name: 'demo-shop', corpus, queries: first.map(plain), hasSpans: false },
    { name: 'demo-shop/followup', corpus, queries: followup.map(withHistory), hasSpans: false },
  ];
};

/**
 * All retrieval tasks whose set is among `sets` (all when empty): those of the data directory, if there is one,
 * and our own.
 */
export async function loadTasks(data: string | null, sets: readonly string[]): Promise<RetrievalTask[]> {
  const isWanted = (name: string) => sets.length === 0 || sets.includes(name);
  const own = isWanted('demo-shop') ? await demoShop('') : [];
  if (data === null) return own;
  const names = Object.keys(loaders).filter(isWanted);
  const given = (await Promise.all(names.map((name) => loaders[name]?.(data) ?? []))).flat();
  const broken = given
    .filter((task) => misspelt.includes(task.name))
    .map((task) => ({
      ...task,
      name: `misspelt:${task.name}`,
      queries: task.queries.map((query) => ({ ...query, question: misspell(query.question) })),
    }));
  const jumping = [...own, ...given].filter((task) => leftTopics.includes(task.name));
  return [...own, ...given, ...broken, ...jumping.map(withOtherTopicBefore)];
}
