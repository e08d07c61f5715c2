import { z } from 'zod';
import { AppError, errorCodes } from '../errors.ts';
import { problemSchema, type Problem } from '../protocol/http.ts';

/** Where a server is and the key that lets us in. */
export interface Endpoint {
  url: string;
  key: string;
}

export interface ServerEventText {
  event: string;
  data: unknown;
}

/** The HTTP API, as the commands use it. Paths begin after `/api/v1`. */
export interface Api {
  readonly endpoint: Endpoint;
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>>;
  send<Schema extends z.ZodType>(
    method: 'POST' | 'PATCH',
    path: string,
    body: unknown,
    schema: Schema,
  ): Promise<z.output<Schema>>;
  remove(path: string): Promise<void>;
  /** Sends a body that is made while it is sent. */
  stream<Schema extends z.ZodType>(
    path: string,
    contentType: string,
    body: AsyncIterable<string>,
    schema: Schema,
  ): Promise<z.output<Schema>>;
  /** Sends files as `multipart/form-data`. */
  upload<Schema extends z.ZodType>(path: string, form: FormData, schema: Schema): Promise<z.output<Schema>>;
  /** Server-sent events of a POST, as they come. */
  events(path: string, body: unknown): AsyncGenerator<ServerEventText>;
}

const knownCode = z.enum(errorCodes).catch('internal');

/** The server's problem as the error it was. */
function toError(problem: Problem): AppError {
  return new AppError(
    knownCode.parse(problem.code),
    problem.detail,
    problem.fix === undefined ? {} : { fix: problem.fix },
  );
}

async function failure(response: Response): Promise<AppError> {
  const text = await response.text();
  try {
    return toError(problemSchema.parse(JSON.parse(text)));
  } catch {
    return new AppError('unavailable', `The server answered ${response.status} without saying why.`, {
      fix: 'Is DESKBELL_URL the address of a Deskbell server?',
    });
  }
}

/** Splits a body into events at empty lines; comments are dropped. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEventText> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of body) {
    pending += decoder.decode(chunk, { stream: true });
    const blocks = pending.split('\n\n');
    pending = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) =>
        block
          .split('\n')
          .filter((line) => line.startsWith(`${name}: `))
          .map((line) => line.slice(name.length + 2))
          .join('\n');
      const event = field('event');
      if (event !== '') yield { event, data: JSON.parse(field('data')) };
    }
  }
}

function toStream(body: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const parts = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const next = await parts.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
  });
}

/** Talks to a server. @throws AppError with the server's code, words and cure. */
export function createApi(endpoint: Endpoint): Api {
  const call = async (path: string, init: RequestInit & { duplex?: 'half' }): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${endpoint.key}`);
    let response: Response;
    try {
      response = await fetch(`${endpoint.url}/api/v1${path}`, { ...init, headers });
    } catch (error) {
      throw new AppError('unavailable', `No server answers at ${endpoint.url}.`, {
        fix: 'Start it with npm start, or correct DESKBELL_URL.',
        cause: error,
      });
    }
    if (!response.ok) throw await failure(response);
    return response;
  };
  const json = (body: unknown): RequestInit => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

  return {
    endpoint,
    async get(path, schema) {
      return schema.parse(await (await call(path, {})).json());
    },
    async send(method, path, body, schema) {
      return schema.parse(await (await call(path, { method, ...json(body) })).json());
    },
    async remove(path) {
      await call(path, { method: 'DELETE' });
    },
    async stream(path, contentType, body, schema) {
      const headers = { 'content-type': contentType };
      const init = {
        method: 'POST',
        headers,
        body: toStream(body),
        duplex: 'half' as const,
      };
      return schema.parse(await (await call(path, init)).json());
    },
    async upload(path, form, schema) {
      return schema.parse(await (await call(path, { method: 'POST', body: form })).json());
    },
    async *events(path, body) {
      const init = json(body);
      const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
      const response = await call(path, { ...init, method: 'POST', headers });
      if (response.body === null) return;
      for await (const event of readEvents(response.body)) {
        if (event.event === 'error') throw toError(problemSchema.parse(event.data));
        yield event;
      }
    },
  };
}
