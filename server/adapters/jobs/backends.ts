import {
  createPostgresBackend,
  DEFAULT_SCHEMA,
  Queue,
  type RedisOptions,
  runMigrations,
  Worker,
} from 'bullmq';
import type { PgliteDatabase } from '../db/pglite.ts';
import { type QueueBackend, queueName } from './bullmq-jobs.ts';
import { createPglitePool } from './pglite-pool.ts';

/** Connections per pool of BullMQ's own; it listens on one more. */
const poolSize = 4;

/** The queue in the embedded database, in a schema of its own; makes and upgrades it. */
export async function createPgliteBackend(database: PgliteDatabase): Promise<QueueBackend> {
  const pool = createPglitePool(database, DEFAULT_SCHEMA);
  // A pool that is handed in cannot carry `migrate`.
  await runMigrations(await pool.connect(), DEFAULT_SCHEMA);
  return {
    createQueue: () => new Queue(queueName, { connection: pool }, createPostgresBackend),
    createWorker: (process, tuning) =>
      new Worker(queueName, process, { ...tuning, connection: pool }, createPostgresBackend),
  };
}

/** The queue in PostgreSQL, in a schema of its own; makes and upgrades it. */
export function createPostgresQueueBackend(url: string): QueueBackend {
  const connection = {
    connectionString: url,
    application_name: 'deskbell-jobs',
    max: poolSize,
    connectionTimeoutMillis: 2000,
    keepAlive: true,
    migrate: true,
  };
  return {
    createQueue: () => new Queue(queueName, { connection }, createPostgresBackend),
    createWorker: (process, tuning) =>
      new Worker(queueName, process, { ...tuning, connection }, createPostgresBackend),
  };
}

/** The queue in Redis or Valkey. A producer fails fast when Redis is away, a worker waits for it; `prefix` begins every key. */
export function createRedisBackend(url: string, prefix: string): QueueBackend {
  const base: RedisOptions = { url, connectTimeout: 2000, keepAlive: 10_000 };
  const producer: RedisOptions = { ...base, enableOfflineQueue: false, maxRetriesPerRequest: 1 };
  const consumer: RedisOptions = { ...base, maxRetriesPerRequest: null };
  return {
    createQueue: () => new Queue(queueName, { connection: producer, prefix }),
    createWorker: (process, tuning) =>
      new Worker(queueName, process, { ...tuning, connection: consumer, prefix }),
  };
}
