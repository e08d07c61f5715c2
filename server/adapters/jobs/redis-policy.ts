import { Redis } from 'ioredis';
import { AppError, errorMessage } from '../../errors.ts';

/**
 * Makes sure that Redis answers and never throws keys away: an evicted key would be a lost job.
 * @throws AppError `start-failed` otherwise.
 */
export async function assertRedisKeepsKeys(url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 3000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // Without a listener ioredis prints to the console; the rejection of connect() says the same.
  redis.on('error', () => {});
  try {
    await redis.connect();
    const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1] ?? 'unknown';
    if (policy === 'noeviction') return;
    throw new AppError('start-failed', `Redis may throw jobs away: its maxmemory-policy is ${policy}.`, {
      fix: 'Set "maxmemory-policy noeviction" on the Redis server, or unset REDIS_URL to keep jobs in the database.',
    });
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('start-failed', `Redis cannot be reached: ${errorMessage(cause)}`, {
      fix: 'Check REDIS_URL and that the server runs, or unset REDIS_URL to keep jobs in the database.',
      cause,
    });
  } finally {
    redis.disconnect();
  }
}
