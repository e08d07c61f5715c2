import { z } from 'zod';
import { problemSchema } from '../server/protocol/http.ts';
import { readEventStream, type ServerSentEvent } from './lib/event-stream.ts';

const root = '/api/v1';
const header = { 'x-deskbell-console': '1' };

/** A request that did not work: `message` says what happened, `fix` what to do. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fix: string | null;
  /** Messages by field path, from validation. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(given: {
    code: string;
    status: number;
    message: string;
    fix?: string | null | undefined;
    fields?: Readonly<Record<string, string>>;
  }) {
    super(given.message);
    this.name = 'ApiError';
    this.code = given.code;
    this.status = given.status;
    this.fix = given.fix ?? null;
    this.fields = given.fields ?? {};
  }
}

/** Any failure in words for a person. */
export const describeError = (error: unknown): { message: string; fix: string | null } =>
  error instanceof ApiError
    ? { message: error.message, fix: error.fix }
    : { message: 'Something went wrong in this page.', fix: 'Reload the page and try again.' };

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const toError = async (response: Response): Promise<ApiError> => {
  const problem = problemSchema.safeParse(parseJson(await response.text()));
  if (!problem.success) {
    return new ApiError({
      code: 'unreadable',
      status: response.status,
      message: `The server answered with status ${response.status}.`,
      fix: 'Try again. If it stays, look into the server log.',
    });
  }
  const { code, status, title, detail, fix, errors, errorId } = problem.data;
  return new ApiError({
    code,
    status,
    message: detail === '' ? title : detail,
    fix: fix ?? (errorId === undefined ? null : `The server log names it as ${errorId}.`),
    fields: Object.fromEntries((errors ?? []).map((error) => [error.path, error.message])),
  });
};

/** What the console asks the server, each answer parsed by its schema. Failures are `ApiError`s. */
export interface Api {
  get<Out>(path: string, schema: z.ZodType<Out>, signal?: AbortSignal): Promise<Out>;
  send<Out>(
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body: unknown,
    schema: z.ZodType<Out>,
  ): Promise<Out>;
  /** Posts a form with files, or one file under its own media type. */
  upload<Out>(path: string, body: FormData | Blob, schema: z.ZodType<Out>): Promise<Out>;
  /** Posts and reads the answer as server-sent events, until it ends or `signal` aborts. */
  stream(path: string, body: unknown, signal: AbortSignal): AsyncGenerator<ServerSentEvent>;
}

/** Accepts any answer, the empty one too. */
export const nothingSchema = z.unknown();

export interface ApiDeps {
  fetch: typeof globalThis.fetch;
  /** Called when the server no longer knows us. */
  onSignedOut(): void;
}

/** The one place of the console that calls the server over HTTP. */
export const createApi = ({ fetch, onSignedOut }: ApiDeps): Api => {
  const call = async (path: string, init: RequestInit): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(`${root}${path}`, { credentials: 'same-origin', ...init });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ApiError({
        code: 'offline',
        status: 0,
        message: 'The server cannot be reached.',
        fix: 'Check your connection, then try again.',
      });
    }
    if (response.ok) return response;
    const problem = await toError(response);
    if (response.status === 401 && !path.startsWith('/session')) onSignedOut();
    throw problem;
  };

  const read = async <Out>(response: Response, schema: z.ZodType<Out>): Promise<Out> => {
    const parsed = schema.safeParse(parseJson(await response.text()));
    if (parsed.success) return parsed.data;
    throw new ApiError({
      code: 'unexpected-answer',
      status: response.status,
      message: 'The server sent an answer that this page does not understand.',
      fix: 'Reload the page: the server may have been updated.',
    });
  };

  const jsonInit = (method: string, body: unknown): RequestInit => ({
    method,
    headers: { ...header, ...(body === null ? {} : { 'content-type': 'application/json' }) },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  });

  return {
    get: async (path, schema, signal) =>
      read(await call(path, { headers: header, ...(signal ? { signal } : {}) }), schema),
    send: async (method, path, body, schema) => read(await call(path, jsonInit(method, body)), schema),
    upload: async (path, body, schema) =>
      read(await call(path, { method: 'POST', headers: header, body }), schema),
    stream: async function* (path, body, signal) {
      const init = jsonInit('POST', body);
      const response = await call(path, {
        ...init,
        headers: { ...header, 'content-type': 'application/json', accept: 'text/event-stream' },
        signal,
      });
      if (response.body !== null) yield* readEventStream(response.body);
    },
  };
};
