import { PassThrough, type Readable } from 'node:stream';
import busboy from 'busboy';
import { AppError } from '../../errors.ts';
import type { RequestContext } from './route.ts';

/** One file of a multipart body; read `content` to its end before asking for the next. */
export interface MultipartFile {
  name: string;
  mediaType: string | null;
  content: AsyncIterable<Uint8Array>;
}

const limits = { files: 5001, fields: 20, fieldSize: 1000, parts: 5100, headerPairs: 50 };

function malformed(cause: unknown): AppError {
  return new AppError('invalid-request', 'The upload is not well-formed multipart/form-data, or broke off.', {
    fix: 'Send it again, with the boundary that the Content-Type names.',
    cause,
  });
}

/** The bytes of one file; whatever breaks them off is said in our words. */
async function* readContent(content: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of content) {
      const bytes: unknown = chunk;
      if (bytes instanceof Uint8Array) yield bytes;
    }
  } catch (error) {
    throw error instanceof AppError ? error : malformed(error);
  }
}

function createParser(headers: RequestContext['headers']): busboy.Busboy {
  try {
    const contentType = String(headers['content-type']);
    return busboy({
      headers: { 'content-type': contentType },
      limits,
      preservePath: true,
      defParamCharset: 'utf8',
    });
  } catch (error) {
    throw malformed(error);
  }
}

/**
 * Reads files of a multipart body one after the other, as they arrive: the sender waits while a file is being
 * stored, so that memory stays small. Fields that are no files are ignored.
 * @throws AppError `invalid-request` when the body is malformed or breaks off.
 */
export async function* readMultipart(
  headers: RequestContext['headers'],
  body: Readable,
): AsyncGenerator<MultipartFile> {
  const parser = createParser(headers);
  const arrivals = new PassThrough({ objectMode: true, highWaterMark: 1 });
  const fail = (error: unknown): void => {
    const shown = malformed(error);
    arrivals.destroy(shown);
    // the file that is being read ends with the same error
    parser.destroy(shown);
  };
  parser.on('file', (_field, content, { filename, mimeType }: Partial<busboy.FileInfo>) => {
    content.on('error', fail);
    if (filename === undefined || filename === '') content.resume();
    else arrivals.write({ name: filename, mediaType: mimeType ?? null, content: readContent(content) });
  });
  parser.on('error', fail);
  parser.on('finish', () => arrivals.end());
  body.on('error', fail);
  body.on('close', () => {
    if (!body.readableEnded) fail(new Error('the sender went away'));
  });
  body.pipe(parser);
  // who went away before anybody listened is heard of by no event
  if (body.destroyed) fail(new Error('the sender went away'));
  try {
    for await (const file of arrivals) yield file;
  } finally {
    body.unpipe(parser);
    parser.destroy();
  }
}
