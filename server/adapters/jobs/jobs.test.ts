import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createFreshDatabase,
  createTestPglite,
  type FreshDatabase,
  testDatabaseUrl,
} from '../../testing/database.ts';
import { silentLogger } from '../../testing/deps.ts';
import { describeJobsContract } from '../../testing/jobs-contract.ts';
import { testRedisUrl } from '../../testing/redis.ts';
import type { PgliteDatabase } from '../db/pglite.ts';
import { createPgliteBackend, createPostgresQueueBackend, createRedisBackend } from './backends.ts';
import { createBullmqJobs, type QueueBackend } from './bullmq-jobs.ts';
import { assertRedisKeepsKeys } from './redis-policy.ts';

describe('on PGlite', () => {
  let database: PgliteDatabase;
  let backend: QueueBackend;
  beforeAll(async () => {
    database = await createTestPglite();
    backend = await createPgliteBackend(database);
  });
  afterEach(() => database.execute('truncate bullmq.job cascade'));
  afterAll(() => database.close());
  describeJobsContract('PGlite', async (options) =>
    createBullmqJobs({ backend, logger: silentLogger, ...options }),
  );

  it('leaves the search path of everybody else alone', async () => {
    expect(await database.execute('select id from site')).toBe(0);
  });
});

function describeOnPostgres(serverUrl: string): void {
  describe('on PostgreSQL', () => {
    let fresh: FreshDatabase;
    beforeAll(async () => {
      fresh = await createFreshDatabase(serverUrl, false);
    });
    afterAll(() => fresh.drop());
    describeJobsContract('PostgreSQL', async (options) =>
      createBullmqJobs({ backend: createPostgresQueueBackend(fresh.url), logger: silentLogger, ...options }),
    );
  });
}

function describeOnRedis(serverUrl: string): void {
  describe('on Redis', () => {
    const prefix = `test-${randomBytes(6).toString('hex')}`;
    const redis = new Redis(serverUrl);
    afterAll(async () => {
      const keys = await redis.keys(`${prefix}:*`);
      if (keys.length > 0) await redis.del(keys);
      await redis.quit();
    });
    describeJobsContract('Redis', async (options) =>
      createBullmqJobs({ backend: createRedisBackend(serverUrl, prefix), logger: silentLogger, ...options }),
    );

    it('accepts a server that keeps its keys and refuses one that does not', async () => {
      await assertRedisKeepsKeys(serverUrl);
      await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
      try {
        await expect(assertRedisKeepsKeys(serverUrl)).rejects.toMatchObject({
          code: 'start-failed',
          message: expect.stringContaining('allkeys-lru'),
        });
      } finally {
        await redis.config('SET', 'maxmemory-policy', 'noeviction');
      }
    });
  });
}

if (testDatabaseUrl !== null) describeOnPostgres(testDatabaseUrl);
if (testRedisUrl !== null) describeOnRedis(testRedisUrl);

describe('a Redis that is not there', () => {
  it('is told at start', async () => {
    await expect(assertRedisKeepsKeys('redis://127.0.0.1:1')).rejects.toMatchObject({
      code: 'start-failed',
      message: expect.stringContaining('cannot be reached'),
    });
  });

  it('makes enqueue fail soon, as unavailable', async () => {
    const jobs = createBullmqJobs({
      backend: createRedisBackend('redis://127.0.0.1:1', 'none'),
      logger: silentLogger,
      enqueueTimeoutMs: 500,
    });
    await expect(jobs.enqueue('source-sweep', {})).rejects.toMatchObject({ code: 'unavailable' });
    await jobs.close();
  });
});
