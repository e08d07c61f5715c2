import { PassThrough, type Readable } from 'node:stream';
import busboy from 'busboy';
import { AppError } from '../../errors.ts';
import type { RequestContext } from './route.ts';

/** One file of a multipart body; read `content` to its end before asking for the next. */
export interface MultipartFile {
  name: string;
  mediaType: string | null;
  content: Readable;
}

const limits = { files: 5001, fields: 20, fieldSize: 1000, parts: 5100, headerPairs: 50 };

function malformed(cause: unknown): AppError {
  return new AppError('invalid-request', 'The upload is not well-formed multipart/form-data, or broke off.', {
    fix: 'Send it again, with the boundary that the Content-Type names.',
    cause,
  });
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
  let parser: busboy.Busboy;
  try {
    parser = busboy({
      headers: { 'content-type': String(headers['content-type']) },
      limits,
      preservePath: true,
      defParamCharset: 'utf8',
    });
  } catch (error) {
    throw malformed(error);
  }
  const arrivals = new PassThrough({ objectMode: true, highWaterMark: 1 });
  const fail = (error: unknown): void => {
    arrivals.destroy(malformed(error));
  };
  parser.on('file', (_field, content, { filename, mimeType }) => {
    // an error of the file is one of the whole body, which is reported there
    content.on('error', fail);
    const file: MultipartFile = { name: filename ?? '', mediaType: mimeType ?? null, content };
    if (filename === undefined) content.resume();
    else arrivals.write(file);
  });
  parser.on('error', fail);
  parser.on('close', () => arrivals.end());
  body.on('error', fail);
  body.on('aborted', () => fail(new Error('the sender went away')));
  body.pipe(parser);
  try {
    for await (const file of arrivals) yield file;
  } finally {
    body.unpipe(parser);
    parser.destroy();
  }
}
