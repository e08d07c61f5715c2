import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../ports.ts';
import { describeBusContract } from '../../testing/bus-contract.ts';
import { createTestPglite, createTestPostgres, testDatabaseUrl } from '../../testing/database.ts';
import { silentLogger } from '../../testing/deps.ts';
import { createFaultProxy, targetOf, throughProxy } from '../../testing/fault-proxy.ts';
import { testRedisUrl } from '../../testing/redis.ts';
import { createNotifyBus } from './notify-bus.ts';
import { createRedisBus } from './redis-bus.ts';

function describeNotifyBus(name: string, create: () => Promise<Database>): void {
  describe(`NOTIFY on ${name}`, () => {
    let database: Database;
    beforeAll(async () => {
      database = await create();
    });
    afterAll(() => database.close());
    describeBusContract(name, async () => createNotifyBus(database, silentLogger));
  });
}

function describeRedisBus(url: string): void {
  const channel = () => `test:${randomBytes(6).toString('hex')}`;
  const shared = channel();
  describeBusContract('Redis', async () => createRedisBus(url, silentLogger, shared));

  it('hears again after its connections were cut', async () => {
    const bus = createRedisBus(url, silentLogger, channel());
    const heard: unknown[] = [];
    await bus.subscribe('agents', (message) => heard.push(message));
    await bus.publish('agents', 'before');
    await vi.waitFor(() => expect(heard).toEqual(['before']));
    const admin = new Redis(url);
    await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await vi.waitFor(
      async () => {
        await bus.publish('agents', 'after');
        expect(heard).toContain('after');
      },
      { timeout: 10_000, interval: 50 },
    );
    await admin.quit();
    await bus.close();
  });

  it('F4 keeps no more than some thousand messages for a Redis that is silent', async () => {
    const proxy = await createFaultProxy(targetOf(url, 6379));
    const bus = createRedisBus(throughProxy(url, proxy), silentLogger, channel());
    await bus.publish('agents', 'before');
    proxy.blackhole(true);
    let refused = 0;
    const sent = Array.from({ length: 5_000 }, () => bus.publish('agents', 'x').catch(() => (refused += 1)));
    await vi.waitFor(() => expect(refused).toBeGreaterThanOrEqual(3_000));
    await bus.close();
    await Promise.all(sent);
    await proxy.close();
  });
}

describeNotifyBus('PGlite', createTestPglite);
const databaseUrl = testDatabaseUrl;
if (databaseUrl !== null) describeNotifyBus('PostgreSQL', () => createTestPostgres(databaseUrl));
if (testRedisUrl !== null) describeRedisBus(testRedisUrl);

describe('a Redis that is not there', () => {
  it('makes publish fail as unavailable', async () => {
    const bus = createRedisBus('redis://127.0.0.1:1', silentLogger, 'none');
    await expect(bus.publish('agents', 1)).rejects.toMatchObject({ code: 'unavailable' });
    await bus.close();
  });
});
