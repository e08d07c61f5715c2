import { AppError, errorMessage, sqlState } from '../../errors.ts';

const embeddedInstead = 'or unset it to use the embedded database';

/** Innermost cause: "connect ECONNREFUSED ..." says more than what it was wrapped in. */
function rootCause(error: unknown): unknown {
  let current = error;
  while (current instanceof Error && current.cause !== undefined) current = current.cause;
  return current instanceof AggregateError ? (current.errors[0] ?? current) : current;
}

/**
 * What the first contact with the database failed of, in words for the owner. Errors that say so already, and
 * those that are not about the connection, are given back as they are.
 */
export function explainStartFailure(error: unknown): unknown {
  const cause = rootCause(error);
  const reason = errorMessage(cause) || 'no reason given';
  switch (sqlState(cause)) {
    case '28P01':
    case '28000':
      return new AppError('start-failed', `The database refused the login: ${reason}`, {
        fix: 'Check user and password in DATABASE_URL.',
        cause: error,
      });
    case '3D000':
      return new AppError('start-failed', `The database server has no such database: ${reason}`, {
        fix: `Create it, or correct the name in DATABASE_URL, ${embeddedInstead}.`,
        cause: error,
      });
    case '42501':
      return new AppError('start-failed', `The database user lacks a right: ${reason}`, {
        fix: 'Let the user of DATABASE_URL create tables and schemas in this database.',
        cause: error,
      });
    default:
  }
  if (!(error instanceof AppError) || error.code !== 'unavailable') return error;
  return new AppError('start-failed', `The database cannot be reached: ${reason}`, {
    fix: `Check that it runs and that DATABASE_URL is right, ${embeddedInstead}.`,
    cause: error,
  });
}
