import { AppError } from '../../errors.ts';

export interface SqlFailure {
  message: string;
  /** SQLSTATE, five characters. */
  code: string;
  detail: string | null;
  constraint: string | null;
}

/** A statement that the database refused; `code` is the SQLSTATE (`sqlState` in errors.ts reads it). */
export class SqlError extends Error {
  readonly code: string;
  readonly detail: string | null;
  readonly constraint: string | null;

  constructor(failure: SqlFailure, cause?: unknown) {
    super(failure.message, cause === undefined ? undefined : { cause });
    this.name = 'SqlError';
    this.code = failure.code;
    this.detail = failure.detail;
    this.constraint = failure.constraint;
  }
}

/**
 * SQLSTATEs that mean "not now" rather than "not so": connection failures (08), too many connections (53),
 * shutdown and start-up (57P0x), statement time-out (57014), lock not available (55P03).
 * Source: PostgreSQL manual, appendix A.
 */
export function isUnavailableState(code: string): boolean {
  return code.startsWith('08') || code.startsWith('53') || code.startsWith('57') || code === '55P03';
}

/** The AppError for a database that cannot be reached or cannot serve now. */
export function unavailable(cause: unknown): AppError {
  return new AppError('unavailable', 'The database is not available at the moment.', {
    fix: 'Try again in a few seconds.',
    retryAfterMs: 2000,
    cause,
  });
}

/**
 * COMMIT of a transaction in which a statement was refused rolls back without an error; `command` is the tag
 * that it answered with.
 * @throws when it was not a commit.
 */
export function assertCommitted(command: string): void {
  if (command === 'COMMIT') return;
  throw new Error('The transaction was rolled back: one of its statements had been refused.');
}
