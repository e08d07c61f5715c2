import type OpenAI from 'openai';
import type { ChatChunk, ChatMessage, ChatModel, Clock, Logger } from '../../ports.ts';
import { ModelFailure } from './failure.ts';
import { classifyOpenAiError, createOpenAiClient } from './openai-client.ts';
import { createResilientModel, type ModelAttempt } from './resilient.ts';
import { defaultTimers, type ModelTimers } from './timers.ts';

export interface OpenAiChatOptions {
  apiKey: string;
  /** Any OpenAI-compatible server, with its `/v1`; null: OpenAI itself. */
  baseUrl: string | null;
  model: string;
  clock: Clock;
  logger: Logger;
  timers?: Partial<ModelTimers>;
  maxOutputTokens?: number;
  random?: () => number;
  breaker?: { threshold?: number; openMs?: number };
}

/** A chat model behind the OpenAI chat-completions protocol, streamed. See `resilient.ts` for failures. */
export function createOpenAiChatModel(options: OpenAiChatOptions): ChatModel {
  const { clock, logger, timers, random, breaker } = options;
  return createResilientModel({
    attempt: createOpenAiAttempt(options),
    clock,
    logger,
    ...(timers === undefined ? {} : { timers }),
    ...(random === undefined ? {} : { random }),
    ...(breaker === undefined ? {} : { breaker }),
  });
}

function createOpenAiAttempt(options: OpenAiChatOptions): ModelAttempt {
  const { model, maxOutputTokens } = options;
  const client = createOpenAiClient({
    apiKey: options.apiKey,
    baseUrl: options.baseUrl,
    connectMs: options.timers?.connectMs ?? defaultTimers.connectMs,
  });

  async function* open(messages: readonly ChatMessage[], signal: AbortSignal): AsyncGenerator<ChatChunk> {
    try {
      const { data: stream, response } = await client.chat.completions
        .create(
          {
            model,
            messages: messages.map(({ role, content }) => ({ role, content })),
            stream: true,
            // no temperature: newer models refuse requests that set it
            stream_options: { include_usage: true },
            ...(maxOutputTokens === undefined ? {} : { max_completion_tokens: maxOutputTokens }),
          },
          { signal },
        )
        .withResponse();
      refuseHtml(response);
      const reader = createChunkReader(model);
      for await (const chunk of stream) {
        const text = reader.read(chunk);
        if (text !== '') yield { type: 'delta', text };
      }
      yield reader.end();
    } catch (error) {
      throw classifyOpenAiError(error);
    }
  }
  return { name: model, open };
}

/** Proxies answer 200 with an error page; the SDK would read it as an empty stream. */
function refuseHtml(response: { headers: { get(name: string): string | null } }): void {
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('text/html')) throw new ModelFailure('malformed', 'the server sent a web page');
}

/** Takes the text out of each chunk; at the end one `end`, but only when the provider gave a finish reason. */
function createChunkReader(model: string) {
  let finish: string | null = null;
  let inputTokens: number | null = null;
  let outputTokens: number | null = null;
  return {
    read({ choices, usage }: OpenAI.Chat.Completions.ChatCompletionChunk): string {
      const choice = choices?.[0];
      if (typeof choice?.finish_reason === 'string') finish = choice.finish_reason;
      if (usage) {
        inputTokens = usage.prompt_tokens;
        outputTokens = usage.completion_tokens;
      }
      const text = choice?.delta?.content;
      return typeof text === 'string' ? text : '';
    },
    end(): ChatChunk {
      if (finish === null) throw new ModelFailure('incomplete', 'the stream ended without a finish reason');
      return { type: 'end', model, finishReason: toFinishReason(finish), inputTokens, outputTokens };
    },
  };
}

function toFinishReason(finish: string): 'stop' | 'length' | 'filtered' {
  if (finish === 'length') return 'length';
  return finish === 'content_filter' ? 'filtered' : 'stop';
}
