import type { z } from 'zod';
import type { Database, Queryable, SqlValue, Transaction } from '../../ports.ts';
import { createChannels } from './channels.ts';
import { createMutex } from './mutex.ts';
import type { PgliteResult } from './pglite-messages.ts';
import { assertCommitted } from './sql-error.ts';
import { type PgliteThread, startPgliteThread } from './pglite-thread.ts';
import { quoteIdentifier, toSqlText } from './sql-text.ts';
import { createTransactionGuard, type TransactionGuard } from './transaction-guard.ts';

export interface PgliteOptions {
  /** Folder of the database, or null for one in memory. One process at a time (see run-lock.ts). */
  dataDir: string | null;
  /** A dumped data folder to begin from (tests). */
  archive?: ArrayBuffer | null;
}

/** The one session, held by one caller at a time; what BullMQ's pool-shaped wrapper works on. */
export interface PgliteSession {
  query(sql: string, parameters: (string | null)[]): Promise<PgliteResult>;
  script(sql: string): Promise<PgliteResult>;
  release(): void;
}

/** PGlite behind the `Database` port, and what only an embedded database can do. */
export interface PgliteDatabase extends Database {
  readonly kind: 'pglite';
  /** Waits for the session, with `schema` as its search path, and keeps everybody else out until `release`. */
  acquireSession(schema: string): Promise<PgliteSession>;
  /** The whole data folder as a tar, for `PgliteOptions.archive`. */
  dump(): Promise<ArrayBuffer>;
}

const ownSchema = 'public';

function createQueryable(
  run: (sql: string, parameters: readonly SqlValue[]) => Promise<PgliteResult>,
): Queryable {
  return {
    async query<Row extends z.ZodType>(sql: string, parameters: readonly SqlValue[], row: Row) {
      const { rows } = await run(sql, parameters);
      return rows.map((each) => row.parse(each));
    },
    async execute(sql, parameters = []) {
      return (await run(sql, parameters)).rowCount;
    },
  };
}

/** Without parameters the simple protocol is used, which takes several statements, as in migrations. */
function runOn(thread: Pick<PgliteThread, 'query' | 'script'>) {
  return (sql: string, parameters: readonly SqlValue[]): Promise<PgliteResult> =>
    parameters.length === 0 ? thread.script(sql) : thread.query(sql, parameters.map(toSqlText));
}

async function inTransaction<Result>(
  thread: PgliteThread,
  guard: TransactionGuard,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  await thread.script('begin');
  try {
    const tx: Transaction = { isTransaction: true, ...createQueryable(runOn(thread)) };
    const result = await guard.run(() => work(tx));
    assertCommitted((await thread.script('commit')).command);
    return result;
  } catch (error) {
    await thread.script('rollback').catch(() => {});
    throw error;
  }
}

/**
 * Opens PGlite with pgvector in a worker thread. Statements queue behind one lock, a transaction holds it from
 * BEGIN to COMMIT, so calling the database inside its own transaction throws instead of waiting for ever.
 * @throws AppError `start-failed` when the folder cannot be opened.
 */
export async function createPgliteDatabase(options: PgliteOptions): Promise<PgliteDatabase> {
  const thread = await startPgliteThread({ dataDir: options.dataDir, archive: options.archive ?? null });
  const mutex = createMutex();
  const guard = createTransactionGuard();
  let closing: Promise<void> | null = null;
  let searchPath = ownSchema;

  /** One session serves everybody, so whoever needs another search path sets it, and only then. */
  async function useSearchPath(schema: string): Promise<void> {
    if (schema === searchPath) return;
    await thread.script(`set search_path to ${quoteIdentifier(schema)}`);
    searchPath = schema;
  }

  async function acquire(schema: string): Promise<PgliteSession> {
    guard.assertOutside();
    const release = await mutex.acquire();
    try {
      await useSearchPath(schema);
    } catch (error) {
      release();
      throw error;
    }
    return { query: thread.query, script: thread.script, release };
  }

  async function runAlone<Result>(work: () => Promise<Result>): Promise<Result> {
    const session = await acquire(ownSchema);
    try {
      return await work();
    } finally {
      session.release();
    }
  }
  const channels = createChannels();
  thread.onNotification(channels.deliver);
  const run = runOn(thread);

  return {
    kind: 'pglite',
    ...createQueryable((sql, parameters) => runAlone(() => run(sql, parameters))),
    transaction: (work) => runAlone(() => inTransaction(thread, guard, work)),
    async listen(channel, handler) {
      const remove = channels.add(channel, handler);
      await runAlone(() => thread.script(`listen ${quoteIdentifier(channel)}`));
      return async () => {
        if (!remove() || closing !== null) return;
        await runAlone(() => thread.script(`unlisten ${quoteIdentifier(channel)}`));
      };
    },
    acquireSession: acquire,
    dump: () => runAlone(() => thread.dump()),
    close() {
      closing ??= mutex.run(() => thread.close());
      return closing;
    },
  };
}
