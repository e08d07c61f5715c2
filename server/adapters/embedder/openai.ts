import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { Embedder } from '../../ports.ts';
import { createSlots } from './slots.ts';
import { ModelFailure, toAppError, toModelFailure } from '../llm/failure.ts';
import { classifyOpenAiError, createOpenAiClient } from '../llm/openai-client.ts';

export interface OpenAiEmbedderOptions {
  apiKey: string;
  /** Any OpenAI-compatible server, with its `/v1`; null: OpenAI itself. */
  baseUrl: string | null;
  model: string;
  /** Length of the vectors; null: asked of the server once, at start, or as `knownDimensions`. */
  dimensions?: number | null;
  /** Limits of one request. */
  batchTexts?: number;
  batchCharacters?: number;
  /** Requests for passages under way at the same time, of all jobs of this process together. */
  requestsAtOnce?: number;
  timeoutMs?: number;
  maxAttempts?: number;
  /** Longest pause that a rate limit may ask for before the call fails; a question waits less than a passage. */
  maxPauseMs?: { query: number; passage: number };
}

/** Vector lengths that OpenAI documents. Other servers may give any length under these names. */
const knownDimensions: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
  'text-embedding-ada-002': 1536,
};

const replySchema = z.object({
  data: z.array(z.object({ index: z.number().int().nonnegative(), embedding: z.array(z.number()) })),
});

/**
 * An embedder behind the OpenAI embeddings protocol: in batches, rate limits kept across calls, vectors checked
 * and normalised.
 * @throws AppError `model-unavailable` when the length must be asked for and the server does not answer.
 */
export async function createOpenAiEmbedder(options: OpenAiEmbedderOptions): Promise<Embedder> {
  const request = createRequester(options);
  const dimensions = options.dimensions ?? (await learnDimensions(request, options));
  const { batchTexts = 96, batchCharacters = 200_000, requestsAtOnce = 4 } = options;
  const slots = createSlots(requestsAtOnce);
  return {
    id: embedderId(options.model, dimensions, options.baseUrl),
    dimensions,
    async embed(texts, kind, signal) {
      const batches = [...toBatches(texts, batchTexts, batchCharacters)];
      const ask = (batch: string[]) => request(batch, kind, signal);
      // A question goes past what waits of passages.
      const replies = await Promise.all(
        batches.map((batch) => (kind === 'query' ? ask(batch) : slots.run(() => ask(batch)))),
      );
      return replies.flat().map((embedding) => toUnitVector(embedding, dimensions));
    },
  };
}

/** Where an operator looks when the server refuses. */
const settings = { key: 'OPENAI_API_KEY', url: 'EMBEDDING_BASE_URL', model: 'EMBEDDING_MODEL' };

/** Another model, length or server: other vectors. */
function embedderId(model: string, dimensions: number, baseUrl: string | null): string {
  return `openai:${model}:${String(dimensions)}${baseUrl === null ? '' : `@${baseUrl}`}`;
}

/** What an id of `createOpenAiEmbedder` stands for; null for another kind of id. */
export function parseOpenAiEmbedderId(
  id: string,
): Pick<OpenAiEmbedderOptions, 'model' | 'baseUrl' | 'dimensions'> | null {
  const found = /^openai:(.+?):(\d+)(?:@(.+))?$/.exec(id);
  const [, model, dimensions, baseUrl = null] = found ?? [];
  if (model === undefined || dimensions === undefined) return null;
  return { model, dimensions: Number(dimensions), baseUrl };
}

/** A compatible server is asked, since it may serve another model by the name; OpenAI's own lengths are known. */
async function learnDimensions(
  request: Requester,
  { baseUrl, model }: OpenAiEmbedderOptions,
): Promise<number> {
  const known = knownDimensions[model];
  if (known === undefined) return probe(request, model);
  if (baseUrl === null) return known;
  return probe(request, model).catch(() => known);
}

async function probe(request: Requester, model: string): Promise<number> {
  const [vector] = await request(['dimensions'], 'query', undefined);
  if (vector === undefined || vector.length === 0) throw invalid(`${model} gave no vector`);
  return vector.length;
}

type Requester = (
  texts: readonly string[],
  kind: 'query' | 'passage',
  signal: AbortSignal | undefined,
) => Promise<readonly (readonly number[])[]>;

const connectMs = 5000;
const baseDelayMs = 500;
const maxRateLimitedAttempts = 20;

/** One request with the only retries there are; a Retry-After holds all later requests of this embedder too. */
function createRequester(options: OpenAiEmbedderOptions): Requester {
  const { model, timeoutMs = 30_000, maxAttempts = 3 } = options;
  const maxPauseMs = options.maxPauseMs ?? { query: 2000, passage: 60_000 };
  const client = createOpenAiClient({ apiKey: options.apiKey, baseUrl: options.baseUrl, connectMs });
  let pausedUntil = 0;

  const once = async (texts: readonly string[], signal: AbortSignal | undefined) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
    try {
      const reply: unknown = await client.embeddings.create(
        { model, input: [...texts], encoding_format: 'float' },
        { signal: either },
      );
      return readReply(reply, texts.length);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof AppError) throw error;
      if (timeout.aborted) throw new ModelFailure('timeout', `no vectors after ${String(timeoutMs)} ms`);
      throw classifyOpenAiError(error);
    }
  };

  return async (texts, kind, signal) => {
    for (let tries = 1; ; tries += 1) {
      await wait(Math.min(pausedUntil - performance.now(), maxPauseMs[kind]), signal);
      try {
        return await once(texts, signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof AppError) throw error;
        const failure = toModelFailure(error);
        const pauseMs = failure.retryAfterMs ?? baseDelayMs * 2 ** Math.min(tries - 1, 6);
        // A limit says when to come back: passages wait for it, however many requests share it.
        const isPatient = kind === 'passage' && failure.kind === 'rate-limited';
        const triesAllowed = isPatient ? maxRateLimitedAttempts : maxAttempts;
        if (!failure.isRetryable || tries >= triesAllowed || pauseMs > maxPauseMs[kind]) {
          throw toAppError(failure, tries, settings);
        }
        pausedUntil = Math.max(pausedUntil, performance.now() + pauseMs);
      }
    }
  };
}

/** The vectors in the order of the texts, whatever order the server gave. */
function readReply(reply: unknown, count: number): number[][] {
  const parsed = replySchema.safeParse(reply);
  if (!parsed.success) throw invalid('the reply holds something else than numbers');
  const vectors: number[][] = [];
  for (const { index, embedding } of parsed.data.data) vectors[index] = embedding;
  if (
    parsed.data.data.length !== count ||
    Object.keys(vectors).length !== count ||
    vectors.length !== count
  ) {
    throw invalid(`asked for ${String(count)} vectors, got ${String(parsed.data.data.length)}`);
  }
  return vectors;
}

/** @throws AppError `embedding-invalid` for another length, numbers that are none, or the zero vector. */
function toUnitVector(embedding: readonly number[], dimensions: number): Float32Array {
  if (embedding.length !== dimensions) {
    throw invalid(`expected ${String(dimensions)} numbers, got ${String(embedding.length)}`);
  }
  const length = Math.hypot(...embedding);
  if (!Number.isFinite(length)) throw invalid('the vector holds numbers that are none');
  if (length < 1e-12) throw invalid('the vector is zero');
  return Float32Array.from(embedding, (value) => value / length);
}

function invalid(what: string): AppError {
  return new AppError('embedding-invalid', `The embedding model gave an unusable vector: ${what}.`, {
    fix: 'Check EMBEDDING_MODEL and EMBEDDING_BASE_URL.',
  });
}

function* toBatches(texts: readonly string[], maxTexts: number, maxCharacters: number): Generator<string[]> {
  let batch: string[] = [];
  let characters = 0;
  for (const text of texts) {
    if (batch.length > 0 && (batch.length >= maxTexts || characters + text.length > maxCharacters)) {
      yield batch;
      batch = [];
      characters = 0;
    }
    // providers refuse the empty text
    batch.push(text.trim() === '' ? ' . ' : text);
    characters += text.length;
  }
  if (batch.length > 0) yield batch;
}

function wait(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  if (delayMs <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
