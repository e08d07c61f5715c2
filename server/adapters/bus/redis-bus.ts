import { Redis } from 'ioredis';
import { AppError } from '../../errors.ts';
import type { Bus, Logger } from '../../ports.ts';
import { createSubscriptions, encodeMessage } from './envelope.ts';

const options = {
  connectTimeout: 2000,
  keepAlive: 10_000,
  autoResubscribe: true,
  retryStrategy: (attempt: number) => Math.min(100 * 2 ** Math.min(attempt, 6), 5000),
};

/** Messages on their way to a Redis that does not answer; what is more is lost, as a hint may be. */
const maxPending = 2_000;

/**
 * The `Bus` port on Redis pub/sub. Both connections come back by themselves and the subscription with them;
 * publishing while Redis is away fails at once with `unavailable`. `channel` keeps installations apart.
 */
export function createRedisBus(url: string, logger: Logger, channel: string): Bus {
  const subscriptions = createSubscriptions(logger);
  const publisher = new Redis(url, { ...options, enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  const subscriber = new Redis(url, { ...options, maxRetriesPerRequest: null });
  for (const [role, redis] of Object.entries({ publisher, subscriber })) {
    redis.on('error', (error) => logger.warn('bus-connection-lost', { role, reason: error.message }));
  }
  subscriber.on('message', (_channel, text) => subscriptions.deliver(text));
  let subscribed: Promise<unknown> | null = null;
  let pending = 0;

  return {
    async publish(name, message) {
      const text = encodeMessage(name, message);
      pending += 1;
      try {
        if (pending > maxPending) throw new Error('Redis does not answer.');
        // The first publish may come before the connection stands.
        if (publisher.status === 'connecting' || publisher.status === 'connect')
          await waitUntilSettled(publisher);
        await publisher.publish(channel, text);
      } catch (cause) {
        throw new AppError('unavailable', 'Redis is not available at the moment.', {
          cause,
          retryAfterMs: 2000,
        });
      } finally {
        pending -= 1;
      }
    },
    async subscribe(name, handler) {
      subscribed ??= subscriber.subscribe(channel);
      await subscribed;
      const remove = subscriptions.add(name, handler);
      return async () => remove();
    },
    async close() {
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}

function waitUntilSettled(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      redis.off('ready', settle);
      redis.off('close', settle);
      resolve();
    };
    redis.once('ready', settle);
    redis.once('close', settle);
  });
}
