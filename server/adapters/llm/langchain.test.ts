import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../errors.ts';
import type { ChatModel } from '../../ports.ts';
import { silentLogger } from '../../testing/deps.ts';
import { scenarios } from '../../testing/model-scenarios.ts';
import { createModelServer, type ModelServer, type ModelServerOptions } from '../../testing/model-server.ts';
import { createFallbackModel } from './fallback.ts';
import { createLangChainChatModel } from './langchain.ts';
import { createOpenAiChatModel } from './openai.ts';

const servers: ModelServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const clock = { now: () => performance.now() };
const signal = new AbortController().signal;

async function serve(reply: NonNullable<ModelServerOptions['reply']>) {
  const server = await createModelServer({ reply });
  servers.push(server);
  return server;
}

async function viaLangChain(reply: NonNullable<ModelServerOptions['reply']>) {
  const server = await serve(reply);
  const model = await createLangChainChatModel({
    model: 'openai:scripted',
    settings: { apiKey: 'k', configuration: { baseURL: server.url } },
    clock,
    logger: silentLogger,
    random: () => 0,
    timers: { firstTokenMs: 3000, idleMs: 200 },
  });
  return { server, model };
}

async function read(model: ChatModel) {
  let said = '';
  try {
    for await (const chunk of model.stream([{ role: 'user', content: 'Hi' }], signal)) {
      if (chunk.type === 'delta') said += chunk.text;
      else return { said, end: chunk.finishReason };
    }
  } catch (error) {
    if (error instanceof AppError) return { said, code: error.code, details: error.details };
    throw error;
  }
  return { said };
}

describe('a model through LangChain', () => {
  it('streams like any other', async () => {
    const { model } = await viaLangChain(() => 'Three days.');
    expect(await read(model)).toEqual({ said: 'Three days.', end: 'stop' });
  });

  it('E3: leaves retrying to us', async () => {
    const { model, server } = await viaLangChain(() => scenarios.failing(503));
    expect(await read(model)).toMatchObject({ details: { kind: 'overloaded', attempts: 3 } });
    expect(server.requests).toHaveLength(3);
  });

  it('E3: is not asked again without quota', async () => {
    const { model, server } = await viaLangChain(() => scenarios.quota());
    expect(await read(model)).toMatchObject({ details: { kind: 'quota', attempts: 1 } });
    expect(server.requests).toHaveLength(1);
  });

  it('E1: is given up when it falls silent', async () => {
    const { model } = await viaLangChain(() => ({ ...scenarios.silence(2), text: 'one two three' }));
    expect(await read(model)).toMatchObject({ said: 'one two ', details: { kind: 'timeout' } });
  });

  it('E2: breaks off as incomplete', async () => {
    const { model } = await viaLangChain(() => ({ ...scenarios.noFinishReason(), text: 'one two' }));
    expect(await read(model)).toMatchObject({ said: 'one two', code: 'model-unavailable' });
  });

  it('says which package is missing', async () => {
    const loading = createLangChainChatModel({ model: 'anthropic:claude', clock, logger: silentLogger });
    await expect(loading).rejects.toMatchObject({ code: 'start-failed', message: /@langchain\/anthropic/u });
  });
});

describe('a second provider', () => {
  const openAi = (server: ModelServer) =>
    createOpenAiChatModel({
      apiKey: 'k',
      baseUrl: server.url,
      model: 'scripted',
      clock,
      logger: silentLogger,
      random: () => 0,
    });

  it('answers where the first fails', async () => {
    const first = await serve(() => scenarios.unauthorised());
    const second = await serve(() => 'From the second.');
    const model = createFallbackModel(openAi(first), openAi(second), silentLogger);
    expect(await read(model)).toEqual({ said: 'From the second.', end: 'stop' });
  });

  it('does not continue a sentence that the first has begun', async () => {
    const first = await serve(() => ({ ...scenarios.cutShort(2), text: 'one two three' }));
    const second = await serve(() => 'From the second.');
    const model = createFallbackModel(openAi(first), openAi(second), silentLogger);
    expect(await read(model)).toMatchObject({ said: 'one two ', code: 'model-unavailable' });
    expect(second.requests).toHaveLength(0);
  });

  it('may come through LangChain: it answers while the first is away, and has a breaker of its own', async () => {
    const first = await serve(() => scenarios.failing(503));
    let isWell = true;
    const second = await viaLangChain(() => (isWell ? 'From the second.' : scenarios.failing(503)));
    const model = createFallbackModel(openAi(first), second.model, silentLogger);
    expect(await read(model)).toEqual({ said: 'From the second.', end: 'stop' });
    isWell = false;
    for (let call = 0; call < 12; call += 1) expect(await read(model)).toMatchObject({ said: '' });
    const asked = [first.requests.length, second.server.requests.length];
    expect(await read(model)).toMatchObject({ code: 'model-unavailable' });
    expect([first.requests.length, second.server.requests.length]).toEqual(asked);
  });
});
