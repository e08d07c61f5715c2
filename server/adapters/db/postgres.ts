import pg from 'pg';
import type { z } from 'zod';
import type {
  Database,
  Logger,
  Queryable,
  QueryOptions,
  SqlValue,
  StatementOptions,
  Transaction,
} from '../../ports.ts';
import {
  connectionConfig,
  defaultPostgresTimeouts,
  type PostgresTimeouts,
  translatePgError,
} from './postgres-connection.ts';
import { createPostgresListener } from './postgres-listener.ts';
import { assertCommitted } from './sql-error.ts';
import { isStalePlan, statementName } from './prepared.ts';
import { toSqlText } from './sql-text.ts';
import { createTransactionGuard } from './transaction-guard.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/name`. */
  url: string;
  logger: Logger;
  /** Connections at most, besides one for LISTEN. */
  poolSize?: number;
  timeouts?: Partial<PostgresTimeouts>;
}

interface Runner {
  query(statement: pg.QueryConfig & { query_timeout?: number }): Promise<pg.QueryResult | pg.QueryResult[]>;
}

/** Without parameters `pg` uses the simple protocol, which takes several statements and gives several results. */
async function runOn(
  runner: Runner,
  sql: string,
  parameters: readonly SqlValue[],
  { timeoutMs }: StatementOptions = {},
  name: string | null = null,
) {
  try {
    const given = await runner.query({
      text: sql,
      ...(parameters.length === 0 ? {} : { values: parameters.map(toSqlText) }),
      ...(timeoutMs === undefined ? {} : { query_timeout: timeoutMs }),
      ...(name === null ? {} : { name }),
    });
    return Array.isArray(given) ? given.at(-1) : given;
  } catch (error) {
    throw translatePgError(error);
  }
}

/**
 * Runs a statement that its connection keeps parsed and planned; anew from its text where the connection lost it or
 * a migration changed what it gives.
 */
async function runPrepared(runner: Runner, sql: string, parameters: readonly SqlValue[]) {
  try {
    return await runOn(runner, sql, parameters, {}, statementName(sql));
  } catch (error) {
    if (!isStalePlan(error)) throw error;
    return runOn(runner, sql, parameters);
  }
}

/** @param mayPrepare false in a transaction, which a stale plan would end */
function createQueryable(runner: Runner, check: () => void, mayPrepare: boolean): Queryable {
  return {
    async query<Row extends z.ZodType>(
      sql: string,
      parameters: readonly SqlValue[],
      row: Row,
      { isPrepared = false }: QueryOptions = {},
    ) {
      check();
      const run = isPrepared && mayPrepare ? runPrepared : runOn;
      const result = await run(runner, sql, parameters);
      const rows: unknown[] = result?.rows ?? [];
      return rows.map((each) => row.parse(each));
    },
    async execute(sql, parameters = [], options = {}) {
      check();
      return (await runOn(runner, sql, parameters, options))?.rowCount ?? 0;
    },
  };
}

async function checkOut(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw translatePgError(error);
  }
}

/**
 * Runs `body` between BEGIN and COMMIT on one connection. A connection whose ROLLBACK fails, or that broke
 * meanwhile, is thrown away.
 */
async function withTransaction<Result>(pool: pg.Pool, body: (client: pg.PoolClient) => Promise<Result>) {
  const client = await checkOut(pool);
  let broken: Error | undefined;
  const remember = (error: Error) => (broken = error);
  client.on('error', remember);
  try {
    await runOn(client, 'begin', []);
    const result = await body(client);
    assertCommitted((await runOn(client, 'commit', []))?.command ?? '');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => (broken ??= failure));
    throw error;
  } finally {
    client.off('error', remember);
    client.release(broken);
  }
}

/**
 * PostgreSQL behind the `Database` port. Opens no connection until the first statement; errors of idle and of
 * checked-out connections are logged, never thrown into the process.
 */
export function createPostgresDatabase(options: PostgresOptions): Database {
  const { logger } = options;
  const config = connectionConfig(options.url, { ...defaultPostgresTimeouts, ...options.timeouts });
  const pool = new pg.Pool({ ...config, max: options.poolSize ?? 10, idleTimeoutMillis: 30_000 });
  pool.on('error', (error) => logger.warn('database-connection-lost', { reason: error.message }));
  const guard = createTransactionGuard();
  const listener = createPostgresListener(config, logger);
  let closing: Promise<void> | null = null;

  return {
    kind: 'postgres',
    ...createQueryable(pool, guard.assertOutside, true),
    async transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
      guard.assertOutside();
      return withTransaction(pool, (client) =>
        guard.run(() => work({ isTransaction: true, ...createQueryable(client, () => {}, false) })),
      );
    },
    // Sessions of its own are enough: the server shares itself out.
    inBackground: (work) => work(),
    async listen(channel, handler) {
      guard.assertOutside();
      try {
        return await listener.listen(channel, handler);
      } catch (error) {
        throw translatePgError(error);
      }
    },
    close() {
      closing ??= listener.close().then(() => pool.end());
      return closing;
    },
  };
}
