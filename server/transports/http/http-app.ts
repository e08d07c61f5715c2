import express, { type Express, type Request } from 'express';
import { AppError } from '../../errors.ts';
import type { Clock, Ids, Logger } from '../../ports.ts';
import type { Access } from '../../services/access.ts';
import type { AnswerQuality } from '../../services/answer-quality.ts';
import type { AnswerReports } from '../../services/answer-report.ts';
import type { Conversations } from '../../services/conversations.ts';
import type { Diagnostics } from '../../services/diagnostics.ts';
import type { Documents } from '../../services/documents.ts';
import type { IndexStatuses } from '../../services/index-status.ts';
import type { Sites } from '../../services/sites.ts';
import type { Pairs } from '../../services/pairs.ts';
import type { Sources } from '../../services/sources.ts';
import type { Synonyms } from '../../services/synonyms.ts';
import { createSessionCookies } from './cookies.ts';
import { setSecurityHeaders } from './headers.ts';
import type { HttpMetrics } from './metrics.ts';
import { createProblemSender, mountRoutes } from './mount.ts';
import { describeRoutes } from './openapi.ts';
import { renderNotFound } from './pages/not-found.ts';
import { mountPages, pageTable, type PageFolders } from './pages/router.ts';
import type { Route } from './route.ts';
import { agentRoutes } from './routes/agents.ts';
import type { GoldenQuestions } from '../../services/golden-questions.ts';
import { answerRoutes, type Answers } from './routes/answers.ts';
import { qualityRoutes } from './routes/quality.ts';
import { conversationRoutes } from './routes/conversations.ts';
import { diagnosticsRoutes } from './routes/diagnostics.ts';
import { documentRoutes } from './routes/documents.ts';
import { goldenRoutes } from './routes/golden.ts';
import { indexStatusRoutes } from './routes/index-status.ts';
import { keyRoutes } from './routes/keys.ts';
import { opsRoutes, type Readiness } from './routes/ops.ts';
import { searchRoutes, type Retrieve } from './routes/search.ts';
import { sessionRoutes } from './routes/session.ts';
import { siteRoutes } from './routes/sites.ts';
import { pairRoutes } from './routes/pairs.ts';
import { sourceRoutes } from './routes/sources.ts';
import { synonymRoutes } from './routes/synonyms.ts';
import { visitorRoutes, type VisitorSessions } from './routes/visitor.ts';

export interface HttpDeps {
  access: Access;
  sites: Sites;
  sources: Sources;
  pairs: Pairs;
  documents: Documents;
  synonyms: Synonyms;
  indexStatuses: IndexStatuses;
  conversations: Conversations;
  diagnostics: Diagnostics;
  metrics: HttpMetrics;
  retrieve: Retrieve;
  answers: Answers;
  quality: Pick<AnswerQuality, 'judge' | 'curve'>;
  reports: AnswerReports;
  golden: GoldenQuestions;
  visitorSessions: VisitorSessions;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** PUBLIC_URL where the operator set one: the address that browsers use. */
  publicUrl: string | null;
  /** Proxies in front whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; 0: none. */
  trustedProxies: number;
  /** Of the product, for `openapi.json`. */
  version: string;
  folders: PageFolders;
  /** Whether requests can be served; must answer within 3 s. */
  readiness(): Promise<Readiness>;
}

const apiPrefix = '/api/v1';

/** The two tables of the API: what is under `/api/v1`, and what monitoring calls outside of it. */
export interface RouteTables {
  api: readonly Route[];
  ops: readonly Route[];
}

/** Every route of the API, as it is mounted, described and tested. */
export function routeTables(deps: HttpDeps): RouteTables {
  const cookies = createSessionCookies(isHttps(deps));
  return {
    api: [
      ...sessionRoutes(deps.access, cookies),
      ...agentRoutes(deps.access.agents),
      ...keyRoutes(deps.access.keys),
      ...siteRoutes(deps.sites),
      ...documentRoutes(deps),
      ...sourceRoutes(deps.sources),
      ...pairRoutes(deps.pairs),
      ...synonymRoutes(deps),
      ...indexStatusRoutes(deps),
      ...searchRoutes(deps),
      ...answerRoutes(deps),
      ...qualityRoutes(deps),
      ...goldenRoutes(deps),
      ...conversationRoutes(deps),
      ...diagnosticsRoutes(deps.diagnostics),
      ...visitorRoutes({ ...deps, cookies }),
    ],
    ops: opsRoutes({ readiness: () => deps.readiness(), metrics: deps.metrics }),
  };
}

function isHttps(deps: Pick<HttpDeps, 'publicUrl'>): boolean {
  return deps.publicUrl?.startsWith('https:') ?? false;
}

function originReader(publicUrl: string | null): (request: Request) => string {
  if (publicUrl !== null) return () => new URL(publicUrl).origin;
  return (request) => `${request.protocol}://${request.headers.host ?? 'localhost'}`;
}

function mountApi(app: Express, deps: HttpDeps, { api, ops }: RouteTables): void {
  const mountDeps = { ...deps, consoleCookie: createSessionCookies(isHttps(deps)).consoleName };
  const described = describeRoutes(api, { version: deps.version, prefix: apiPrefix });

  app.use([apiPrefix, '/livez', '/readyz', '/metrics'], (request, response, next) => {
    setSecurityHeaders(response, 'api', { host: request.headers.host, isHttps: isHttps(deps) });
    next();
  });
  app.get(`${apiPrefix}/openapi.json`, (_request, response) => {
    response.locals['route'] = '/openapi.json';
    response.json(described);
  });
  app.use(apiPrefix, mountRoutes(api, mountDeps));
  app.use(mountRoutes(ops, mountDeps));
}

/** The HTTP face: API, pages, widget and console. Sockets are not its concern. */
export function createHttpApp(deps: HttpDeps): Express {
  const app = express();
  const problems = createProblemSender(deps);
  const { metrics } = deps;
  metrics.watch({
    name: 'deskbell_conversations',
    help: 'Conversations, by state',
    label: 'state',
    read: () => deps.conversations.countByState(),
  });
  app.disable('x-powered-by');
  app.set('trust proxy', deps.trustedProxies);
  app.set('query parser', 'simple');
  app.use((request, response, next) => metrics.time(request, response, next));

  const tables = routeTables(deps);
  mountApi(app, deps, tables);
  const pages = { ...deps, isHttps: isHttps(deps), originOf: originReader(deps.publicUrl) };
  app.use(mountPages(pageTable(pages), pages, (...failure) => problems.send(...failure)));

  app.use((request, response) => {
    const isForPeople = request.method === 'GET' && request.accepts('json', 'html') === 'html';
    if (isForPeople && !request.path.startsWith(apiPrefix)) {
      setSecurityHeaders(response, 'page', { host: request.headers.host, isHttps: isHttps(deps) });
      response.status(404).type('html').send(renderNotFound());
      return;
    }
    setSecurityHeaders(response, 'api', { host: request.headers.host, isHttps: isHttps(deps) });
    const missing = new AppError('not-found', `There is no ${request.method} ${request.path}.`, {
      fix: 'See /docs/api or /api/v1/openapi.json for what there is.',
    });
    problems.send(request, response, missing, 'no route');
  });
  // express itself throws on malformed addresses; four parameters make this its error handler
  app.use((error: unknown, request: Request, response: express.Response, _next: express.NextFunction) => {
    const isMalformed = error instanceof URIError;
    const shown = isMalformed ? new AppError('invalid-request', 'The address is malformed.') : error;
    problems.send(request, response, shown, 'express');
  });
  return app;
}
