import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../errors.ts';
import type { ChatChunk, Logger } from '../../ports.ts';
import { scenarios, type Scenario } from '../../testing/model-scenarios.ts';
import { createModelServer, type ModelServer, type ModelServerOptions } from '../../testing/model-server.ts';
import { createOpenAiChatModel, type OpenAiChatOptions } from './openai.ts';

const clock = { now: () => performance.now() };
let server: ModelServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function start(
  reply: NonNullable<ModelServerOptions['reply']>,
  options: Partial<OpenAiChatOptions> = {},
) {
  const errors: string[] = [];
  const logger: Logger = { info() {}, warn() {}, error: (event) => void errors.push(event) };
  server = await createModelServer({ reply });
  const model = createOpenAiChatModel({
    apiKey: 'test-key',
    baseUrl: server.url,
    model: 'scripted',
    clock,
    logger,
    random: () => 0,
    ...options,
  });
  return { model, server, errors };
}

const always = (scenario: Scenario) => () => scenario;
const text = 'Parcels take three days — naïve, 日本語, 👩‍🚀.';

/** No stream of these tests takes longer, however busy the machine; without its timers one might never end. */
const patienceMs = 20_000;

/** Gives up on a stream that neither goes on nor ends, in words. */
async function* bounded(stream: AsyncIterable<ChatChunk>): AsyncGenerator<ChatChunk> {
  const source = stream[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  const giveUp = new Promise<never>((_resolve, reject) => {
    const words = `the stream neither ended nor failed within ${String(patienceMs)} ms`;
    timer = setTimeout(() => reject(new Error(words)), patienceMs);
  });
  try {
    for (;;) {
      const next = await Promise.race([source.next(), giveUp]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    clearTimeout(timer);
  }
}

async function collect(stream: AsyncIterable<ChatChunk>) {
  const chunks: ChatChunk[] = [];
  for await (const chunk of bounded(stream)) chunks.push(chunk);
  const said = chunks.map((chunk) => (chunk.type === 'delta' ? chunk.text : '')).join('');
  return { said, last: chunks.at(-1), ends: chunks.filter((chunk) => chunk.type === 'end').length };
}

/** Reads to the failure: what was said until then, and the error. */
async function collectFailure(stream: AsyncIterable<ChatChunk>) {
  let said = '';
  try {
    for await (const chunk of bounded(stream)) if (chunk.type === 'delta') said += chunk.text;
  } catch (error) {
    if (error instanceof AppError) return { said, code: error.code, details: error.details, error };
    throw error;
  }
  throw new Error('the stream ended as if all was well');
}

const ask = [{ role: 'user' as const, content: 'How long does shipping take?' }];
const unabortable = new AbortController().signal;

describe('a model that behaves', () => {
  it('streams text, then ends once with reason and usage', async () => {
    const { model, server } = await start(always({ text }));
    const result = await collect(model.stream(ask, unabortable));
    expect(result).toEqual({
      said: text,
      last: { type: 'end', model: 'scripted', finishReason: 'stop', inputTokens: 100, outputTokens: 8 },
      ends: 1,
    });
    expect(server.requests[0]?.authorization).toBe('Bearer test-key');
  });

  it.each([
    ['split bytes', { ...scenarios.splitBytes(1), text }],
    ['mixed line ends', { ...scenarios.crlf(), text }],
    ['split bytes and CRLF', { pieceBytes: 3, newline: '\r\n' as const, text }],
    ['no [DONE]', { ...scenarios.noDone(), text }],
  ])('E4: reads a stream with %s', async (_name, scenario) => {
    const { model } = await start(always(scenario));
    expect((await collect(model.stream(ask, unabortable))).said).toBe(text);
  });

  it('E4: reads a line of 1 MB', async () => {
    const { model } = await start(always(scenarios.hugeLine(1 << 20)));
    expect((await collect(model.stream(ask, unabortable))).said.length).toBe(1 << 20);
  });

  it('stops the request when the caller aborts', async () => {
    const { model, server } = await start(always({ ...scenarios.silence(2), text }));
    const controller = new AbortController();
    const reading = (async () => {
      for await (const chunk of model.stream(ask, controller.signal)) {
        if (chunk.type === 'delta') controller.abort(new Error('stopped'));
      }
    })();
    await expect(reading).rejects.toThrow('stopped');
    await expect.poll(() => server.requests[0]?.wasAborted).toBe(true);
  });

  it('stops the request when the reader leaves', async () => {
    const { model, server } = await start(always({ ...scenarios.silence(2), text }));
    for await (const chunk of model.stream(ask, unabortable)) if (chunk.type === 'delta') break;
    await expect.poll(() => server.requests[0]?.wasAborted).toBe(true);
  });
});

describe('E1: a model that falls silent', () => {
  it.each([0, 1, 20])('is given up after %i tokens', async (tokens) => {
    const timers = { firstTokenMs: 120, idleMs: 60 };
    const { model, server } = await start(
      always({ silenceAfter: tokens, tokens: Array.from({ length: 30 }, () => 'word ') }),
      { timers },
    );
    const failure = await collectFailure(model.stream(ask, unabortable));
    expect(failure).toMatchObject({ code: 'model-unavailable', details: { kind: 'timeout', attempts: 1 } });
    expect(failure.said).toBe('word '.repeat(tokens));
    await expect.poll(() => server.requests[0]?.wasAborted).toBe(true);
  });

  it('is given up when it never ends', async () => {
    const { model } = await start(
      always({ tokenDelayMs: 5, tokens: Array.from({ length: 5000 }, () => 'again ') }),
      { timers: { totalMs: 150 } },
    );
    const failure = await collectFailure(model.stream(ask, unabortable));
    expect(failure.details).toMatchObject({ kind: 'timeout' });
    expect(failure.said.length).toBeGreaterThan(0);
  });

  it('waits for slow tokens within the idle time', async () => {
    const { model } = await start(always({ ...scenarios.slow(30), text: 'one two three' }), {
      timers: { firstTokenMs: 2000, idleMs: 2000 },
    });
    expect((await collect(model.stream(ask, unabortable))).said).toBe('one two three');
  });
});

describe('E2: a stream that breaks off is never a finished answer', () => {
  it.each([
    ['reset', scenarios.reset(3)],
    ['closed', scenarios.cutShort(3)],
    ['without a finish reason', scenarios.noFinishReason()],
    ['an error in the stream', scenarios.errorInStream(3)],
  ])('%s', async (_name, scenario) => {
    const { model, server } = await start(always({ ...scenario, text: 'one two three four five' }));
    const failure = await collectFailure(model.stream(ask, unabortable));
    expect(failure.code).toBe('model-unavailable');
    expect(failure.said).toMatch(/^one two three/u);
    expect(server.requests).toHaveLength(1);
  });

  it('starts again when nothing was said yet', async () => {
    const { model, server } = await start((_messages, attempt) =>
      attempt === 1 ? scenarios.reset(0) : { text },
    );
    expect((await collect(model.stream(ask, unabortable))).said).toBe(text);
    expect(server.requests).toHaveLength(2);
  });
});

describe('E3: one layer retries, by meaning', () => {
  it.each([500, 502, 503, 529])('tries three times on %i', async (status) => {
    const { model, server } = await start(always(scenarios.failing(status)));
    const failure = await collectFailure(model.stream(ask, unabortable));
    expect(failure.details).toEqual({ kind: 'overloaded', attempts: 3 });
    expect(server.requests).toHaveLength(3);
  });

  it('keeps Retry-After', async () => {
    const { model, server } = await start((_messages, attempt) =>
      attempt === 1 ? scenarios.rateLimited(1) : { text },
    );
    const startedAt = performance.now();
    expect((await collect(model.stream(ask, unabortable))).said).toBe(text);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(995);
    expect(server.requests).toHaveLength(2);
  });

  it('does not wait for a Retry-After beyond the first-token limit, but passes it on', async () => {
    const { model, server } = await start(always(scenarios.rateLimited(60)));
    const failure = await collectFailure(model.stream(ask, unabortable));
    expect(failure.error.retryAfterMs).toBe(60_000);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['quota', scenarios.quota()],
    ['unauthorised', scenarios.unauthorised()],
  ])('%s: no retry, breaker opens, operator is told', async (kind, scenario) => {
    const { model, server, errors } = await start(always(scenario));
    const first = await collectFailure(model.stream(ask, unabortable));
    expect(first.details).toEqual({ kind, attempts: 1 });
    const second = await collectFailure(model.stream(ask, unabortable));
    expect(second.details).toMatchObject({ kind: 'breaker-open' });
    expect(server.requests).toHaveLength(1);
    expect(errors).toEqual(['model-needs-attention']);
  });

  it('does not repeat a request that the provider refuses', async () => {
    const { model, server } = await start(always(scenarios.failing(400)));
    expect((await collectFailure(model.stream(ask, unabortable))).details).toMatchObject({
      kind: 'rejected',
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['a web page', scenarios.webPage()],
    ['broken JSON', scenarios.notJson()],
    ['an empty completion', scenarios.empty()],
  ])('E4: %s is a failure, not an answer', async (_name, scenario) => {
    const { model, server } = await start(always(scenario));
    expect((await collectFailure(model.stream(ask, unabortable))).code).toBe('model-unavailable');
    expect(server.requests).toHaveLength(3);
  });

  it('names a server that is not there', async () => {
    const { model, server } = await start(always({ text }));
    await server.close();
    const failure = await collectFailure(model.stream(ask, unabortable));
    expect(failure.details).toEqual({ kind: 'network', attempts: 3 });
  });
});

describe('E6: the breaker', () => {
  it('rests after repeated failures and takes up again by one probe', async () => {
    let isUp = false;
    let now = 0;
    const { model, server } = await start(() => (isUp ? { text } : scenarios.reset(2)), {
      clock: { now: () => now },
      breaker: { threshold: 2, openMs: 1000 },
    });
    await collectFailure(model.stream(ask, unabortable));
    await collectFailure(model.stream(ask, unabortable));
    expect((await collectFailure(model.stream(ask, unabortable))).details).toMatchObject({
      kind: 'breaker-open',
    });
    expect(server.requests).toHaveLength(2);
    isUp = true;
    now = 1001;
    expect((await collect(model.stream(ask, unabortable))).said).toBe(text);
    expect((await collect(model.stream(ask, unabortable))).said).toBe(text);
  });
});
