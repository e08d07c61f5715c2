import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type Migration, migrate, migrationsVersion, readMigrations } from '../adapters/db/migrate.ts';
import { createPgliteDatabase, type PgliteDatabase } from '../adapters/db/pglite.ts';
import { createPostgresDatabase } from '../adapters/db/postgres.ts';
import { quoteIdentifier } from '../adapters/db/sql-text.ts';
import type { Database } from '../ports.ts';
import { silentLogger } from './deps.ts';

const cacheFolder = fileURLToPath(new URL('../../node_modules/.cache/deskbell-test/', import.meta.url));

/** The URL of a real PostgreSQL server on which databases may be made, when the run was given one. */
export const testDatabaseUrl: string | null = process.env['TEST_DATABASE_URL'] || null;

function toArrayBuffer(bytes: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}

/** Migrates a PGlite in memory once and keeps its data folder in a file for all later test files. */
async function makeArchive(file: string, migrations: Migration[]): Promise<ArrayBuffer> {
  const database = await createPgliteDatabase({ dataDir: null });
  await migrate(database, migrations);
  const archive = await database.dump();
  await database.close();
  await mkdir(cacheFolder, { recursive: true });
  const own = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(own, Buffer.from(archive));
  await rename(own, file);
  const outdated = (await readdir(cacheFolder)).filter((name) => path.join(cacheFolder, name) !== file);
  await Promise.all(
    outdated
      .filter((name) => name.endsWith('.tar'))
      .map((name) => rm(path.join(cacheFolder, name), { force: true })),
  );
  return archive;
}

async function readArchive(): Promise<ArrayBuffer> {
  const migrations = await readMigrations();
  const file = path.join(cacheFolder, `${migrationsVersion(migrations)}.tar`);
  const cached = await readFile(file).catch(() => null);
  return cached ? toArrayBuffer(cached) : makeArchive(file, migrations);
}

/** A migrated, empty PGlite in memory. */
export async function createTestPglite(): Promise<PgliteDatabase> {
  return createPgliteDatabase({ dataDir: null, archive: await readArchive() });
}

async function asAdmin<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Makes the migrated template database of this schema version if no other test process has. */
async function ensureTemplate(client: pg.Client, url: string): Promise<string> {
  const migrations = await readMigrations();
  const name = `deskbell_template_${migrationsVersion(migrations)}`;
  await client.query('select pg_advisory_lock(4242)');
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) {
      const half = `${name}_half`;
      await client.query(`drop database if exists ${quoteIdentifier(half)}`);
      await client.query(`create database ${quoteIdentifier(half)}`);
      const database = createPostgresDatabase({ url: databaseUrl(url, half), logger: silentLogger });
      await migrate(database, migrations);
      await database.close();
      await client.query(`alter database ${quoteIdentifier(half)} rename to ${quoteIdentifier(name)}`);
    }
  } finally {
    await client.query('select pg_advisory_unlock(4242)');
  }
  return name;
}

/** A database of its own on a real server, and how to drop it. */
export interface FreshDatabase {
  url: string;
  drop(): Promise<void>;
}

/** Makes a database on the server of TEST_DATABASE_URL: migrated, or empty without even pgvector. */
export async function createFreshDatabase(serverUrl: string, isMigrated: boolean): Promise<FreshDatabase> {
  const name = `deskbell_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(serverUrl, async (client) => {
    const template = isMigrated ? await ensureTemplate(client, serverUrl) : 'template0';
    await client.query('select pg_advisory_lock(4242)');
    await client.query(`create database ${quoteIdentifier(name)} template ${quoteIdentifier(template)}`);
  });
  return {
    url: databaseUrl(serverUrl, name),
    drop: () =>
      asAdmin(serverUrl, async (client) => {
        await client.query(`drop database if exists ${quoteIdentifier(name)} with (force)`);
      }),
  };
}

/** A migrated, empty database on a real PostgreSQL server; closing it drops it. */
export async function createTestPostgres(serverUrl: string): Promise<Database> {
  const fresh = await createFreshDatabase(serverUrl, true);
  const database = createPostgresDatabase({ url: fresh.url, logger: silentLogger });
  return {
    ...database,
    async close() {
      await database.close();
      await fresh.drop();
    },
  };
}

/**
 * A migrated, empty database for one test file: PGlite in memory, or a database of its own on the server of
 * TEST_DATABASE_URL. Close it after the tests.
 */
export async function createTestDatabase(): Promise<Database> {
  return testDatabaseUrl === null ? createTestPglite() : createTestPostgres(testDatabaseUrl);
}

/** The database in a folder, or on a server where `place` is an address. */
export function openDatabase(place: string): Promise<Database> {
  const isAddress = place.startsWith('postgres');
  return isAddress
    ? Promise.resolve(createPostgresDatabase({ url: place, logger: silentLogger }))
    : createPgliteDatabase({ dataDir: place });
}
