import { z } from 'zod';
import type { AppError, ErrorCode } from '../../errors.ts';
import type { Problem } from '../../protocol/http.ts';

/** What each code means in HTTP. */
export const statusOfCode: Readonly<Record<ErrorCode, number>> = {
  'invalid-request': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'unsupported-type': 415,
  'rate-limited': 429,
  'budget-exhausted': 429,
  'origin-refused': 403,
  'protocol-mismatch': 400,
  'fetch-refused': 422,
  'fetch-failed': 422,
  'extract-failed': 422,
  'model-unavailable': 503,
  'embedding-invalid': 502,
  unavailable: 503,
  'start-failed': 500,
  internal: 500,
};

const titles: Readonly<Record<ErrorCode, string>> = {
  'invalid-request': 'The request is not valid',
  unauthenticated: 'Not signed in',
  forbidden: 'Not allowed',
  'not-found': 'Not found',
  conflict: 'In conflict with what is there',
  'too-large': 'Too large',
  'unsupported-type': 'Unsupported type',
  'rate-limited': 'Too many requests',
  'budget-exhausted': 'The budget is used up',
  'origin-refused': 'Origin refused',
  'protocol-mismatch': 'Protocol mismatch',
  'fetch-refused': 'Address refused',
  'fetch-failed': 'The page could not be fetched',
  'extract-failed': 'The text could not be read',
  'model-unavailable': 'The model is not available',
  'embedding-invalid': 'The embedding is not valid',
  unavailable: 'Not available at the moment',
  'start-failed': 'Could not start',
  internal: 'Unexpected error',
};

const detailedErrors = z.object({
  errors: z.array(z.object({ path: z.string(), message: z.string() })),
});

/** RFC 9457 problem details of an expected error. */
export function problemOf(error: AppError): Problem {
  const listed = detailedErrors.safeParse(error.details);
  return {
    type: `/docs/api#${error.code}`,
    title: titles[error.code],
    status: statusOfCode[error.code],
    code: error.code,
    detail: error.message,
    ...(error.fix === undefined ? {} : { fix: error.fix }),
    ...(listed.success ? { errors: listed.data.errors } : {}),
  };
}

/** Problem details of anything else: an id that names the log line, and nothing of the error itself. */
export function unexpectedProblem(errorId: string): Problem {
  return {
    type: '/docs/api#internal',
    title: titles.internal,
    status: 500,
    code: 'internal',
    detail: 'Something went wrong on our side.',
    fix: `Try again. If it stays, look for ${errorId} in the server's log.`,
    errorId,
  };
}
