import { z } from 'zod';
import type { Bus, Ids, Logger } from '../../ports.ts';
import { errorMessage } from '../../errors.ts';

/** How long the stream's instance may take to say that it has the frames. */
const answerTimeoutMs = 1_000;
/** Characters of frames in one bus message, well under its 7,000 bytes. */
const maxPartLength = 1_500;

const relayMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('part'),
    from: z.string(),
    postId: z.string(),
    key: z.string(),
    index: z.number().int(),
    count: z.number().int(),
    text: z.string(),
  }),
  z.object({ type: z.literal('taken'), postId: z.string(), isTaken: z.boolean() }),
]);

const textsSchema = z.array(z.string());

const channelOf = (instanceId: string): string => `stream-${instanceId}`;

export interface StreamRelayDeps {
  bus: Bus;
  ids: Ids;
  logger: Logger;
  instanceId: string;
}

/**
 * Hands frames on to the instance that holds a stream. The bus may lose them: then nobody confirms, the POST
 * fails, and the client connects anew and sends again.
 * @param deliver gives false when the stream is not here.
 */
export function createStreamRelay(
  { bus, ids, logger, instanceId }: StreamRelayDeps,
  deliver: (key: string, texts: readonly string[]) => boolean,
) {
  const waiting = new Map<string, (isTaken: boolean) => void>();
  const parts = new Map<string, string[]>();
  let unsubscribe: (() => Promise<void>) | null = null;

  function publish(to: string, message: z.input<typeof relayMessageSchema>): void {
    bus.publish(channelOf(to), message).catch((error: unknown) => {
      logger.warn('stream-relay-failed', { cause: errorMessage(error) });
      // the client is told at once: its next try may reach the right instance
      waiting.get(message.postId)?.(false);
    });
  }

  function receive(raw: unknown): void {
    const parsed = relayMessageSchema.safeParse(raw);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.type === 'taken') {
      waiting.get(message.postId)?.(message.isTaken);
      return;
    }
    const got = parts.get(message.postId) ?? [];
    got[message.index] = message.text;
    parts.set(message.postId, got);
    if (parts.size > maxOpenPosts) parts.delete(parts.keys().next().value ?? '');
    if (Object.keys(got).length < message.count) return;
    parts.delete(message.postId);
    const isTaken = deliver(message.key, textsSchema.parse(JSON.parse(got.join(''))));
    publish(message.from, { type: 'taken', postId: message.postId, isTaken });
  }

  return {
    async start(): Promise<void> {
      unsubscribe = await bus.subscribe(channelOf(instanceId), receive);
    },
    async close(): Promise<void> {
      await unsubscribe?.();
      for (const answer of waiting.values()) answer(false);
    },
    /** True when the instance that the key names has taken the frames. */
    send(key: string, texts: readonly string[]): Promise<boolean> {
      const to = key.split('.', 1)[0] ?? '';
      if (!z.uuid().safeParse(to).success || to === instanceId) return Promise.resolve(false);
      const postId = ids.uuid();
      const whole = JSON.stringify(texts);
      const count = Math.ceil(whole.length / maxPartLength);
      return new Promise((resolve) => {
        const timer = setTimeout(() => answer(false), answerTimeoutMs);
        function answer(isTaken: boolean): void {
          clearTimeout(timer);
          waiting.delete(postId);
          resolve(isTaken);
        }
        waiting.set(postId, answer);
        for (let index = 0; index < count; index += 1) {
          const text = whole.slice(index * maxPartLength, (index + 1) * maxPartLength);
          publish(to, { type: 'part', from: instanceId, postId, key, index, count, text });
        }
      });
    },
  };
}

/** Posts of which not every part has come; the oldest is forgotten first. */
const maxOpenPosts = 1_000;
