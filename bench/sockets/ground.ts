import { z } from 'zod';
import { migrate, readMigrations } from '../../server/adapters/db/migrate.ts';
import { createPostgresDatabase } from '../../server/adapters/db/postgres.ts';
import type { Database } from '../../server/ports.ts';
import { createVisitorSessions } from '../../server/services/visitor-session.ts';
import { systemClock as clock, systemIds as ids } from '../../server/system.ts';
import { silentLogger as logger } from '../../server/testing/deps.ts';
import { forEachOf, spreadOf } from './load.ts';
import type { Spread } from './load.ts';

/** A migrated database with one site. */
export async function prepare(url: string): Promise<Database> {
  const db = createPostgresDatabase({ url, logger });
  await migrate(db, await readMigrations());
  await db.execute("insert into site (id, name) values ('default', 'Bench') on conflict do nothing");
  await db.execute('create table bench_insert (id uuid primary key, text text not null)');
  return db;
}

/** Sessions of new visitors. */
export async function openVisitors(db: Database, count: number): Promise<string[]> {
  const sessions = createVisitorSessions({ db, ids, clock });
  const all = Array.from({ length: count }, (_, index) => index);
  return forEachOf(all, 8, async () => (await sessions.open({ siteId: 'default', token: null })).token);
}

/** The floor of durability: one row, one commit. */
export async function measureInsert(db: Database): Promise<Spread> {
  const times: number[] = [];
  for (let index = 0; index < 800; index += 1) {
    const startedAt = performance.now();
    await db.execute('insert into bench_insert (id, text) values ($1, $2)', [ids.uuid(), 'Hello there']);
    times.push(performance.now() - startedAt);
  }
  return spreadOf(times);
}

/** Connections that clients have to the database, this one's included. */
export async function countDatabaseConnections(db: Database): Promise<number> {
  const rows = await db.query(
    `select count(*)::int as count from pg_stat_activity where backend_type = 'client backend'`,
    [],
    z.object({ count: z.number() }),
  );
  return rows[0]?.count ?? 0;
}
