import { parseArgs } from 'node:util';
import { createOpenAiClient } from '../server/adapters/llm/openai-client.ts';
import { createOpenAiChatModel } from '../server/adapters/llm/openai.ts';
import { createAnalyzer } from '../server/domain/analysis/analyze.ts';
import { modelAnswer } from '../server/services/answer/model-answer.ts';
import { loadPrompts } from '../server/services/answer/prompts.ts';
import { createUsageLedger } from '../server/services/answer/usage.ts';
import { silentLogger } from '../server/testing/deps.ts';
import { createModelServer } from '../server/testing/model-server.ts';
import { foundPassage } from '../server/testing/passage.ts';

/**
 * Tokens a second from a scripted model: the bare `openai` SDK loop, our model adapter (timers, retry layer,
 * breaker), and the whole of it with prompt, verdict and guard. Alternated in one run; medians. The server shares
 * the machine, so read the ratios.
 */
const { values: options } = parseArgs({
  args: process.argv.slice(2),
  options: {
    rounds: { type: 'string', default: '5' },
    answers: { type: 'string', default: '60' },
    parallel: { type: 'string', default: '10' },
    tokens: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
const answers = Number(options.answers);
const parallel = Number(options.parallel);
const tokenCount = Number(options.tokens);

const words = ['Standard', 'shipping', 'takes', 'three', 'working', 'days', 'and', 'returns', 'are', 'free'];
const tokens = Array.from({ length: tokenCount }, (_, index) => {
  const word = words[index % words.length] ?? 'word';
  return index % 20 === 19 ? `${word} [1]. ` : `${word} `;
});
const page = foundPassage('Standard shipping takes three working days and returns are free.', {
  title: 'Shipping',
});

const server = await createModelServer({ reply: () => ({ tokens }) });
const clock = { now: () => performance.now() };
const signal = new AbortController().signal;
const messages = [{ role: 'user' as const, content: 'How long does shipping take?' }];
const client = createOpenAiClient({ apiKey: 'k', baseUrl: server.url, connectMs: 5000 });
const chatModel = createOpenAiChatModel({
  apiKey: 'k',
  baseUrl: server.url,
  model: 'scripted',
  clock,
  logger: silentLogger,
});
const deps = { analyzer: createAnalyzer(), chatModel, prompts: loadPrompts(), usage: createUsageLedger() };
const task = {
  question: 'How long does shipping take?',
  standaloneQuestion: 'How long does shipping take?',
  history: [],
  language: 'en',
  passages: [page],
  budget: { passages: 5, tokens: 4000 },
  siteName: 'Shop',
  instructions: '',
  tone: '',
  examples: [],
  linkHosts: [],
};

/** One answer, read to its end; gives the time to its first text. */
type Reader = () => Promise<number>;

async function firstTextMs(
  open: () => AsyncIterable<unknown> | Promise<AsyncIterable<unknown>>,
): Promise<number> {
  const startedAt = performance.now();
  let firstAt: number | null = null;
  for await (const _chunk of await open()) firstAt ??= performance.now();
  return (firstAt ?? performance.now()) - startedAt;
}

const readers: Readonly<Record<string, Reader>> = {
  'openai SDK loop': () =>
    firstTextMs(() => client.chat.completions.create({ model: 'scripted', messages, stream: true })),
  'our adapter': () => firstTextMs(() => chatModel.stream(messages, signal)),
  'adapter, prompt and guard': () => firstTextMs(() => modelAnswer(deps, task, signal)),
};

async function measure(read: Reader): Promise<{ tokensPerSecond: number; firstMs: number[] }> {
  const startedAt = performance.now();
  let left = answers;
  const firstMs: number[] = [];
  const work = async () => {
    while (left > 0) {
      left -= 1;
      firstMs.push(await read());
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return { tokensPerSecond: (answers * tokenCount * 1000) / (performance.now() - startedAt), firstMs };
}

interface Series {
  speed: number[];
  first: number[];
}
const emptySeries = (): Series => ({ speed: [], first: [] });

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

const speeds = new Map(Object.keys(readers).map((name) => [name, emptySeries()]));
for (const read of Object.values(readers)) await measure(read);
for (let round = 0; round < rounds; round += 1) {
  for (const [name, read] of Object.entries(readers)) {
    const { tokensPerSecond, firstMs } = await measure(read);
    speeds.get(name)?.speed.push(tokensPerSecond);
    speeds.get(name)?.first.push(...firstMs);
  }
}
await server.close();

const bare = median(speeds.get('openai SDK loop')?.speed ?? []);
const table = [...speeds].map(([name, { speed, first }]) => ({
  layer: name,
  tokensPerSecond: Math.round(median(speed)),
  ofBare: Number((median(speed) / bare).toFixed(2)),
  firstTextMs: Number(median(first).toFixed(1)),
}));
if (options.json) console.log(JSON.stringify({ rounds, answers, parallel, tokenCount, table }));
else console.table(table);
process.exit(0);
