import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '../../errors.ts';
import type { ChatModel } from '../../ports.ts';
import { silentLogger } from '../../testing/deps.ts';
import { scenarios, type Scenario } from '../../testing/model-scenarios.ts';
import { createModelServer, type ModelServer } from '../../testing/model-server.ts';
import { createOpenAiChatModel } from './openai.ts';

/** `FUZZED_STREAMS=5000` for the full run; this many on every run. */
const streamCount = Number(process.env['FUZZED_STREAMS'] ?? 200);
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_121);
const parallel = 8;

function createRandom(start: number): (below: number) => number {
  let state = start >>> 0;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

const alphabet = [
  'a',
  'Zürich ',
  '日本',
  '👩‍🚀',
  '\n',
  '"',
  '\\',
  '\u2028',
  'data: ',
  '\ud83d\ude00',
  ' ',
  '[1]',
  '€ 3.50 ',
  '\u0000',
];

/** Not 401 and its like, which rightly close the provider for all cases after them. */
const statuses = [400, 404, 408, 409, 422, 500, 502, 503, 529];

/** What a stream must come to: the whole text, or a failure after some of it. */
interface Case {
  scenario: Scenario;
  text: string;
  isWhole: boolean;
}

function makeCase(random: (below: number) => number): Case {
  const tokens = Array.from({ length: 1 + random(12) }, () => alphabet[random(alphabet.length)] ?? 'x');
  const text = tokens.join('');
  const at = random(tokens.length);
  const shape: Scenario = {
    tokens,
    newline: (['\n', '\r\n', 'mixed'] as const)[random(3)] ?? '\n',
    ...(random(2) === 0 ? { pieceBytes: 1 + random(40) } : {}),
  };
  const kinds: [Scenario, boolean][] = [
    [shape, true],
    [{ ...shape, omitsDone: true }, true],
    [{ ...shape, finishReason: null }, false],
    [{ ...shape, endAfter: at }, false],
    [{ ...shape, silenceAfter: at }, false],
    [{ ...shape, errorAfter: { tokens: at, error: { message: 'x', code: 'server_error' } } }, false],
    [garble(random), false],
    [scenarios.webPage(), false],
    [scenarios.failing(statuses[random(statuses.length)] ?? 500), false],
  ];
  const [scenario, isWhole] = kinds[random(kinds.length)] ?? [shape, true];
  return { scenario, text, isWhole };
}

/** Bytes that only look like a stream. */
function garble(random: (below: number) => number): Scenario {
  const lines = [
    'data: {',
    'data: {}',
    'data: []',
    'data: null',
    'data: "x"',
    ': ping',
    'event: error',
    'data',
    '{"a":1}',
    'data: {"choices":[{}]}',
    'data: {"choices":[{"delta":null}]}',
    'data: {"choices":7}',
    '\u0000\u0001',
  ];
  const body = Array.from({ length: random(8) }, () => lines[random(lines.length)] ?? '').join('\n\n');
  return { raw: { status: 200, headers: { 'content-type': 'text/event-stream' }, body: `${body}\n\n` } };
}

let server: ModelServer;
/** Silence is waited for but shortly; everything else has all the time that a busy machine may take. */
const models: { silent?: ChatModel; other?: ChatModel } = {};
const cases = new Map<string, Case>();
beforeAll(async () => {
  server = await createModelServer({
    reply: (messages) => cases.get(messages[0]?.content ?? '')?.scenario ?? 'unknown',
  });
  const make = (idleMs: number) =>
    createOpenAiChatModel({
      apiKey: 'k',
      baseUrl: server.url,
      model: 'scripted',
      clock: { now: () => performance.now() },
      logger: silentLogger,
      timers: { firstTokenMs: idleMs, idleMs, totalMs: 600_000 },
      random: () => 0,
      breaker: { threshold: Number.MAX_SAFE_INTEGER, openMs: 0 },
    });
  models.silent = make(60);
  models.other = make(30_000);
});
afterAll(() => server.close());

/** Null when the stream came to what it must. */
async function judge(name: string, { scenario, text, isWhole }: Case): Promise<string | null> {
  let said = '';
  let ends = 0;
  const model = scenario.silenceAfter === undefined ? models.other : models.silent;
  if (model === undefined) return 'no model';
  try {
    for await (const chunk of model.stream([{ role: 'user', content: name }], new AbortController().signal)) {
      if (chunk.type === 'delta') said += chunk.text;
      else ends += 1;
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'model-unavailable') return `threw ${String(error)}`;
    if (isWhole) return `failed: ${error.message}`;
    return text.startsWith(said) ? null : `said ${JSON.stringify(said)}`;
  }
  if (!isWhole) return 'passed for a finished answer';
  return said === text && ends === 1 ? null : `said ${JSON.stringify(said)}, ended ${String(ends)} times`;
}

it(`E4: ${String(streamCount)} fuzzed streams end as an answer or as a failure, never as something else`, async () => {
  const random = createRandom(seed);
  for (let index = 0; index < streamCount; index += 1) cases.set(String(index), makeCase(random));
  const waiting = [...cases];
  const faults: string[] = [];
  const work = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [name, own] = next;
      const fault = await judge(name, own);
      if (fault !== null)
        faults.push(`seed ${String(seed)} case ${name}: ${fault} ${JSON.stringify(own.scenario)}`);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  expect(faults).toEqual([]);
}, 600_000);
