import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createFreshDatabase, type FreshDatabase, testDatabaseUrl } from './testing/database.ts';
import { makeTempFolder, startProcess, type TestProcess } from './testing/process.ts';
import { testRedisUrl } from './testing/redis.ts';

const acceptedSchema = z.object({ sourceId: z.string() });
const sourceSchema = z.object({ state: z.string(), counts: z.record(z.string(), z.number()) });
const kills = 2;
const documentsPerPost = 25;

interface Setting {
  name: string;
  prepare: () => Promise<{ environment: Record<string, string>; cleanUp: () => Promise<void> }>;
}

const settings: Setting[] = [
  { name: 'embedded', prepare: async () => ({ environment: {}, cleanUp: async () => {} }) },
];

function addRealServers(databaseUrl: string, redisUrl: string | null): void {
  settings.push({
    name: redisUrl === null ? 'PostgreSQL' : 'PostgreSQL and Redis',
    prepare: async () => {
      const fresh: FreshDatabase = await createFreshDatabase(databaseUrl, false);
      const redis = redisUrl === null ? {} : { REDIS_URL: redisUrl };
      return { environment: { DATABASE_URL: fresh.url, ...redis }, cleanUp: fresh.drop };
    },
  });
}
if (testDatabaseUrl !== null) addRealServers(testDatabaseUrl, testRedisUrl);

function makeDocuments(post: string): { ids: string[]; ndjson: string } {
  const ids = Array.from({ length: documentsPerPost }, (_, index) => `${post}-${index}`);
  const lines = ids.map((id) =>
    JSON.stringify({
      id,
      title: `Page ${id}`,
      text: `The word of this page is ${id.replaceAll('-', '')}.\n`.repeat(20),
    }),
  );
  return { ids, ndjson: lines.join('\n') };
}

describe('killed during its first start', () => {
  /** Files in the order in which a first start makes them. */
  const moments = [
    'database.new',
    'database.new/PG_VERSION',
    'database.new/postgresql.conf',
    'database/PG_VERSION',
  ];

  it('F6: starts the next time, whatever was half made', { timeout: 120_000 }, async () => {
    const temp = await makeTempFolder();
    const DATA_DIR = path.join(temp.folder, 'data');
    for (const moment of moments) {
      const killed = startProcess({ DATA_DIR });
      await vi.waitFor(() => expect(existsSync(path.join(DATA_DIR, moment))).toBe(true), {
        timeout: 30_000,
        interval: 1,
      });
      killed.child.kill('SIGKILL');
      expect(await killed.exited).toBe('SIGKILL');
    }
    const server = startProcess({ DATA_DIR });
    const url = await server.ready;
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    server.child.kill('SIGKILL');
    await server.exited;
    await temp.remove();
  });
});

describe.each(settings)('killed with SIGKILL ($name)', ({ prepare }) => {
  let temp: Awaited<ReturnType<typeof makeTempFolder>>;
  let prepared: Awaited<ReturnType<Setting['prepare']>>;
  let server: TestProcess;
  beforeAll(async () => {
    temp = await makeTempFolder();
    prepared = await prepare();
  });
  afterAll(async () => {
    server.child.kill('SIGKILL');
    await server.exited;
    await prepared.cleanUp();
    await temp.remove();
  });

  const start = async () => {
    server = startProcess({
      DATA_DIR: path.join(temp.folder, 'data'),
      LOG_LEVEL: 'warn',
      ...prepared.environment,
    });
    await server.ready;
  };

  /** Posts until the connection breaks; gives what was acknowledged. */
  async function postUntilKilled(round: number, acknowledged: Map<string, string[]>): Promise<void> {
    for (let post = 0; ; post += 1) {
      const { ids, ndjson } = makeDocuments(`r${round}-p${post}`);
      try {
        const answer = await server.api('POST', '/sites/default/documents', ndjson, 'application/x-ndjson');
        expect(answer.status).toBe(202);
        acknowledged.set(acceptedSchema.parse(answer.body).sourceId, ids);
      } catch (error) {
        if (error instanceof TypeError) return; // fetch failed: the server is gone
        throw error;
      }
      if (post === 2) server.child.kill('SIGKILL');
    }
  }

  it('keeps every acknowledged document and ends every run', { timeout: 180_000 }, async () => {
    const acknowledged = new Map<string, string[]>();
    for (let round = 0; round < kills; round += 1) {
      await start();
      await postUntilKilled(round, acknowledged);
      expect(await server.exited).toBe('SIGKILL');
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(kills * 3);
    await start();
    for (const [sourceId, ids] of acknowledged) {
      const source = await vi.waitFor(
        async () => {
          const { body } = await server.api('GET', `/sites/default/sources/${sourceId}`);
          const parsed = sourceSchema.parse(body);
          expect(parsed.state).toBe('done');
          return parsed;
        },
        { timeout: 120_000, interval: 250 },
      );
      expect(source.counts['indexed']).toBe(ids.length);
      for (const id of ids) {
        const document = await server.api('GET', `/sites/default/documents/${id}`);
        expect(document.status).toBe(200);
      }
    }
  });
});
