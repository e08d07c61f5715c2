import { AsyncLocalStorage } from 'node:async_hooks';
import type { z } from 'zod';
import type { Database, Queryable, SqlValue, Transaction } from '../../ports.ts';
import { type Channels, createChannels } from './channels.ts';
import { createMutex } from './mutex.ts';
import { ensurePgliteFolder } from './pglite-folder.ts';
import type { PgliteResult } from './pglite-messages.ts';
import { assertCommitted, unavailable } from './sql-error.ts';
import { type PgliteThread, startPgliteThread } from './pglite-thread.ts';
import { quoteIdentifier, toSqlText } from './sql-text.ts';
import { createTransactionGuard, type TransactionGuard } from './transaction-guard.ts';

export interface PgliteOptions {
  /** Folder of the database, or null for one in memory. One process at a time (see run-lock.ts). */
  dataDir: string | null;
  /** A dumped data folder to begin from (tests). */
  archive?: ArrayBuffer | null;
  /** How long one statement may run. It cannot be cancelled here: the database is opened anew instead. */
  statementMs?: number;
}

const defaultStatementMs = 120_000;
/** A transaction that gave way this often goes on to its end, so that it gets there. */
const mostGivenWay = 3;

/** A transaction in the background was rolled back for somebody in a hurry; it is to be done again. */
class GaveWay extends Error {}

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

/** Runs `work` between BEGIN and COMMIT; `mayGoOn` is asked before each of its statements, and false rolls back. */
async function inTransaction<Result>(
  thread: PgliteThread,
  guard: TransactionGuard,
  work: (tx: Transaction) => Promise<Result>,
  mayGoOn: () => boolean = () => true,
): Promise<Result> {
  let isBrokenOff = false;
  const run = (sql: string, parameters: readonly SqlValue[]): Promise<PgliteResult> => {
    isBrokenOff ||= !mayGoOn();
    return isBrokenOff ? Promise.reject(new GaveWay()) : runOn(thread)(sql, parameters);
  };
  await thread.script('begin');
  try {
    const tx: Transaction = { isTransaction: true, ...createQueryable(run) };
    const result = await guard.run(() => work(tx));
    // Whoever swallowed the error has written a part only.
    if (isBrokenOff) throw new GaveWay();
    assertCommitted((await thread.script('commit')).command);
    return result;
  } catch (error) {
    await thread.script('rollback').catch(() => {});
    throw isBrokenOff ? new GaveWay() : error;
  }
}

/** Does a transaction again whenever somebody in a hurry came in between. */
async function givingWay<Result>(
  attempt: (mayGoOn: () => boolean) => Promise<Result>,
  isAwaited: () => boolean,
): Promise<Result> {
  for (let givenWay = 0; ; givenWay += 1) {
    const isLastTry = givenWay === mostGivenWay;
    try {
      return await attempt(() => isLastTry || !isAwaited());
    } catch (error) {
      if (!(error instanceof GaveWay)) throw error;
    }
  }
}

/** Channels that were listened to before a thread ended are listened to on the next one, too. */
function createThreadKeeper(options: PgliteOptions, channels: Channels) {
  const { dataDir, archive = null, statementMs = defaultStatementMs } = options;
  let thread: PgliteThread | null = null;

  async function open(isFirst: boolean): Promise<PgliteThread> {
    if (dataDir !== null && isFirst) await ensurePgliteFolder(dataDir, statementMs);
    const opened = await startPgliteThread({ dataDir, archive: isFirst ? archive : null, statementMs });
    opened.onNotification(channels.deliver);
    for (const channel of channels.names()) await opened.script(`listen ${quoteIdentifier(channel)}`);
    return opened;
  }

  return {
    /** The living thread; `isNew` when it is not the one of the last call. What was only in memory cannot come back. */
    async get(): Promise<{ thread: PgliteThread; isNew: boolean }> {
      if (thread !== null && (thread.isAlive() || dataDir === null)) return { thread, isNew: false };
      thread = await open(thread === null);
      return { thread, isNew: true };
    },
    close: async () => thread?.close(),
  };
}

/**
 * Opens PGlite with pgvector in a worker thread. Statements queue behind one lock, a transaction holds it from
 * BEGIN to COMMIT, so calling the database inside its own transaction throws instead of waiting for ever. When
 * the thread dies, its statements fail with `unavailable` and the next one opens the folder anew.
 * @throws AppError `start-failed` when the folder cannot be opened.
 */
export async function createPgliteDatabase(options: PgliteOptions): Promise<PgliteDatabase> {
  const channels = createChannels();
  const keeper = createThreadKeeper(options, channels);
  const mutex = createMutex();
  const guard = createTransactionGuard();
  const background = new AsyncLocalStorage<true>();
  let closing: Promise<void> | null = null;
  let searchPath = ownSchema;
  await keeper.get();

  /** One session serves everybody, so whoever needs another search path sets it, and only then. */
  async function useThread(schema: string): Promise<PgliteThread> {
    if (closing !== null) throw unavailable(new Error('The database is closed.'));
    const { thread, isNew } = await keeper.get();
    if (isNew) searchPath = ownSchema;
    if (schema === searchPath) return thread;
    await thread.script(`set search_path to ${quoteIdentifier(schema)}`);
    searchPath = schema;
    return thread;
  }

  async function acquire(schema: string): Promise<PgliteSession & { thread: PgliteThread }> {
    guard.assertOutside();
    const release = await mutex.acquire(background.getStore() === true);
    try {
      const thread = await useThread(schema);
      return { thread, query: thread.query, script: thread.script, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  async function runAlone<Result>(work: (thread: PgliteThread) => Promise<Result>): Promise<Result> {
    const session = await acquire(ownSchema);
    try {
      return await work(session.thread);
    } finally {
      session.release();
    }
  }

  return {
    kind: 'pglite',
    ...createQueryable((sql, parameters) => runAlone((thread) => runOn(thread)(sql, parameters))),
    transaction(work, { isRepeatable = false } = {}) {
      const attempt = (mayGoOn?: () => boolean) =>
        runAlone((thread) => inTransaction(thread, guard, work, mayGoOn));
      const isPatient = isRepeatable && background.getStore() === true;
      return isPatient ? givingWay(attempt, mutex.isAwaited) : attempt();
    },
    inBackground: (work) => background.run(true, work),
    async listen(channel, handler) {
      const remove = channels.add(channel, handler);
      await runAlone((thread) => thread.script(`listen ${quoteIdentifier(channel)}`));
      return async () => {
        if (!remove() || closing !== null) return;
        await runAlone((thread) => thread.script(`unlisten ${quoteIdentifier(channel)}`));
      };
    },
    acquireSession: acquire,
    dump: () => runAlone((thread) => thread.dump()),
    close: () => (closing ??= mutex.run(keeper.close)),
  };
}
