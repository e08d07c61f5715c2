import path from 'node:path';
import type { AnswerQuery, AnswerTask } from './answer-tasks.ts';
import { readCorpus, readQueries, type CorpusRow, type QueryRow } from './data.ts';

/** Sets whose pages are withheld in part, and by what their pages belong together. */
const withheldSets: Readonly<
  Record<string, { languages: readonly string[]; groupOf(row: CorpusRow): string }>
> = {
  'va-site': { languages: ['en'], groupOf: ({ id }) => id },
  covidqa: { languages: ['en'], groupOf: ({ id }) => id },
  // a whole article at a time: its paragraphs answer each other's questions
  xquad: {
    languages: ['en', 'es', 'de', 'ru', 'zh', 'ar', 'tr'],
    groupOf: ({ id }) => id.split('-')[1] ?? id,
  },
};

/**
 * Tasks on which every second group of the pages that answer anything is withheld: questions about it have no
 * answer, although the site is about the same things. `toQuery` turns a row into a question.
 */
export async function loadWithheld(
  data: string,
  set: string,
  toQuery: (row: QueryRow) => AnswerQuery,
): Promise<AnswerTask[]> {
  const rule = withheldSets[set];
  if (rule === undefined) return [];
  const corpus = await readCorpus(path.join(data, set));
  const queries = await readQueries(path.join(data, set));
  return rule.languages.map((language) => {
    const name = rule.languages.length === 1 ? `withheld/${set}` : `withheld/${set}/${language}`;
    const pages = corpus.filter(({ lang }) => (lang ?? 'en') === language);
    const asked = queries.filter(({ lang }) => (lang ?? 'en') === language).map(toQuery);
    return { name, hasSpans: false, ...withhold(pages, asked, rule.groupOf) };
  });
}

function withhold(
  corpus: readonly CorpusRow[],
  queries: readonly AnswerQuery[],
  groupOf: (row: CorpusRow) => string,
): Pick<AnswerTask, 'corpus' | 'queries'> {
  const wanted = new Set(queries.flatMap(({ relevant }) => relevant));
  const groups = [...new Set(corpus.filter(({ id }) => wanted.has(id)).map(groupOf))].sort();
  const gone = new Set(groups.filter((_, index) => index % 2 === 1));
  const kept = corpus.filter((row) => !gone.has(groupOf(row)));
  const ids = new Set(kept.map(({ id }) => id));
  return {
    corpus: kept,
    queries: queries.map((query) => {
      const relevant = query.relevant.filter((id) => ids.has(id));
      return relevant.length > 0
        ? { ...query, relevant }
        : { ...query, relevant, answers: [], isAnswerable: false, group: 'withheld' };
    }),
  };
}
