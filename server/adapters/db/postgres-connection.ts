import pg from 'pg';
import { AppError } from '../../errors.ts';
import { isUnavailableState, SqlError, unavailable } from './sql-error.ts';
import { numericTypeIds, textTypeIds } from './sql-text.ts';

export interface PostgresTimeouts {
  /** How long a connection may take, and how long a caller waits for a free one. */
  connectMs: number;
  /** How long a statement may run; the client gives up 1 s later, so a silent server is noticed too. */
  statementMs: number;
  lockMs: number;
}

/** Connecting stays below the 2 s that the send path allows (reliability map, rule 29). */
export const defaultPostgresTimeouts: PostgresTimeouts = {
  connectMs: 2000,
  statementMs: 30_000,
  lockMs: 5000,
};

const int8ArrayTypeId = 1016;
const numericArrayTypeId = 1231;
const numericTypes = new Set<number>(numericTypeIds);
const textTypes = new Set<number>(textTypeIds);
const textArrayTypeId: number = 1009;
const textArray = pg.types.getTypeParser(textArrayTypeId);

function toNumbers(text: string): (number | null)[] {
  const parsed: unknown = textArray(text);
  return Array.isArray(parsed) ? parsed.map((each) => (each === null ? null : Number(each))) : [];
}

const types = {
  getTypeParser(typeId: number, format?: 'text' | 'binary') {
    if (format !== 'binary') {
      if (numericTypes.has(typeId)) return Number;
      if (textTypes.has(typeId)) return String;
      if (typeId === int8ArrayTypeId || typeId === numericArrayTypeId) return toNumbers;
    }
    return format === 'binary'
      ? pg.types.getTypeParser(typeId, 'binary')
      : pg.types.getTypeParser(typeId, 'text');
  },
};

/** Settings of every connection: types as the port promises, time limits, keep-alive, UTC. */
export function connectionConfig(url: string, timeouts: PostgresTimeouts): pg.PoolConfig {
  return {
    connectionString: url,
    application_name: 'deskbell',
    connectionTimeoutMillis: timeouts.connectMs,
    statement_timeout: timeouts.statementMs,
    query_timeout: timeouts.statementMs + 1000,
    lock_timeout: timeouts.lockMs,
    idle_in_transaction_session_timeout: timeouts.statementMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types,
  };
}

/** What `pg` throws, as `SqlError` (the server refused the statement) or AppError `unavailable` (no server). */
export function translatePgError(error: unknown): unknown {
  if (error instanceof AppError || error instanceof SqlError) return error;
  if (error instanceof pg.DatabaseError && error.code !== undefined) {
    if (isUnavailableState(error.code)) return unavailable(error);
    const { message, code, detail, constraint } = error;
    return new SqlError({ message, code, detail: detail ?? null, constraint: constraint ?? null }, error);
  }
  // Everything else that `pg` throws comes from the connection: refused, reset, timed out, ended.
  return error instanceof Error && isConnectionError(error) ? unavailable(error) : error;
}

function isConnectionError(error: Error): boolean {
  if ('syscall' in error || 'errno' in error || error instanceof AggregateError) return true;
  return /connection|timeout|terminated|client was closed|not queryable|after calling end/i.test(
    error.message,
  );
}
