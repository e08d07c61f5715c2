import { pipeline, type Duplex, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { AppError } from '../server/errors.ts';

function tooLarge(maxBytes: number): AppError {
  const megabytes = (maxBytes / 1_000_000).toFixed(1);
  return new AppError('too-large', `The page is larger than ${megabytes} MB.`, {
    fix: 'Split the page, or upload the part that matters.',
  });
}

function decoderFor(coding: string): Duplex | null {
  switch (coding) {
    case '':
    case 'identity':
      return null;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new AppError('fetch-failed', `The page is encoded as "${coding}", which was not asked for.`);
  }
}

function openDecoder(coding: string, body: Readable): Duplex | null {
  try {
    return decoderFor(coding);
  } catch (error) {
    discard(body);
    throw error;
  }
}

/** Throws away a body that nobody will read; the error that this makes undici emit says nothing new. */
export function discard(body: Readable): void {
  body.on('error', () => {});
  body.destroy();
}

/**
 * Reads a response's body, decoding its content codings, and gives up as soon as more than `maxBytes` decoded
 * bytes have come, however small they were on the wire.
 * @throws AppError `too-large`; `fetch-failed` for a coding that is not known; the stream's own error.
 */
export async function readDecoded(
  body: Readable,
  headers: Readonly<Record<string, string>>,
  maxBytes: number,
): Promise<Uint8Array> {
  const codings = (headers['content-encoding'] ?? '').toLowerCase().split(',');
  const declared = Number(headers['content-length'] ?? 0);
  if (declared > maxBytes) {
    discard(body);
    throw tooLarge(maxBytes);
  }
  if (codings.length > 2) {
    discard(body);
    throw new AppError('fetch-failed', 'The page is compressed more than twice.');
  }
  let stream: Readable = body;
  for (const coding of codings.toReversed()) {
    const decoder = openDecoder(coding.trim(), body);
    // Errors of either side surface where `stream` is read.
    if (decoder !== null) stream = pipeline(stream, decoder, () => {});
  }
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) continue;
    total += chunk.byteLength;
    if (total > maxBytes) {
      discard(stream);
      discard(body);
      throw tooLarge(maxBytes);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, total);
}
