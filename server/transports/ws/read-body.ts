import { AppError } from '../../errors.ts';

/** A request whose body comes in chunks, and that can be given up. */
export interface BodySource extends AsyncIterable<Uint8Array> {
  destroy(error?: Error): unknown;
}

/** Frames are small: whoever takes longer for some is not on a slow line, but holds one. */
const defaultTimeoutMs = 10_000;

/**
 * The body as text.
 * @throws AppError `too-large` as soon as it is longer than `maxBytes`, `invalid-request` when it takes too long;
 * the connection is cut then.
 */
export async function readBody(
  source: BodySource,
  maxBytes: number,
  timeoutMs = defaultTimeoutMs,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const timer = setTimeout(() => {
    source.destroy(new AppError('invalid-request', 'The request took too long.'));
  }, timeoutMs);
  try {
    for await (const chunk of source) {
      length += chunk.byteLength;
      if (length > maxBytes) throw new AppError('too-large', 'That is too much at once.');
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
