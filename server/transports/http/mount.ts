import { parseCookie, stringifySetCookie } from 'cookie';
import express, { type Request, type Response, type Router } from 'express';
import { AppError } from '../../errors.ts';
import type { Ids, Logger } from '../../ports.ts';
import type { Access } from '../../services/access.ts';
import { authenticate } from './authenticate.ts';
import { authorize } from './authorize.ts';
import { defaultMaxBodyBytes, mediaType, readJson, refuseEncodedBody } from './body.ts';
import { sendEvents } from './events.ts';
import { refuseForeignOrigin, requireConsoleRequest } from './origin.ts';
import { refuseNul } from './parse.ts';
import { problemOf, unexpectedProblem } from './problem.ts';
import { policies, type Actor, type Method, type RequestContext, type Result, type Route } from './route.ts';

export interface MountDeps {
  access: Pick<Access, 'authenticateKey' | 'authenticateSession'>;
  ids: Ids;
  logger: Logger;
  /** PUBLIC_URL where the operator set one. */
  publicUrl: string | null;
  consoleCookie: string;
}

const routeMethods: readonly Method[] = ['get', 'post', 'patch', 'delete'];

function isChange(method: Method): boolean {
  return method !== 'get';
}

/** Every change made by a browser is one that a page of ours made. */
function guardOrigin(route: Route, actor: Actor, request: Request, publicUrl: string | null): void {
  if (!isChange(route.method) || actor.kind === 'key') return;
  if (actor.kind === 'account' && !route.policy.startsWith('public'))
    requireConsoleRequest(request, publicUrl);
  else refuseForeignOrigin(request, publicUrl);
}

function contextOf(request: Request, actor: Actor, response: Response): RequestContext {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new AppError('unavailable', 'The caller went away.'));
  });
  return {
    actor,
    address: request.ip ?? 'unknown',
    cookies: parseCookie(request.headers.cookie ?? ''),
    wantsEvents: request.headers.accept?.includes('text/event-stream') ?? false,
    signal: gone.signal,
    stream: request,
    headers: request.headers,
  };
}

async function send(
  response: Response,
  route: Route,
  result: Result<unknown>,
  context: RequestContext,
  describe: (error: unknown) => unknown,
): Promise<void> {
  if ('events' in result) return sendEvents(response, result.events, context.signal, describe);
  if ('text' in result) {
    response.status(route.status).type(result.contentType).send(result.text);
    return;
  }
  for (const cookie of result.cookies ?? []) response.append('set-cookie', stringifySetCookie(cookie));
  const status = result.status ?? route.status;
  if (status === 204) response.status(204).end();
  else response.status(status).json(result.body);
}

/** Turns anything thrown into problem details; unexpected errors are logged and reach the caller as an id. */
export function createProblemSender({ ids, logger }: Pick<MountDeps, 'ids' | 'logger'>) {
  const describe = (error: unknown, where: string) => {
    if (error instanceof AppError && error.code !== 'internal') return problemOf(error);
    const errorId = ids.uuid();
    logger.error('request-failed', {
      errorId,
      where,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    return unexpectedProblem(errorId);
  };
  return {
    describe,
    send(request: Request, response: Response, error: unknown, where: string): void {
      const problem = describe(error, where);
      if (response.headersSent) {
        response.destroy();
        return;
      }
      if (error instanceof AppError && error.retryAfterMs !== undefined) {
        response.set('retry-after', String(Math.ceil(error.retryAfterMs / 1000)));
      }
      if (problem.status === 401) response.set('www-authenticate', 'Bearer realm="deskbell"');
      if (!request.complete) {
        // the rest of a refused body is thrown away, and the connection with it
        response.set('connection', 'close');
        request.resume();
      }
      response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
    },
  };
}

function acceptedType(route: Route): string | null {
  if (route.body.type === 'json') return 'application/json';
  return route.body.type === 'stream' ? route.body.contentType : null;
}

/** Of the routes that share method and path, the one that takes this body. */
function pickByType(candidates: readonly Route[], request: Request): Route {
  const [only] = candidates;
  const type = mediaType(request.headers['content-type']);
  const fitting = candidates.find((route) => [null, type].includes(acceptedType(route)));
  if (fitting !== undefined && only !== undefined) return fitting;
  const known = candidates.map(acceptedType).join(' or ');
  throw new AppError('unsupported-type', `This route does not take "${type}".`, {
    fix: `Send Content-Type: ${known}.`,
  });
}

async function serve(candidates: readonly Route[], request: Request, response: Response, deps: MountDeps) {
  const cookies = parseCookie(request.headers.cookie ?? '');
  const actor = await authenticate(request, cookies[deps.consoleCookie], deps.access);
  // all candidates have the same policy (checked when mounting), and who may not call learns nothing else
  const [first] = candidates;
  if (first === undefined) throw new AppError('not-found', 'There is nothing here.');
  authorize(first.policy, actor);
  guardOrigin(first, actor, request, deps.publicUrl);
  refuseNul({ ...request.params, ...request.query });
  const chosen = pickByType(candidates, request);
  if (chosen.body.type !== 'none') refuseEncodedBody(request);
  const body =
    chosen.body.type === 'json'
      ? await readJson(request, chosen.body.maxBytes ?? defaultMaxBodyBytes)
      : undefined;
  const context = contextOf(request, actor, response);
  const result = await chosen.run({ params: request.params, query: request.query, body }, context);
  const problems = createProblemSender(deps);
  await send(response, chosen, result, context, (error) => problems.describe(error, chosen.path));
}

function groupRoutes(routes: readonly Route[]): Route[][] {
  const groups = new Map<string, Route[]>();
  for (const route of routes) {
    if (!policies.includes(route.policy)) throw new Error(`${route.method} ${route.path} declares no policy`);
    const name = `${route.method} ${route.path}`;
    const group = groups.get(name) ?? [];
    if (group.some((other) => other.policy !== route.policy || acceptedType(other) === acceptedType(route))) {
      throw new Error(`${name} is declared twice, and not as the same route for another type of body`);
    }
    groups.set(name, [...group, route]);
  }
  return [...groups.values()];
}

/**
 * A router that serves the table.
 * @throws Error when a route has no policy or is declared twice.
 */
export function mountRoutes(routes: readonly Route[], deps: MountDeps): Router {
  const router = express.Router();
  const problems = createProblemSender(deps);
  for (const group of groupRoutes(routes)) {
    const [first] = group;
    if (first === undefined || !routeMethods.includes(first.method)) continue;
    router[first.method](first.path, (request, response) => {
      response.locals['route'] = first.path;
      serve(group, request, response, deps).catch((error: unknown) => {
        problems.send(request, response, error, `${first.method} ${first.path}`);
      });
    });
  }
  return router;
}
