import { parseArgs } from 'node:util';
import { migrate, readMigrations } from '../server/adapters/db/migrate.ts';
import { createPostgresDatabase } from '../server/adapters/db/postgres.ts';
import type { Database } from '../server/ports.ts';
import { createVisitorSessions } from '../server/services/visitor-session.ts';
import { systemClock as clock, systemIds as ids } from '../server/system.ts';
import { silentLogger as logger } from '../server/testing/deps.ts';
import { startServers } from './chaos/servers.ts';
import { startServer } from './sockets/child.ts';
import type { ServerChild } from './sockets/child.ts';
import { measureIdle, measureReturn, measureRoundTrip, measureStreams, spreadOf } from './sockets/measure.ts';

/**
 * The live side on real PostgreSQL and Redis, beside a `ws` server that only echoes, in the same run and on the
 * same machine as its load.
 *
 *   npm run bench -- sockets [--connections 2000] [--conversations 1,100,200] [--streams 100] [--json]
 */
const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '2000' },
    conversations: { type: 'string', default: '1,100,200' },
    streams: { type: 'string', default: '100' },
    'per-second': { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
  },
});

const rows: Record<string, Record<string, unknown>> = {};
const servers = startServers();
try {
  const db = await prepare(servers.databaseUrl);
  const tokens = await openVisitors(db, Number(values.connections));
  const ways: Record<string, { start: () => Promise<ServerChild>; tokens: (string | null)[] }> = {
    bare: { start: () => startServer({ MODE: 'bare' }), tokens: tokens.map(() => null) },
    deskbell: {
      start: () =>
        startServer({ MODE: 'deskbell', DATABASE_URL: servers.databaseUrl, REDIS_URL: servers.redisUrl }),
      tokens,
    },
  };
  for (const [way, { start, tokens: own }] of Object.entries(ways)) await measure(way, start, own);
  rows['one committed insert'] = { ms: await measureInsert(db) };
  await db.close();
} finally {
  servers.stop();
}
if (values.json) console.log(JSON.stringify(rows, null, 1));
else for (const [name, row] of Object.entries(rows)) console.log(name, JSON.stringify(row));
process.exit();

async function measure(
  way: string,
  start: () => Promise<ServerChild>,
  tokens: (string | null)[],
): Promise<void> {
  const fresh = async <Result>(work: (server: ServerChild) => Promise<Result>): Promise<Result> => {
    const server = await start();
    const result = await work(server);
    await server.kill();
    return result;
  };
  rows[`${way}: idle`] = await fresh((server) => measureIdle(server, tokens));
  for (const count of values.conversations.split(',').map(Number)) {
    const perSecond = Math.min(Number(values['per-second']), count * 20);
    const rounds = Math.max(3, Math.ceil((perSecond * 5) / count));
    const few = tokens.slice(0, count);
    rows[`${way}: round trip, ${String(count)} conversations`] = await fresh((server) =>
      measureRoundTrip(server, few, { rounds, perSecond }),
    );
  }
  for (const count of values.streams.split(',').map(Number)) {
    rows[`${way}: ${String(count)} streams`] = await fresh((server) =>
      measureStreams(server, tokens.slice(0, count)),
    );
  }
  rows[`${way}: all back after a kill`] = { ms: await measureReturn(start, tokens) };
}

async function prepare(url: string): Promise<Database> {
  const db = createPostgresDatabase({ url, logger });
  await migrate(db, await readMigrations());
  await db.execute("insert into site (id, name) values ('default', 'Bench') on conflict do nothing");
  await db.execute('create table bench_insert (id uuid primary key, text text not null)');
  return db;
}

async function openVisitors(db: Database, count: number): Promise<string[]> {
  const sessions = createVisitorSessions({ db, ids, clock });
  const tokens: string[] = [];
  const worker = async (): Promise<void> => {
    while (tokens.length < count)
      tokens.push((await sessions.open({ siteId: 'default', token: null })).token);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return tokens.slice(0, count);
}

async function measureInsert(db: Database) {
  const times: number[] = [];
  for (let index = 0; index < 500; index += 1) {
    const startedAt = performance.now();
    await db.execute('insert into bench_insert (id, text) values ($1, $2)', [ids.uuid(), 'Hello there']);
    times.push(performance.now() - startedAt);
  }
  return spreadOf(times);
}
