import type { QueueBackend } from './adapters/jobs/bullmq-jobs.ts';
import type { Bus, Database, Logger } from './ports.ts';
import { readInstallationId } from './store/installation.ts';

/** What goes through Redis carries the installation's name: others may use the same server. */
export async function openRedis(
  url: string,
  db: Database,
  logger: Logger,
): Promise<{ bus: Bus; queue: QueueBackend }> {
  const prefix = `deskbell:${await readInstallationId(db)}`;
  const { createRedisBus } = await import('./adapters/bus/redis-bus.ts');
  const { createRedisBackend } = await import('./adapters/jobs/backends.ts');
  return { bus: createRedisBus(url, logger, `${prefix}:bus`), queue: createRedisBackend(url, prefix) };
}

/** @throws AppError `start-failed` for a Redis that may forget jobs. */
export async function checkRedis(url: string): Promise<void> {
  await (await import('./adapters/jobs/redis-policy.ts')).assertRedisKeepsKeys(url);
}
