import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** One document of an evaluation set's `corpus.jsonl`. */
const corpusRow = z.looseObject({
  id: z.string(),
  title: z.string().default(''),
  url: z.string().nullish(),
  text: z.string().default(''),
  /** In place of `text`, for pages of our own: the HTML that is served. Sets of others have fields named `html`. */
  ownPage: z.string().optional(),
  lang: z.string().nullish(),
});
export type CorpusRow = z.infer<typeof corpusRow>;

/** One question of an evaluation set's `queries.jsonl`. */
const queryRow = z.looseObject({
  id: z.string(),
  question: z.string(),
  answers: z.array(z.string()).default([]),
  relevant: z.array(z.string()).default([]),
  relevant_en: z.array(z.string()).optional(),
  answerable: z.boolean().default(true),
  lang: z.string().nullish(),
  kind: z.string().optional(),
  label: z.string().optional(),
  rewrite: z.string().nullish(),
  history: z.array(z.object({ role: z.enum(['user', 'agent']), text: z.string() })).default([]),
});
export type QueryRow = z.infer<typeof queryRow>;

export async function readJsonLines<Row extends z.ZodType>(file: string, row: Row): Promise<z.output<Row>[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => row.parse(JSON.parse(line)));
}

export function readCorpus(directory: string): Promise<CorpusRow[]> {
  return readJsonLines(path.join(directory, 'corpus.jsonl'), corpusRow);
}

export function readQueries(directory: string, file = 'queries.jsonl'): Promise<QueryRow[]> {
  return readJsonLines(path.join(directory, file), queryRow);
}
