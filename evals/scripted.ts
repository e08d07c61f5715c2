import { createOpenAiEmbedder } from '../server/adapters/embedder/openai.ts';
import { createOpenAiChatModel } from '../server/adapters/llm/openai.ts';
import { systemClock } from '../server/system.ts';
import { silentLogger } from '../server/testing/deps.ts';
import { createModelServer } from '../server/testing/model-server.ts';
import { reportTask, type AnswerResult } from './answer-report.ts';
import { answerTask, type AnswerRow, type Outside } from './answer-rows.ts';
import { loadAnswerTasks, type AnswerTask } from './answer-tasks.ts';
import type { AnswerEvalOptions } from './answers.ts';
import {
  createEmbeddingTable,
  createJudgeTable,
  type EmbedderQuality,
  type JudgeQuality,
} from './scripted-table.ts';

/** A task's figures with one configuration. */
export interface ScriptedResult extends AnswerResult {
  configuration: string;
}

const embedders: readonly EmbedderQuality[] = ['good', 'fair', 'weak', 'random', 'constant'];
const judges: readonly JudgeQuality[] = ['good', 'fair', 'always-full', 'random'];

/**
 * Answers each set with the built-in parts, then beside a scripted server that embeds and judges from a table, of
 * graded quality, over a real socket and through the product's own adapters. Prints a table a set.
 */
export async function evaluateScripted(
  options: Pick<AnswerEvalOptions, 'data' | 'sets' | 'limit'>,
  print: (line: string) => void,
): Promise<ScriptedResult[]> {
  const sets = options.data === null ? ['demo-shop'] : options.sets;
  const results: ScriptedResult[] = [];
  for (const task of await loadAnswerTasks(options.data ?? '', sets)) {
    print(`\n${task.name}`);
    print(scriptedHeader);
    const keep = (configuration: string, rows: readonly AnswerRow[]) => {
      const result = { ...reportTask(rows), configuration };
      results.push(result);
      print(scriptedLine(result));
    };
    keep('built in', await answerTask(task, options.limit));
    for (const quality of embedders)
      keep(`embedder ${quality}`, await answerWith(task, options.limit, { embedder: quality }));
    for (const quality of judges)
      keep(`model ${quality}`, await answerWith(task, options.limit, { judge: quality }));
    keep('both good', await answerWith(task, options.limit, { embedder: 'good', judge: 'good' }));
  }
  return results;
}

async function answerWith(
  task: AnswerTask,
  limit: number,
  { embedder, judge }: { embedder?: EmbedderQuality; judge?: JudgeQuality },
): Promise<AnswerRow[]> {
  const server = await createModelServer({
    ...(embedder === undefined ? {} : { embed: createEmbeddingTable(task, embedder) }),
    ...(judge === undefined ? {} : { reply: createJudgeTable(task, judge) }),
  });
  const endpoint = { apiKey: 'none', baseUrl: server.url, model: 'table' };
  try {
    const outside: Outside = {
      embedder: embedder === undefined ? null : await createOpenAiEmbedder(endpoint),
      chatModel:
        judge === undefined
          ? null
          : createOpenAiChatModel({ ...endpoint, clock: systemClock, logger: silentLogger }),
    };
    return await answerTask(task, limit, outside);
  } finally {
    await server.close();
  }
}

const columns: readonly [string, (result: ScriptedResult) => number | null][] = [
  ['R@1', ({ recallAt1 }) => recallAt1],
  ['nDCG', ({ ndcg }) => ndcg],
  ['span', ({ span }) => span],
  ['cited', ({ cited }) => cited],
  ['AUROC', ({ auroc }) => auroc],
  ['FH@.8', ({ falseHandoffs }) => falseHandoffs],
  ['prec', ({ precision }) => precision],
  ['rec', ({ recall }) => recall],
  ['ECE', ({ ece }) => ece],
  ['ECE50', ({ eceCalibrated }) => eceCalibrated],
];

const scriptedHeader = 'configuration'.padEnd(20) + columns.map(([name]) => name.padStart(8)).join('');

function scriptedLine(result: ScriptedResult): string {
  const cells = columns.map(([, pick]) => {
    const value = pick(result);
    return (value === null || Number.isNaN(value) ? '' : value.toFixed(3)).padStart(8);
  });
  return result.configuration.padEnd(20) + cells.join('');
}
