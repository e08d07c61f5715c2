import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { SetCookie } from 'cookie';
import type { Account } from '../../protocol/http-accounts.ts';
import { parseInput } from './parse.ts';

/**
 * Who may call a route. Every route names one; a route without cannot be mounted.
 * - `public`: anybody.
 * - `public-visitor`: anybody, as a visitor of a site; gives nothing but that visitor's own.
 * - `console`: an agent or owner who is signed in.
 * - `console-or-key`: the same, or a script with an API key.
 * - `owner-or-key`: an owner who is signed in, or a script with an API key.
 * - `key`: a script with an API key only.
 */
export const policies = [
  'public',
  'public-visitor',
  'console',
  'console-or-key',
  'owner-or-key',
  'key',
] as const;
export type Policy = (typeof policies)[number];

/** Who is calling, as far as the request could prove. */
export type Actor =
  | { kind: 'anonymous' }
  | { kind: 'account'; account: Account; token: string }
  | { kind: 'key'; keyId: string };

/** What a handler may know of the request besides its parsed parts. */
export interface RequestContext {
  actor: Actor;
  /** The caller's network address, for rate limits. */
  address: string;
  cookies: Readonly<Record<string, string | undefined>>;
  /** The caller asked for `text/event-stream`. */
  wantsEvents: boolean;
  /** Aborts when the caller goes away. */
  signal: AbortSignal;
  /** The unread body; only routes with a `stream` body may touch it. */
  stream: Readable;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** One server-sent event. */
export interface ServerEvent {
  event: string;
  data: unknown;
}

/** What a handler gives back. */
export type Result<Body> =
  | { body: Body; cookies?: readonly SetCookie[]; status?: number }
  | { text: string; contentType: string }
  | { events: AsyncIterable<ServerEvent> };

/** How a route takes its body. */
export type BodyKind<Body extends z.ZodType> =
  | { type: 'none'; schema: Body }
  /** Read whole, at most `maxBytes` (256 KiB when left out), and parsed. */
  | { type: 'json'; schema: Body; maxBytes?: number }
  /** Left to the handler, which reads `context.stream` and sets its own limits. */
  | { type: 'stream'; schema: Body; contentType: string; description: string };

/** No parameters: anything given is refused. */
export const nothing = z.strictObject({});
/** No body is read. */
export const noBody: BodyKind<z.ZodUndefined> = { type: 'none', schema: z.undefined() };
/** The answer has no body (204). */
export const noContent = z.undefined();

/** A body of this media type, read by the handler from `context.stream`. */
export function streamBody(contentType: string, description: string): BodyKind<z.ZodUndefined> {
  return { type: 'stream', schema: z.undefined(), contentType, description };
}

/** A JSON body of this shape. */
export function jsonBody<Body extends z.ZodType>(schema: Body, maxBytes?: number): BodyKind<Body> {
  return maxBytes === undefined ? { type: 'json', schema } : { type: 'json', schema, maxBytes };
}

/** What most routes have: no parameters, no body, 200. Spread it first. */
export const plain = { params: nothing, query: nothing, body: noBody, status: 200 };

export type Method = 'get' | 'post' | 'patch' | 'delete';

/** What every mounted route has in common, whatever its types. */
export interface Route {
  method: Method;
  /** Express path, such as `/sites/:site`. */
  path: string;
  policy: Policy;
  summary: string;
  tag: string;
  params: z.ZodType;
  query: z.ZodType;
  body: BodyKind<z.ZodType>;
  status: number;
  response: z.ZodType;
  /** The same answer is also given as a stream of events; what the events are. */
  events: string | null;
  /** Parses what came in, runs the handler and reduces its answer to what the schema names. */
  run(
    input: { params: unknown; query: unknown; body: unknown },
    context: RequestContext,
  ): Promise<Result<unknown>>;
}

/** The answer of a route without content, once the work is done. */
export async function done(work: Promise<void>): Promise<Result<undefined>> {
  await work;
  return { body: undefined };
}

/** A route as its file writes it. */
export interface RouteSpec<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Response extends z.ZodType,
> {
  method: Method;
  path: string;
  policy: Policy;
  summary: string;
  tag: string;
  params: Params;
  query: Query;
  body: BodyKind<Body>;
  status: number;
  /** Fields that the schema does not name never leave the server. */
  response: Response;
  events?: string;
  handle(
    input: { params: z.output<Params>; query: z.output<Query>; body: z.output<Body> },
    context: RequestContext,
  ): Promise<Result<z.input<Response>>>;
}

/** Makes a route of its spec: everything it takes and gives goes through its schemas. */
export function route<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Response extends z.ZodType,
>(spec: RouteSpec<Params, Query, Body, Response>): Route {
  const { handle, events = null, ...described } = spec;
  return {
    ...described,
    events,
    async run(input, context) {
      const parsed = {
        params: parseInput(spec.params, input.params, 'path'),
        query: parseInput(spec.query, input.query, 'query'),
        body: parseInput(spec.body.schema, input.body, 'body'),
      };
      const result = await handle(parsed, context);
      return 'body' in result ? { ...result, body: spec.response.parse(result.body) } : result;
    },
  };
}
