import { createHash } from 'node:crypto';
import { SqlError } from './sql-error.ts';

/** The name under which a connection keeps a statement: the same for the same text. */
export function statementName(sql: string): string {
  return `deskbell_${createHash('sha1').update(sql).digest('hex')}`;
}

/**
 * What the server says of a statement that it was to have kept: its result has other columns since a migration;
 * it is not there (after DISCARD, or behind a pooler); another client of the pooler has one of that name.
 */
const staleStates = new Set(['0A000', '26000', '42P05']);

/** Whether a prepared statement failed for being prepared, and nothing was run. */
export function isStalePlan(error: unknown): boolean {
  return error instanceof SqlError && staleStates.has(error.code);
}
