import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { AppError, errorMessage } from '../../errors.ts';
import type { Database, Queryable, Transaction } from '../../ports.ts';

export interface Migration {
  /** File name, such as `0001-foundation.sql`; migrations run in the order of names. */
  name: string;
  sql: string;
  /** Hex SHA-256 of the file. */
  checksum: string;
}

const migrationsFolder = new URL('./migrations/', import.meta.url);
/** Any constant serves, as long as every Deskbell uses the same: it spells "DESK". */
const advisoryLockKey = 0x4445534b;
/** pgvector 0.8 brought iterative index scans, which filtered search needs. */
const oldestVector = [0, 8] as const;
const oldestServer = 150_000;

/** Reads the numbered .sql files, in order. */
export async function readMigrations(folder: URL = migrationsFolder): Promise<Migration[]> {
  const names = (await readdir(fileURLToPath(folder))).filter((name) => /^\d{4}-.+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Short hash over all migrations; changes whenever one does. */
export function migrationsVersion(migrations: readonly Migration[]): string {
  const hash = createHash('sha256');
  for (const { name, checksum } of migrations) hash.update(`${name} ${checksum}\n`);
  return hash.digest('hex').slice(0, 16);
}

async function assertServerVersion(db: Queryable): Promise<void> {
  const [row] = await db.query(
    `select current_setting('server_version_num')::int as version`,
    [],
    z.object({ version: z.number() }),
  );
  if (row && row.version >= oldestServer) return;
  throw new AppError(
    'start-failed',
    'The database server is too old: Deskbell needs PostgreSQL 15 or newer.',
    {
      fix: 'Point DATABASE_URL at PostgreSQL 17 with pgvector, or unset it to use the embedded database.',
    },
  );
}

async function findVector(db: Queryable): Promise<{ installed: string | null; available: string | null }> {
  const [row] = await db.query(
    `select max(installed_version) as installed, max(default_version) as available
       from pg_available_extensions where name = 'vector'`,
    [],
    z.object({ installed: z.string().nullable(), available: z.string().nullable() }),
  );
  return row ?? { installed: null, available: null };
}

function isOldVector(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < oldestVector[0] || (major === oldestVector[0] && minor < oldestVector[1]);
}

/** Makes sure that pgvector is there, in a version that will do. */
async function ensureVector(tx: Transaction): Promise<void> {
  const { installed, available } = await findVector(tx);
  const version = installed ?? available;
  if (version === null) {
    throw new AppError('start-failed', 'The database has no pgvector extension.', {
      fix: 'Install pgvector on the database server (Debian package postgresql-17-pgvector, image pgvector/pgvector:pg17), or unset DATABASE_URL to use the embedded database.',
    });
  }
  if (isOldVector(version)) {
    throw new AppError('start-failed', `The database has pgvector ${version}; Deskbell needs 0.8 or newer.`, {
      fix: 'Upgrade pgvector on the database server, then run "alter extension vector update".',
    });
  }
  if (installed !== null) return;
  try {
    await tx.execute('create extension vector');
  } catch (cause) {
    throw new AppError('start-failed', `pgvector could not be switched on: ${errorMessage(cause)}`, {
      fix: 'Run "create extension vector" in this database as a superuser once, then start again.',
      cause,
    });
  }
}

const ledgerRow = z.object({ name: z.string(), checksum: z.string() });

function assertLedgerFits(ledger: z.output<typeof ledgerRow>[], migrations: readonly Migration[]): void {
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  for (const { name, checksum } of ledger) {
    const expected = known.get(name);
    if (expected === undefined) {
      throw new AppError('start-failed', `The database was made by a newer Deskbell (it has ${name}).`, {
        fix: 'Start the newer version, or point DATABASE_URL or DATA_DIR at another database.',
      });
    }
    if (expected !== checksum) {
      throw new AppError('start-failed', `Migration ${name} was changed after this database was made.`, {
        fix: 'Restore the original file, or start with an empty database.',
      });
    }
  }
}

async function applyMigration(tx: Transaction, migration: Migration): Promise<void> {
  try {
    await tx.execute(migration.sql);
  } catch (cause) {
    throw new AppError('start-failed', `Migration ${migration.name} failed: ${errorMessage(cause)}`, {
      cause,
    });
  }
  await tx.execute('insert into schema_migration (name, checksum) values ($1, $2)', [
    migration.name,
    migration.checksum,
  ]);
}

/**
 * Brings the schema up to date: everything or nothing, in one transaction under an advisory lock, so that
 * instances starting together do it once. Resolves with the names of the migrations that were applied.
 * @throws AppError `start-failed` without pgvector, on a newer or changed schema, or when a migration fails.
 */
export async function migrate(db: Database, migrations: readonly Migration[]): Promise<string[]> {
  return db.transaction(async (tx) => {
    await tx.execute('set local lock_timeout = 0; set local statement_timeout = 0');
    await tx.execute('select pg_advisory_xact_lock($1)', [advisoryLockKey]);
    await assertServerVersion(tx);
    await ensureVector(tx);
    await tx.execute(
      `create table if not exists schema_migration (
         name text primary key,
         checksum text not null,
         applied_at timestamptz not null default now()
       )`,
    );
    const ledger = await tx.query('select name, checksum from schema_migration', [], ledgerRow);
    assertLedgerFits(ledger, migrations);
    const done = new Set(ledger.map(({ name }) => name));
    const pending = migrations.filter(({ name }) => !done.has(name));
    for (const migration of pending) await applyMigration(tx, migration);
    return pending.map(({ name }) => name);
  });
}
