import type { Request } from 'express';
import { AppError } from '../../errors.ts';

/** JSON bodies are small; whatever is large is streamed. */
export const defaultMaxBodyBytes = 256 * 1024;

/** The media type without its parameters, lower-case; empty when there is none. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** @throws AppError `too-large` as soon as more than `maxBytes` have come. */
async function readAll(request: Request, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    length += bytes.length;
    if (length > maxBytes) {
      throw new AppError('too-large', `The body is larger than ${maxBytes} bytes.`, {
        fix: 'Send less at once.',
      });
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** Refuses encodings that we do not read, so that nobody's gzip is taken for text. */
export function refuseEncodedBody(request: Request): void {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return;
  throw new AppError('unsupported-type', `Bodies with Content-Encoding "${encoding}" are not read.`, {
    fix: 'Send the body uncompressed.',
  });
}

/** Escapes of characters that PostgreSQL cannot store: NUL, and halves of surrogate pairs. */
const unstorableEscape = /\\u(?:0000|d[89a-f])/i;

function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value;
}

/** JSON whose strings can all be stored: NUL is left out, half a surrogate pair becomes U+FFFD. */
function parseJson(text: string): unknown {
  // the reviver is slow, and hardly ever called for
  return unstorableEscape.test(text) ? JSON.parse(text, storable) : JSON.parse(text);
}

/** Reads a whole JSON body. @throws AppError `too-large`, `invalid-request`. */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) {
    throw new AppError('too-large', `The body is larger than ${maxBytes} bytes.`, {
      fix: 'Send less at once.',
    });
  }
  const bytes = await readAll(request, maxBytes);
  try {
    // fatal: a body that is not UTF-8 is an error, not a text with replacement characters
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new AppError('invalid-request', 'The body is not valid JSON in UTF-8.', {
      fix: 'Send one JSON value with Content-Type: application/json.',
      cause: error,
    });
  }
}
