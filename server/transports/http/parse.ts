import type { z } from 'zod';
import { AppError } from '../../errors.ts';

/** One fault of a request, as problem details list it. */
export interface FieldError {
  /** Dotted, from the part of the request on: `body.settings.greeting`. */
  path: string;
  message: string;
}

const maxListed = 20;

/** The faults that zod found, at most 20. */
export function fieldErrors(error: z.ZodError, part: string): FieldError[] {
  return error.issues.slice(0, maxListed).map((issue) => ({
    path: [part, ...issue.path.map(String)].join('.'),
    message: issue.message,
  }));
}

/** Parses a part of a request. @throws AppError `invalid-request` listing every fault. */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  part: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(parsed.error, part);
  const named = errors.map((error) => `${error.path}: ${error.message}`).join(' ');
  throw new AppError('invalid-request', `The request is not as expected. ${named}`, {
    fix: 'Correct the fields named in errors. /api/v1/openapi.json describes every request.',
    details: { errors },
  });
}

/** Refuses addresses with NUL in them, which no database can look for. @throws AppError `invalid-request`. */
export function refuseNul(values: Readonly<Record<string, unknown>>): void {
  if (!Object.values(values).some((value) => String(value).includes('\0'))) return;
  throw new AppError('invalid-request', 'The address has a NUL character in it.', { fix: 'Leave it out.' });
}
