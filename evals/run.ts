import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createTestDatabase } from '../server/testing/database.ts';
import { findAnswerDrops, readAnswerBaselines, writeAnswerBaselines } from './answer-baselines.ts';
import { evaluateAnswers } from './answers.ts';
import { findDrops, readBaselines, writeBaselines } from './baselines.ts';
import { clarifyLines, evaluateClarifying } from './clarify.ts';
import { evaluateGroundedness } from './grounded.ts';
import { evaluateIntents } from './intents.ts';
import { groupLines, resultLine, tableHeader } from './report.ts';
import { evaluateRetrieval } from './retrieval.ts';
import type { RetrievalResult } from './retrieval.ts';
import { defaultChunkOptions } from '../ingest/chunk.ts';
import { recipe } from '../server/domain/retrieval/recipe.ts';
import { memorySearchers, serviceSearchers } from './searchers.ts';
import type { SearcherFactory } from './searchers.ts';
import { evaluateScripted } from './scripted.ts';
import { loadTasks } from './tasks.ts';

const help = `Measures retrieval, or with --answers answering, on question sets.

  npm run eval -- [options]

  --data <dir>       sets to read (or EVAL_DATA); without it only our own set, evals/sets
  --sets <a,b>       only these sets
  --tasks <pattern>  only tasks whose name matches this regular expression
  --memory           rank in memory, by the same code, instead of through the service and a database
  --words <n,n,n>    with --memory: passages of other sizes: target, most, overlap (200,300,40)
  --answers          measure the built-in answerer and its confidence instead
  --fit              with --answers: fit the confidence anew, leaving one set out, and propose coefficients
  --scripted         answer beside a scripted server that embeds and judges from a table, of graded quality
  --intents          measure intents and out of scope instead; with --fit propose the certainty's coefficients
  --clarify          measure when a question is asked back, on our own set
  --grounded         measure the check of a model's sentences instead
  --limit <n>        with --answers: at most so many questions a task (800)
  --json <file>      also write the results as JSON
  --write-baselines  keep these results as the new baselines
  --check            exit with 1 where a task fell below its baseline

A database of TEST_DATABASE_URL is used where that is set, else PGlite in memory.`;

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    sets: { type: 'string', default: '' },
    tasks: { type: 'string', default: '' },
    memory: { type: 'boolean', default: false },
    words: { type: 'string' },
    answers: { type: 'boolean', default: false },
    fit: { type: 'boolean', default: false },
    scripted: { type: 'boolean', default: false },
    intents: { type: 'boolean', default: false },
    clarify: { type: 'boolean', default: false },
    grounded: { type: 'boolean', default: false },
    limit: { type: 'string', default: '800' },
    json: { type: 'string' },
    'write-baselines': { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function measure(searchers: SearcherFactory): Promise<RetrievalResult[]> {
  const data = options.data ?? process.env['EVAL_DATA'] ?? null;
  const sets = options.sets.split(',').filter((name) => name !== '');
  const pattern = new RegExp(options.tasks, 'u');
  const results: RetrievalResult[] = [];
  console.log(tableHeader);
  for (const task of await loadTasks(data, sets)) {
    if (!pattern.test(task.name)) continue;
    const result = await evaluateRetrieval(task, searchers);
    console.log(resultLine(result));
    results.push(result);
  }
  for (const line of groupLines(results)) console.log(line);
  return results;
}

async function measureWithService(): Promise<RetrievalResult[]> {
  const db = await createTestDatabase();
  try {
    return await measure(serviceSearchers(db));
  } finally {
    await db.close();
  }
}

/** What the answering evals are told. */
const answerOptions = () => ({
  data: options.data ?? process.env['EVAL_DATA'] ?? null,
  sets: options.sets.split(',').filter((name) => name !== ''),
  limit: Number(options.limit),
});

async function runScripted(): Promise<void> {
  const results = await evaluateScripted(answerOptions(), (line) => console.log(line));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
}

async function runAnswers(): Promise<void> {
  const results = await evaluateAnswers({ ...answerOptions(), fits: options.fit }, (line) =>
    console.log(line),
  );
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
  const drops = findAnswerDrops(results, await readAnswerBaselines());
  for (const drop of drops) console.log(`dropped  ${drop}`);
  if (options['write-baselines']) await writeAnswerBaselines(results);
  if (options.check && drops.length > 0) process.exitCode = 1;
}

/** Measures something that only a data directory can tell. */
async function runOn<Result>(
  measureOn: (data: string, print: (line: string) => void) => Promise<Result>,
): Promise<void> {
  const data = options.data ?? process.env['EVAL_DATA'] ?? null;
  if (data === null) throw new Error('Give --data (or EVAL_DATA): the directory with the sets.');
  const results = await measureOn(data, (line) => console.log(line));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
}

function chosenSizes() {
  if (options.words === undefined) return defaultChunkOptions;
  const [targetWords, maxWords, overlapWords] = options.words.split(',').map(Number);
  return {
    ...defaultChunkOptions,
    ...(targetWords && maxWords ? { targetWords, maxWords } : {}),
    overlapWords: overlapWords ?? 0,
  };
}

async function run(): Promise<void> {
  const results = options.memory
    ? await measure(memorySearchers(recipe, chosenSizes()))
    : await measureWithService();
  const baselines = await readBaselines();
  const drops = findDrops(results, baselines);
  for (const drop of drops) console.log(`dropped  ${drop}`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
  if (options['write-baselines']) await writeBaselines(results, baselines);
  if (options.check && drops.length > 0) process.exitCode = 1;
}

if (options.help) console.log(help);
else if (options.scripted) await runScripted();
else if (options.clarify) {
  for (const line of clarifyLines(await evaluateClarifying())) console.log(line);
} else if (options.grounded) await runOn(evaluateGroundedness);
else if (options.intents) {
  await runOn((data, print) => evaluateIntents({ data, fits: options.fit }, print));
} else if (options.answers || options.fit) await runAnswers();
else await run();
