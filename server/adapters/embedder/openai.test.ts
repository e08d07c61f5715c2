import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../errors.ts';
import { scenarios } from '../../testing/model-scenarios.ts';
import { createModelServer, type ModelServer, type ModelServerOptions } from '../../testing/model-server.ts';
import { createOpenAiEmbedder, parseOpenAiEmbedderId, type OpenAiEmbedderOptions } from './openai.ts';

let server: ModelServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function start(serverOptions: ModelServerOptions, options: Partial<OpenAiEmbedderOptions> = {}) {
  server = await createModelServer(serverOptions);
  const embedder = await createOpenAiEmbedder({
    apiKey: 'k',
    baseUrl: server.url,
    model: 'scripted',
    ...options,
  });
  return { embedder, server };
}

const embedLength = (text: string) => [text.length, 1, 0];

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('vectors', () => {
  it('asks the server for their length and normalises them', async () => {
    const { embedder, server } = await start({ embed: () => [3, 4] });
    expect(embedder).toMatchObject({ id: `openai:scripted:2@${server.url}`, dimensions: 2 });
    const [vector] = await embedder.embed(['a'], 'passage');
    expect([...(vector ?? [])].map((value) => value.toFixed(3))).toEqual(['0.600', '0.800']);
  });

  it.each([
    ['qwen3:8', 'http://127.0.0.1:1/v1'],
    ['text-embedding-3-small', null],
  ])('bear an id by which the embedder of %s can be opened again', async (model, baseUrl) => {
    const { id } = await createOpenAiEmbedder({ apiKey: 'k', baseUrl, model, dimensions: 1024 });
    expect(parseOpenAiEmbedderId(id)).toEqual({ model, baseUrl, dimensions: 1024 });
    expect(parseOpenAiEmbedderId('builtin-1-384')).toBeNull();
  });

  it('have the length that a compatible server gives, whatever the model is called', async () => {
    const { embedder } = await start({ embed: () => [3, 4] }, { model: 'text-embedding-3-small' });
    expect(embedder.dimensions).toBe(2);
  });

  it('have the documented length while a compatible server is away', async () => {
    const away = await createModelServer();
    await away.close();
    const embedder = await createOpenAiEmbedder({
      apiKey: 'k',
      baseUrl: away.url,
      model: 'text-embedding-3-small',
      maxAttempts: 1,
    });
    expect(embedder.dimensions).toBe(1536);
  });

  it('come one per text, in order, over batches', async () => {
    const { embedder, server } = await start({ embed: embedLength }, { dimensions: 3, batchTexts: 4 });
    const texts = Array.from({ length: 10 }, (_, index) => 'x'.repeat(index + 1));
    const vectors = await embedder.embed(texts, 'passage');
    const lengths = vectors.map((vector) => Math.round((vector[0] ?? 0) / (vector[1] ?? 1)));
    expect(lengths).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(server.requests).toHaveLength(3);
  });

  it('are asked for with a bounded number of requests at once, over all calls', async () => {
    const held: (() => void)[] = [];
    let most = 0;
    let open = 0;
    const { embedder } = await start(
      {
        embed: embedLength,
        async beforeEmbed() {
          open += 1;
          most = Math.max(most, open);
          await new Promise<void>((resolve) => held.push(resolve));
          open -= 1;
        },
      },
      { dimensions: 3, batchTexts: 1, requestsAtOnce: 3 },
    );
    const calls = [1, 2].map(() => embedder.embed(['a', 'b', 'c', 'd'], 'passage'));
    for (let answered = 0; answered < 8; answered += 1) {
      await vi.waitFor(() => expect(held.length).toBeGreaterThan(0), 10_000);
      if (answered === 0) await vi.waitFor(() => expect(open).toBe(3), 10_000);
      held.shift()?.();
    }
    expect((await Promise.all(calls)).flat()).toHaveLength(8);
    expect(most).toBe(3);
  });

  it('are put in order when the server mixes them', async () => {
    const { embedder } = await start(
      {
        embedReply: (texts) => ({
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            data: texts.map((text, index) => ({ index, embedding: embedLength(text) })).reverse(),
          }),
        }),
      },
      { dimensions: 3 },
    );
    const [short, long] = await embedder.embed(['a', 'aaaa'], 'passage');
    expect((short?.[0] ?? 1) < (long?.[0] ?? 0)).toBe(true);
  });
});

describe('E7: vectors that are refused', () => {
  it.each([
    ['another length', () => [1, 2]],
    ['zero', () => [0, 0, 0]],
    ['no finite numbers', () => [1e308, 1e308, 1e308].map((value) => value * 10)],
    ['of no finite length', () => [Number.MAX_VALUE, Number.MAX_VALUE, Number.MAX_VALUE]],
  ])('%s', async (_name, embed) => {
    const { embedder } = await start({ embed }, { dimensions: 3 });
    expect(await codeOf(embedder.embed(['a'], 'passage'))).toBe('embedding-invalid');
  });

  it('too few of them', async () => {
    const { embedder } = await start(
      {
        embedReply: () => ({
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ data: [{ index: 0, embedding: [1, 0, 0] }] }),
        }),
      },
      { dimensions: 3 },
    );
    expect(await codeOf(embedder.embed(['a', 'b'], 'passage'))).toBe('embedding-invalid');
  });
});

describe('a server in trouble', () => {
  const raw = (scenario: ReturnType<typeof scenarios.quota>) => scenario.raw ?? null;

  it('is asked again after a rate limit', async () => {
    const { embedder, server } = await start(
      {
        embed: embedLength,
        embedReply: (_texts, attempt) => (attempt === 1 ? raw(scenarios.rateLimited(0)) : null),
      },
      { dimensions: 3 },
    );
    expect(await embedder.embed(['a'], 'passage')).toHaveLength(1);
    expect(server.requests).toHaveLength(2);
  });

  it('is asked by passages until its rate limit lets them through', async () => {
    const { embedder, server } = await start(
      {
        embed: embedLength,
        embedReply: (_texts, attempt) => (attempt <= 6 ? raw(scenarios.rateLimited(0)) : null),
      },
      { dimensions: 3, maxAttempts: 2 },
    );
    expect(await embedder.embed(['a'], 'passage')).toHaveLength(1);
    expect(server.requests).toHaveLength(7);
  });

  it('does not keep a question waiting for a minute', async () => {
    const { embedder, server } = await start(
      { embedReply: () => raw(scenarios.rateLimited(60)) },
      { dimensions: 3 },
    );
    expect(await codeOf(embedder.embed(['a'], 'query'))).toBe('model-unavailable');
    expect(server.requests).toHaveLength(1);
  });

  it('is not asked again without quota', async () => {
    const { embedder, server } = await start({ embedReply: () => raw(scenarios.quota()) }, { dimensions: 3 });
    expect(await codeOf(embedder.embed(['a'], 'passage'))).toBe('model-unavailable');
    expect(server.requests).toHaveLength(1);
  });
});
