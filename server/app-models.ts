import type { ChatChoice } from './config-models.ts';
import type { Config } from './config.ts';
import type { IndexerThread } from './adapters/indexer/thread.ts';
import { AppError, errorMessage } from './errors.ts';
import type { ChatModel, Clock, Embedder, Logger, Reranker } from './ports.ts';

async function openChat(choice: ChatChoice, logger: Logger, clock: Clock): Promise<ChatModel> {
  if (choice.kind === 'langchain') {
    const { createLangChainChatModel } = await import('./adapters/llm/langchain.ts');
    return createLangChainChatModel({ model: choice.model, clock, logger });
  }
  const { createOpenAiChatModel } = await import('./adapters/llm/openai.ts');
  return createOpenAiChatModel({ ...choice.endpoint, clock, logger });
}

/** The first provider, with the second behind it where there is one. */
async function openChatModel(
  { chat, chatFallback }: Config,
  logger: Logger,
  clock: Clock,
): Promise<ChatModel | null> {
  const choices = [chat, chatFallback].filter((choice) => choice !== null);
  const [first, second] = await Promise.all(choices.map((choice) => openChat(choice, logger, clock)));
  if (first === undefined || second === undefined) return first ?? null;
  return (await import('./adapters/llm/fallback.ts')).createFallbackModel(first, second, logger);
}

async function openEmbedder({ embedding }: Config, indexer: IndexerThread): Promise<Embedder> {
  if (embedding === null) {
    return (await import('./adapters/embedder/builtin.ts')).createBuiltinEmbedder(indexer.embed);
  }
  const { createOpenAiEmbedder } = await import('./adapters/embedder/openai.ts');
  return createOpenAiEmbedder(embedding).catch((error: unknown) => {
    throw new AppError('start-failed', `The embedding model "${embedding.model}": ${errorMessage(error)}`, {
      fix: 'Check EMBEDDING_MODEL, EMBEDDING_BASE_URL (or OPENAI_BASE_URL) and the key, or set EMBEDDING_MODEL=builtin.',
      cause: error,
    });
  });
}

async function openReranker({ reranker }: Config): Promise<Reranker | null> {
  if (reranker === null) return null;
  return (await import('./adapters/reranker/http.ts')).createHttpReranker(reranker);
}

/**
 * An embedder by the id that its vectors bear. One on another server than the configured one is asked without a
 * key: the key is not that server's to see. Null where nothing of that id can be opened.
 */
export async function openEarlierEmbedder({ embedding }: Config, id: string): Promise<Embedder | null> {
  if (id.startsWith('builtin-')) {
    const builtin = (await import('./adapters/embedder/builtin.ts')).createBuiltinEmbedder();
    return builtin.id === id ? builtin : null;
  }
  const { createOpenAiEmbedder, parseOpenAiEmbedderId } = await import('./adapters/embedder/openai.ts');
  const endpoint = parseOpenAiEmbedderId(id);
  if (endpoint === null) return null;
  const isSameServer = embedding !== null && embedding.baseUrl === endpoint.baseUrl;
  if (!isSameServer && endpoint.baseUrl === null) return null;
  return createOpenAiEmbedder({ ...endpoint, apiKey: isSameServer ? embedding.apiKey : 'none' });
}

interface ModelDeps {
  config: Config;
  logger: Logger;
  clock: Clock;
  /** Where built-in vectors of passages are made. */
  indexer: IndexerThread;
}

/**
 * The models that the configuration names; each adapter is loaded only where it is wanted.
 * @throws AppError `start-failed` when one cannot be loaded.
 */
export async function openModels({
  config,
  logger,
  clock,
  indexer,
}: ModelDeps): Promise<{ chatModel: ChatModel | null; embedder: Embedder; reranker: Reranker | null }> {
  const chatModel = await openChatModel(config, logger, clock);
  const embedder = await openEmbedder(config, indexer);
  return { chatModel, embedder, reranker: await openReranker(config) };
}
