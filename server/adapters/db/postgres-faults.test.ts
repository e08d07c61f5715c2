import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Database } from '../../ports.ts';
import { createReadiness } from '../../readiness.ts';
import { createFreshDatabase, type FreshDatabase, testDatabaseUrl } from '../../testing/database.ts';
import { silentLogger } from '../../testing/deps.ts';
import { createFaultProxy, type FaultProxy, targetOf, throughProxy } from '../../testing/fault-proxy.ts';
import { createPostgresDatabase } from './postgres.ts';

const one = z.object({ one: z.number() });
const timeouts = { connectMs: 500, statementMs: 1000, lockMs: 300 };

function describeFaults(serverUrl: string): void {
  let fresh: FreshDatabase;
  let proxy: FaultProxy;
  let db: Database;
  let admin: pg.Client;

  beforeEach(async () => {
    fresh = await createFreshDatabase(serverUrl, true);
    proxy = await createFaultProxy(targetOf(serverUrl, 5432));
    db = createPostgresDatabase({
      url: throughProxy(fresh.url, proxy),
      logger: silentLogger,
      poolSize: 3,
      timeouts,
    });
    admin = new pg.Client({ connectionString: fresh.url });
    await admin.connect();
  });
  afterEach(async () => {
    await admin.end();
    await proxy.close();
    await db.close();
    await fresh.drop();
  });

  const ping = () => db.query('select 1 as one', [], one);
  const isBack = () => vi.waitFor(async () => expect(await ping()).toEqual([{ one: 1 }]), 5000);
  const terminateAll = () =>
    admin.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );

  it('runs a prepared statement anew whose plan a migration or the connection made stale', async () => {
    const single = createPostgresDatabase({ url: fresh.url, logger: silentLogger, poolSize: 1 });
    const count = () => single.query('select one from kept where one = $1', [1], one, { isPrepared: true });
    const named = z.object({ names: z.number() });
    await admin.query('create table kept as select 1 as one');
    expect(await count()).toEqual([{ one: 1 }]);
    const [statements] = await single.query(
      `select count(*)::int as names from pg_prepared_statements where name like 'deskbell%'`,
      [],
      named,
    );
    expect(statements?.names).toBe(1);
    await admin.query('alter table kept alter column one type bigint');
    expect(await count()).toEqual([{ one: 1 }]);
    await single.execute('deallocate all');
    expect(await count()).toEqual([{ one: 1 }]);
    await single.close();
  });

  it('F1: survives the end of idle connections, of one in a transaction, and of the listening one', async () => {
    const heard: string[] = [];
    await db.listen('news', (payload) => heard.push(payload));
    for (let round = 0; round < 10; round += 1) {
      await Promise.all([ping(), ping()]);
      const inside = db.transaction(async (tx) => {
        await tx.execute('insert into site (id, name) values ($1, $2)', [`round-${round}`, 'x']);
        await terminateAll();
        await tx.query('select 1 as one', [], one);
      });
      await expect(inside).rejects.toMatchObject({ code: 'unavailable' });
      await isBack();
    }
    const { rows } = await admin.query('select id from site');
    expect(rows).toEqual([]);
    await vi.waitFor(
      async () => {
        await db.execute('select pg_notify($1, $2)', ['news', 'again']);
        expect(heard).toContain('again');
      },
      { timeout: 10_000, interval: 50 },
    );
  });

  it('F1: connections that are reset fail as unavailable and are replaced', async () => {
    await ping();
    const inside = db.transaction(async (tx) => {
      proxy.cut();
      await tx.query('select 1 as one', [], one);
    });
    await expect(inside).rejects.toMatchObject({ code: 'unavailable' });
    await isBack();
  });

  it('F2: a silent database fails as unavailable, is not ready, and is back when the network is', async () => {
    const readiness = createReadiness(db);
    expect((await readiness()).isReady).toBe(true);
    proxy.blackhole(true);
    await expect(ping()).rejects.toMatchObject({ code: 'unavailable' });
    expect((await readiness()).isReady).toBe(false);
    proxy.blackhole(false);
    await isBack();
    expect((await readiness()).isReady).toBe(true);
  });

  it('F2: a database that refuses connections fails as unavailable', async () => {
    proxy.refuse(true);
    proxy.cut();
    await expect(ping()).rejects.toMatchObject({ code: 'unavailable' });
    proxy.refuse(false);
    await isBack();
  });

  it('a statement that may take its time is waited for', async () => {
    const build = db.transaction(async (tx) => {
      await tx.execute('set local statement_timeout = 0');
      return tx.execute('select pg_sleep(2.5)', [], { timeoutMs: 60_000 });
    });
    await expect(build).resolves.toBe(1);
  });

  it('F3: a slow statement and a held lock end as unavailable, a full pool too', async () => {
    await expect(db.execute('select pg_sleep(5)')).rejects.toMatchObject({ code: 'unavailable' });
    await db.execute(`insert into site (id, name) values ('locked', 'x')`);
    await admin.query('begin');
    await admin.query(`update site set name = 'y' where id = 'locked'`);
    const waiting = db.execute(`update site set name = 'z' where id = 'locked'`);
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
    await admin.query('rollback');

    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const holders = [1, 2, 3].map(() => db.transaction(() => held));
    await expect(ping()).rejects.toMatchObject({ code: 'unavailable' });
    release();
    await Promise.all(holders);
    await isBack();
  });
}

describe('an unreliable PostgreSQL', () => {
  it('is away from the start: statements fail as unavailable', async () => {
    const db = createPostgresDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', logger: silentLogger });
    await expect(db.query('select 1 as one', [], one)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(db.transaction(async () => 1)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(db.listen('x', () => {})).rejects.toMatchObject({ code: 'unavailable' });
    await db.close();
  });

  if (testDatabaseUrl !== null) describeFaults(testDatabaseUrl);
});
