import { AppError } from '../../errors.ts';
import type { ChatChunk, ChatMessage, ChatModel, Logger } from '../../ports.ts';

/**
 * Asks `second` where `first` fails before its first text; a stream that has begun is not taken over, because two
 * models do not continue each other's sentences.
 */
export function createFallbackModel(first: ChatModel, second: ChatModel, logger: Logger): ChatModel {
  async function* stream(messages: readonly ChatMessage[], signal: AbortSignal): AsyncGenerator<ChatChunk> {
    let hasStarted = false;
    try {
      for await (const chunk of first.stream(messages, signal)) {
        hasStarted ||= chunk.type === 'delta';
        yield chunk;
      }
      return;
    } catch (error) {
      const isGone = error instanceof AppError && error.code === 'model-unavailable';
      if (signal.aborted || hasStarted || !isGone) throw error;
      logger.warn('model-fallback', { from: first.name, to: second.name });
    }
    yield* second.stream(messages, signal);
  }
  return { name: first.name, stream };
}
