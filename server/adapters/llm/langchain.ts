import { z } from 'zod';
import { AppError, errorMessage } from '../../errors.ts';
import type { ChatChunk, ChatMessage, ChatModel, Clock, Logger } from '../../ports.ts';
import { ModelFailure } from './failure.ts';
import { createResilientModel, type ModelAttempt } from './resilient.ts';
import type { ModelTimers } from './timers.ts';

export interface LangChainChatOptions {
  /** LangChain's name of provider and model: `anthropic:claude-...`, `google-genai:gemini-...`, `ollama:...`. */
  model: string;
  /** Passed to the provider's class as they are (`apiKey`, `baseUrl`, ...). */
  settings?: Readonly<Record<string, unknown>>;
  clock: Clock;
  logger: Logger;
  timers?: Partial<ModelTimers>;
  random?: () => number;
  breaker?: { threshold?: number; openMs?: number };
}

/** The parts of a LangChain chunk that matter; providers differ in the rest. */
const chunkSchema = z.object({
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]),
  response_metadata: z.looseObject({}).optional(),
  additional_kwargs: z.looseObject({}).optional(),
  usage_metadata: z.object({ input_tokens: z.number(), output_tokens: z.number() }).nullish(),
});
type Chunk = z.output<typeof chunkSchema>;

const errorSchema = z.looseObject({
  status: z.number().optional(),
  code: z.union([z.string(), z.number()]).nullish(),
  headers: z.looseObject({}).nullish(),
});

/**
 * A chat model of any provider that LangChain knows. LangChain and the provider's package are loaded here, so only
 * where they are configured; the package (`@langchain/anthropic`, ...) must be installed beside Deskbell.
 * @throws AppError `start-failed` when it is not, or the name is unknown.
 */
export async function createLangChainChatModel(options: LangChainChatOptions): Promise<ChatModel> {
  const { clock, logger, timers, random, breaker } = options;
  return createResilientModel({
    attempt: await createLangChainAttempt(options),
    clock,
    logger,
    ...(timers === undefined ? {} : { timers }),
    ...(random === undefined ? {} : { random }),
    ...(breaker === undefined ? {} : { breaker }),
  });
}

async function createLangChainAttempt({ model, settings }: LangChainChatOptions): Promise<ModelAttempt> {
  const { initChatModel } = await import('langchain/chat_models/universal');
  const chat = await initChatModel(model, { ...settings, maxRetries: 0 }).catch((error: unknown) => {
    throw new AppError('start-failed', `The model ${model} cannot be loaded: ${errorMessage(error)}`, {
      fix: 'Check CHAT_MODEL and install the LangChain package of the provider.',
      cause: error,
    });
  });

  async function* open(messages: readonly ChatMessage[], signal: AbortSignal): AsyncGenerator<ChatChunk> {
    let finish: string | null = null;
    let usage: Chunk['usage_metadata'] = null;
    try {
      const stream = await chat.stream(
        messages.map(({ role, content }) => ({ role, content })),
        { signal },
      );
      for await (const raw of stream) {
        const chunk = chunkSchema.parse(raw);
        const text = textOf(chunk);
        if (text !== '') yield { type: 'delta', text };
        finish = finishReasonOf(chunk) ?? finish;
        usage = chunk.usage_metadata ?? usage;
      }
    } catch (error) {
      throw classify(error);
    }
    if (finish === null) throw new ModelFailure('incomplete', 'the stream ended without a finish reason');
    yield {
      type: 'end',
      model,
      finishReason: toFinishReason(finish),
      inputTokens: usage?.input_tokens ?? null,
      outputTokens: usage?.output_tokens ?? null,
    };
  }
  return { name: model, open };
}

function textOf({ content }: Chunk): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? (part.text ?? '') : '')).join('');
}

/** Providers call it differently. */
function finishReasonOf({ response_metadata: response, additional_kwargs: extra }: Chunk): string | null {
  for (const key of ['finish_reason', 'stop_reason', 'finishReason', 'done_reason']) {
    const value = response?.[key] ?? extra?.[key];
    if (typeof value === 'string' && value !== '') return value.toLowerCase();
  }
  return null;
}

function toFinishReason(finish: string): 'stop' | 'length' | 'filtered' {
  if (finish === 'length' || finish === 'max_tokens') return 'length';
  return ['content_filter', 'safety', 'refusal', 'recitation', 'blocklist'].includes(finish)
    ? 'filtered'
    : 'stop';
}

function classify(error: unknown): ModelFailure {
  if (error instanceof ModelFailure) return error;
  if (error instanceof z.ZodError)
    return new ModelFailure('malformed', 'an unknown kind of chunk', { cause: error });
  const { data } = errorSchema.safeParse(error);
  const status = data?.status;
  const code = String(data?.code ?? '');
  const fail = (kind: ModelFailure['kind'], message: string) => {
    const seconds = Number(data?.headers?.['retry-after'] ?? Number.NaN);
    return new ModelFailure(kind, message, {
      cause: error,
      ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}),
    });
  };
  if (code === 'insufficient_quota' || status === 402)
    return fail('quota', 'the provider reports no quota left');
  if (status === 401 || status === 403) return fail('unauthorised', 'the provider refuses the key');
  if (status === 429) return fail('rate-limited', 'the provider asks to slow down');
  if (status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 409) {
    return fail('rejected', `the provider refused the request (${String(status)})`);
  }
  if (status !== undefined) return fail('overloaded', `the provider failed (${String(status)})`);
  return fail('network', 'the connection broke');
}
