import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createFreshDatabase, testDatabaseUrl } from '../../testing/database.ts';
import { silentLogger } from '../../testing/deps.ts';
import type { Database } from '../../ports.ts';
import { type Migration, migrate, migrationsVersion, readMigrations } from './migrate.ts';
import { createPgliteDatabase } from './pglite.ts';
import { createPostgresDatabase } from './postgres.ts';

const first: Migration = {
  name: '0001-a.sql',
  sql: 'create table a (id int); create table b (id int);',
  checksum: '1',
};
const second: Migration = { name: '0002-b.sql', sql: 'insert into a values (1);', checksum: '2' };

async function createEmptyPglite(): Promise<Database> {
  return createPgliteDatabase({ dataDir: null });
}

async function createEmptyPostgres(url: string): Promise<Database> {
  const fresh = await createFreshDatabase(url, false);
  const database = createPostgresDatabase({ url: fresh.url, logger: silentLogger });
  return {
    ...database,
    close: async () => {
      await database.close();
      await fresh.drop();
    },
  };
}

const serverUrl = testDatabaseUrl;
const adapters: [string, () => Promise<Database>][] = [['PGlite', createEmptyPglite]];
if (serverUrl !== null) adapters.push(['PostgreSQL', () => createEmptyPostgres(serverUrl)]);

describe.each(adapters)('migrate on %s', (_name, create) => {
  let db: Database;
  beforeAll(async () => {
    db = await create();
  });
  beforeEach(async () => {
    await db.execute('drop table if exists a; drop table if exists b; drop table if exists schema_migration');
  });
  afterAll(() => db.close());

  const countRows = async () => (await db.query('select id from a', [], z.object({ id: z.number() }))).length;

  it('applies what is missing, once and in order', async () => {
    expect(await migrate(db, [first])).toEqual(['0001-a.sql']);
    expect(await migrate(db, [first, second])).toEqual(['0002-b.sql']);
    expect(await migrate(db, [first, second])).toEqual([]);
    expect(await countRows()).toBe(1);
  });

  it('runs once when several start together', async () => {
    const results = await Promise.all([1, 2, 3, 4].map(() => migrate(db, [first, second])));
    expect(results.filter((names) => names.length > 0)).toHaveLength(1);
    expect(await countRows()).toBe(1);
  });

  it('leaves nothing behind when a migration fails, and names it', async () => {
    const broken = { ...second, sql: 'insert into a values (1); insert into nowhere values (1)' };
    await expect(migrate(db, [first, broken])).rejects.toMatchObject({
      code: 'start-failed',
      message: expect.stringContaining('0002-b.sql'),
    });
    expect(await migrate(db, [first, second])).toHaveLength(2);
  });

  it('refuses a schema that is newer than the code', async () => {
    await migrate(db, [first, second]);
    await expect(migrate(db, [first])).rejects.toMatchObject({
      code: 'start-failed',
      message: expect.stringContaining('newer Deskbell'),
    });
  });

  it('refuses a migration that was changed after it ran', async () => {
    await migrate(db, [first]);
    await expect(migrate(db, [{ ...first, checksum: 'other' }])).rejects.toMatchObject({
      code: 'start-failed',
    });
  });

  it('switches pgvector on', async () => {
    await migrate(db, []);
    const rows = await db.query(
      `select '[3,4]'::vector <-> '[0,0]'::vector as d`,
      [],
      z.object({ d: z.number() }),
    );
    expect(rows).toEqual([{ d: 5 }]);
  });
});

describe('a database without pgvector', () => {
  it('is refused with the cure', async () => {
    const answers: Record<string, unknown[]> = {
      server_version_num: [{ version: 170_000 }],
      pg_available_extensions: [{ installed: null, available: null }],
    };
    const without: Database = {
      kind: 'postgres',
      inBackground: (work) => work(),
      async query(sql, _parameters, row) {
        const key = Object.keys(answers).find((word) => sql.includes(word)) ?? '';
        return (answers[key] ?? []).map((each) => row.parse(each));
      },
      execute: async () => 0,
      transaction: async (work) => work({ ...without, isTransaction: true }),
      listen: async () => async () => {},
      close: async () => {},
    };
    await expect(migrate(without, [])).rejects.toMatchObject({
      code: 'start-failed',
      message: 'The database has no pgvector extension.',
      fix: expect.stringContaining('pgvector'),
    });
  });
});

describe('readMigrations', () => {
  it('reads numbered files in order and hashes them', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'deskbell-migrations-'));
    await writeFile(path.join(folder, '0002-later.sql'), 'select 2');
    await writeFile(path.join(folder, '0001-first.sql'), 'select 1');
    await writeFile(path.join(folder, 'notes.md'), 'not a migration');
    const migrations = await readMigrations(pathToFileURL(`${folder}/`));
    expect(migrations.map(({ name, sql }) => [name, sql])).toEqual([
      ['0001-first.sql', 'select 1'],
      ['0002-later.sql', 'select 2'],
    ]);
    const changed = migrations.map((each) => ({ ...each, checksum: `${each.checksum}0` }));
    expect(migrationsVersion(changed)).not.toBe(migrationsVersion(migrations));
    await rm(folder, { recursive: true });
  });
});
