/**
 * Failures that a caller is meant to see. A code is stable: clients and scripts switch on it, never on the
 * message. Transports translate codes to HTTP statuses and close codes by a table of their own.
 */
export const errorCodes = [
  'invalid-request',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'too-large',
  'unsupported-type',
  'rate-limited',
  'budget-exhausted',
  'origin-refused',
  'protocol-mismatch',
  'fetch-refused',
  'fetch-failed',
  'extract-failed',
  'model-unavailable',
  'embedding-invalid',
  'unavailable',
  'start-failed',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface AppErrorOptions {
  /** What the reader can do about it, one sentence. */
  fix?: string;
  /** Machine-readable particulars; never personal data or message text. */
  details?: Readonly<Record<string, unknown>>;
  retryAfterMs?: number;
  cause?: unknown;
}

/** An expected failure with a stable code; `message` may be shown to the caller. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fix: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.fix = options.fix;
    this.details = options.details ?? {};
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The message of anything thrown, for logs and ledgers; never for a client unless it is an AppError. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The SQLSTATE (five characters, such as `23505` for a unique violation) of a refused statement, or null. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  const { code } = error;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}
