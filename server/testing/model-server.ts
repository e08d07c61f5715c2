import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { z } from 'zod';
import type { Scenario } from './model-scenarios.ts';

const chatRequest = z.object({
  model: z.string(),
  stream: z.boolean().default(false),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
});
const embeddingRequest = z.object({ model: z.string(), input: z.union([z.string(), z.array(z.string())]) });

export type ModelServerMessage = z.infer<typeof chatRequest>['messages'][number];

export interface ModelServerOptions {
  /** What to say to these messages: a plain text, or a scenario that may misbehave. */
  reply?: (messages: readonly ModelServerMessage[], attempt: number) => string | Scenario;
  /** The vector of a text; by default one derived from its hash, of 64 numbers. */
  embed?: (text: string) => readonly number[];
  /** Awaited before each ordinary answer to an embedding request. */
  beforeEmbed?: (texts: readonly string[]) => Promise<void>;
  /** Another answer to an embedding request than the ordinary one. */
  embedReply?: (texts: readonly string[], attempt: number) => Scenario['raw'] | null;
}

export interface RecordedRequest {
  path: string;
  authorization: string | undefined;
  messages: readonly ModelServerMessage[];
  /** Set when the client went away before the reply was finished. */
  wasAborted: boolean;
}

export interface ModelServer {
  /** For `OPENAI_BASE_URL`: `http://127.0.0.1:<port>/v1`. */
  readonly url: string;
  /** In order of arrival; one entry for every attempt. */
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

/** A scripted OpenAI-compatible server on a free loopback port: chat completions and embeddings. */
export async function createModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    void serve(options, requests, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: String(error) } }));
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${String(address.port)}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function serve(
  options: ModelServerOptions,
  requests: RecordedRequest[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body: unknown = JSON.parse(await readBody(request));
  const path = request.url ?? '';
  const record: RecordedRequest = {
    path,
    authorization: request.headers.authorization,
    messages: [],
    wasAborted: false,
  };
  requests.push(record);
  response.on('close', () => (record.wasAborted = !response.writableFinished));
  const attempt = requests.filter((earlier) => earlier.path === path).length;
  if (path.endsWith('/embeddings')) {
    await serveEmbeddings(options, embeddingRequest.parse(body), attempt, response);
    return;
  }
  const chat = chatRequest.parse(body);
  record.messages = chat.messages;
  const reply = options.reply?.(chat.messages, attempt) ?? 'ok';
  const scenario: Scenario = typeof reply === 'string' ? { text: reply } : reply;
  await pause(scenario.headersDelayMs);
  if (scenario.raw !== undefined) {
    response.writeHead(scenario.raw.status, scenario.raw.headers ?? {}).end(scenario.raw.body);
  } else if (chat.stream) {
    await serveStream(scenario, response);
  } else {
    serveCompletion(scenario, response);
  }
}

const textOf = ({ tokens, text }: Scenario): string => tokens?.join('') ?? text ?? 'The answer is 42.';
const tokensOf = (scenario: Scenario): readonly string[] =>
  scenario.tokens ??
  textOf(scenario)
    .match(/\S*\s?/gu)
    ?.filter((token) => token !== '') ??
  [];

async function serveStream(scenario: Scenario, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
  let lines = 0;
  const newline = () => {
    lines += 1;
    if (scenario.newline === 'mixed') return lines % 2 === 0 ? '\n' : '\r\n';
    return scenario.newline ?? '\n';
  };
  const send = async (data: string) => {
    const bytes = Buffer.from(`data: ${data}${newline()}${newline()}`);
    const step = scenario.pieceBytes ?? bytes.length;
    for (let at = 0; at < bytes.length; at += step) {
      response.write(bytes.subarray(at, at + step));
      if (scenario.pieceBytes !== undefined) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const chunk = (delta: object, finishReason: string | null = null) =>
    send(
      JSON.stringify({
        id: 'chatcmpl-1',
        object: 'chat.completion.chunk',
        created: 0,
        model: 'scripted',
        choices: [{ index: 0, delta, finish_reason: finishReason }],
      }),
    );
  const tokens = tokensOf(scenario);
  await chunk({ role: 'assistant', content: '' });
  for (let sent = 0; sent <= tokens.length; sent += 1) {
    if (sent === scenario.silenceAfter) return;
    if (sent === scenario.resetAfter) {
      // a reset discards what the peer has not read yet
      await pause(30);
      return void response.socket?.resetAndDestroy();
    }
    if (sent === scenario.endAfter) return void response.end();
    if (sent === scenario.errorAfter?.tokens) {
      await send(JSON.stringify({ error: scenario.errorAfter.error }));
      return void response.end();
    }
    if (sent === tokens.length) break;
    await pause(scenario.tokenDelayMs);
    await chunk({ content: tokens[sent] });
  }
  const finishReason = scenario.finishReason === undefined ? 'stop' : scenario.finishReason;
  if (finishReason !== null) await chunk({}, finishReason);
  await send(
    JSON.stringify({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      choices: [],
      usage: { prompt_tokens: 100, completion_tokens: tokens.length, total_tokens: 100 + tokens.length },
    }),
  );
  if (scenario.omitsDone !== true) await send('[DONE]');
  response.end();
}

function serveCompletion(scenario: Scenario, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(
    JSON.stringify({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 0,
      model: 'scripted',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: textOf(scenario) },
          finish_reason: scenario.finishReason ?? 'stop',
        },
      ],
      usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
    }),
  );
}

async function serveEmbeddings(
  options: ModelServerOptions,
  { input }: z.infer<typeof embeddingRequest>,
  attempt: number,
  response: ServerResponse,
): Promise<void> {
  const texts = typeof input === 'string' ? [input] : input;
  const raw = options.embedReply?.(texts, attempt) ?? null;
  if (raw !== null) return void response.writeHead(raw.status, raw.headers ?? {}).end(raw.body);
  await options.beforeEmbed?.(texts);
  const embed = options.embed ?? hashVector;
  response.writeHead(200, { 'content-type': 'application/json' }).end(
    JSON.stringify({
      object: 'list',
      model: 'scripted',
      data: texts.map((text, index) => ({ object: 'embedding', index, embedding: embed(text) })),
      usage: { prompt_tokens: texts.length, total_tokens: texts.length },
    }),
  );
}

function hashVector(text: string): number[] {
  const bytes = createHash('sha512').update(text).digest();
  return [...bytes].map((byte) => byte / 127.5 - 1);
}

function pause(ms: number | undefined): Promise<void> {
  return ms === undefined ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(z.instanceof(Uint8Array).parse(part));
  return Buffer.concat(parts).toString('utf8');
}
