import { ApiError, type Api } from '../api.ts';

export interface ScriptedApi extends Api {
  /** Calls in order, as `GET /sites` or `PATCH /sites/demo {"name":"x"}`. */
  readonly calls: readonly string[];
  /** What the next calls of a path give: values, or errors that are thrown. */
  answer(path: string, ...values: unknown[]): void;
}

/** An `Api` that gives prepared values, parsed by the caller's schema as the real one does. */
export const createScriptedApi = (): ScriptedApi => {
  const calls: string[] = [];
  const prepared = new Map<string, unknown[]>();
  const take = (path: string): unknown => {
    const values = prepared.get(path) ?? [];
    const value = values.length > 1 ? values.shift() : values[0];
    if (value === undefined)
      throw new ApiError({ code: 'not-found', status: 404, message: `Nothing at ${path}` });
    if (value instanceof Error) throw value;
    return value;
  };
  const log = (method: string, path: string, body: unknown) =>
    calls.push(body === null ? `${method} ${path}` : `${method} ${path} ${JSON.stringify(body)}`);
  return {
    calls,
    answer: (path, ...values) => void prepared.set(path, values),
    get: async (path, schema) => {
      log('GET', path, null);
      return schema.parse(take(path));
    },
    send: async (method, path, body, schema) => {
      log(method, path, body);
      return schema.parse(take(path));
    },
    upload: async (path, body, schema) => {
      log('UPLOAD', path, body instanceof FormData ? [...body.keys()] : body.type);
      return schema.parse(take(path));
    },
    stream: async function* (path, body) {
      log('STREAM', path, body);
      const events = take(path);
      if (!Array.isArray(events)) throw new Error('Prepare a list of events.');
      yield* events;
    },
  };
};
