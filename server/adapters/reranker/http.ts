import { z } from 'zod';
import { AppError, errorMessage } from '../../errors.ts';
import type { Reranker } from '../../ports.ts';
import { createEndpointFetch } from '../llm/endpoint-fetch.ts';

export interface HttpRerankerOptions {
  /** Everything before `/rerank`. */
  baseUrl: string;
  model: string;
  /** Null: the server wants none. */
  apiKey: string | null;
  timeoutMs?: number;
}

/** Longest reply that is read: some hundred scores are a few kilobytes. */
const maxReplyBytes = 1024 * 1024;
const scoreRow = z.object({ index: z.number().int().nonnegative(), score: z.number() });
const commonReply = z.object({
  results: z.array(z.object({ index: z.number().int().nonnegative(), relevance_score: z.number() })),
});
const bareReply = z.array(scoreRow);

/** How a server wants the question: as Cohere, Jina and vLLM do, or as Hugging Face's TEI does. */
type Dialect = 'common' | 'bare';

/**
 * A reranker behind the `/rerank` request of Cohere, Jina and vLLM, or the one of TEI: where the server refuses
 * the first form, the second is tried and kept. One attempt each: a question does not wait for more.
 */
export function createHttpReranker(options: HttpRerankerOptions): Reranker {
  const { model, timeoutMs = 2000 } = options;
  const fetchEndpoint = createEndpointFetch(timeoutMs);
  let dialect: Dialect | null = null;

  async function ask(as: Dialect, query: string, texts: readonly string[], signal: AbortSignal) {
    const body =
      as === 'common'
        ? { model, query, documents: texts, top_n: texts.length, return_documents: false }
        : { query, texts, truncate: true };
    return fetchEndpoint(`${options.baseUrl}/rerank`, {
      method: 'POST',
      redirect: 'error',
      signal,
      headers: {
        'content-type': 'application/json',
        ...(options.apiKey === null ? {} : { authorization: `Bearer ${options.apiKey}` }),
      },
      body: JSON.stringify(body),
    });
  }

  async function request(query: string, texts: readonly string[], signal: AbortSignal): Promise<number[]> {
    let response = await ask(dialect ?? 'common', query, texts, signal);
    let spoken: Dialect = dialect ?? 'common';
    if (dialect === null && (response.status === 400 || response.status === 422)) {
      await response.body?.cancel();
      spoken = 'bare';
      response = await ask('bare', query, texts, signal);
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw failed(`it answered with status ${String(response.status)}`);
    }
    const scores = readScores(await readText(response), texts.length);
    dialect = spoken;
    return scores;
  }

  return {
    async rerank(query, texts, signal) {
      const timeout = AbortSignal.timeout(timeoutMs);
      const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
      try {
        return await request(query, texts, either);
      } catch (error) {
        signal?.throwIfAborted();
        if (timeout.aborted) throw failed(`no answer within ${String(timeoutMs)} ms`, undefined, 'timeout');
        throw error instanceof AppError ? error : failed(errorMessage(error), error);
      }
    },
  };
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    const part = z.instanceof(Uint8Array).parse(chunk);
    bytes += part.length;
    if (bytes > maxReplyBytes) throw failed('its answer is too long');
    text += decoder.decode(part, { stream: true });
  }
  return text;
}

/** The scores in the order of the texts; each text must have exactly one. */
function readScores(text: string, count: number): number[] {
  const json = parseJson(text);
  const common = commonReply.safeParse(json);
  const rows = common.success
    ? common.data.results.map(({ index, relevance_score: score }) => ({ index, score }))
    : bareReply.safeParse(json).data;
  if (rows === undefined) throw failed('its answer is no list of scores');
  const scores = new Map(rows.map(({ index, score }) => [index, score]));
  const ordered = Array.from({ length: count }, (_, index) => scores.get(index));
  const known = ordered.filter((score) => score !== undefined);
  if (rows.length !== count || known.length !== count) {
    throw failed(`it gave ${String(rows.length)} scores for ${String(count)} passages`);
  }
  return known;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function failed(why: string, cause?: unknown, kind?: 'timeout'): AppError {
  return new AppError('model-unavailable', `The reranker did not help: ${why}.`, {
    fix: 'Check RERANK_BASE_URL, RERANK_MODEL and RERANK_API_KEY.',
    ...(cause === undefined ? {} : { cause }),
    ...(kind === undefined ? {} : { details: { kind } }),
  });
}
