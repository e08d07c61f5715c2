import { AppError } from '../../errors.ts';

/**
 * The body as text.
 * @throws AppError `too-large` as soon as it is longer than `maxBytes`.
 */
export async function readBody(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    length += chunk.byteLength;
    if (length > maxBytes) throw new AppError('too-large', 'That is too much at once.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
