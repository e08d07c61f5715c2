import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { AnswerProgress, FinalAnswer } from '../domain/answer.ts';
import type { Retrieval } from '../domain/knowledge.ts';
import type { Bus, Database, Ids, Jobs } from '../ports.ts';
import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import { createAccess, type Access } from '../services/access.ts';
import { createAnswerQuality } from '../services/answer-quality.ts';
import { createAnswerReports } from '../services/answer-report.ts';
import { createConversations } from '../services/conversations.ts';
import { createDiagnostics } from '../services/diagnostics.ts';
import { createDocuments } from '../services/documents.ts';
import { createGoldenQuestions } from '../services/golden-questions.ts';
import { createIndexStatuses } from '../services/index-status.ts';
import { createIntakeQuota } from '../services/intake-quota.ts';
import { createPairs } from '../services/pairs.ts';
import { createPassageIndex } from '../services/passage-index.ts';
import { createSites, type Sites } from '../services/sites.ts';
import { createSources } from '../services/sources.ts';
import { createSynonyms } from '../services/synonyms.ts';
import { createHttpApp, routeTables, type HttpDeps, type RouteTables } from '../transports/http/http-app.ts';
import { createParsePool, defaultPoolOptions } from '../../ingest/parse/pool.ts';
import { createTestDatabase } from './database.ts';
import { fakeClock, recordingLogger, type FakeClock, type RecordedLine } from './deps.ts';
import { createIds } from '../system.ts';
import { createHttpMetrics } from '../transports/http/metrics.ts';

/** Passwords in tests need not be slow. */
export const testPasswordCost = { n: 16, r: 1, p: 1 };

/** A bus that only remembers what was published. */
export function recordingBus(): Bus & { published: { channel: string; message: unknown }[] } {
  const published: { channel: string; message: unknown }[] = [];
  return {
    published,
    publish: async (channel, message) => void published.push({ channel, message }),
    subscribe: async () => async () => {},
    close: async () => {},
  };
}

/** A queue that takes everything and does nothing. */
const idleJobs: Jobs = { enqueue: async () => {}, work: async () => {}, close: async () => {} };

export const emptyRetrieval: Retrieval = {
  passages: [],
  signals: { lexicalCoverage: 0, ngramCosine: 0, sentenceOverlap: 0, documentMargin: 0, pairProximity: 0 },
  standaloneQuery: '',
  timings: {},
};

const foundReturns: Retrieval = {
  ...emptyRetrieval,
  signals: { ...emptyRetrieval.signals, ngramCosine: 0.5 },
  standaloneQuery: 'returns of boots',
  passages: [
    {
      passageId: 7,
      documentId: 3,
      externalId: 'returns',
      title: 'Returns',
      url: null,
      headingPath: ['Returns'],
      anchor: null,
      page: null,
      language: 'en',
      text: 'Within 30 days.',
      score: 3,
      lexicalScore: 2,
      cosine: 0.5,
    },
  ],
};

/** A final answer for tests of what is done with one. */
export function finalAnswer(overrides: Partial<FinalAnswer> = {}): FinalAnswer {
  return {
    answerId: '01900000-0000-7000-8000-0000000000aa',
    text: 'Within 30 days. [1]',
    language: 'en',
    decision: 'answer',
    handoffReason: null,
    confidence: 0.9,
    reasons: [{ code: 'one-source', text: 'One page says so.', effect: 'raises' }],
    citations: [{ marker: 1, documentId: 'returns', title: 'Returns', url: null, quote: 'Within 30 days.' }],
    isQuoted: true,
    passages: [],
    retrieval: foundReturns,
    caught: [],
    usage: null,
    timings: { retrieve: 3 },
    ...overrides,
  };
}

/** An answer in two deltas. */
export async function* scriptedAnswer(): AsyncGenerator<AnswerProgress> {
  yield { type: 'step', step: 'searching' };
  yield { type: 'delta', text: 'Within 30 days. ' };
  yield { type: 'delta', text: '[1]' };
  yield { type: 'final', answer: finalAnswer() };
}

/** A running HTTP app on a free loopback port, with real accounts and sites. */
export interface TestHttpApp {
  url: string;
  db: Database;
  clock: FakeClock;
  ids: Ids;
  access: Access;
  sites: Sites;
  lines: RecordedLine[];
  bus: ReturnType<typeof recordingBus>;
  tables: RouteTables;
  /** Sends a request; `path` begins with `/`. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Signs in and gives the headers that the console sends. */
  signIn(email: string, password: string): Promise<Record<string, string>>;
  close(): Promise<void>;
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve(`http://127.0.0.1:${port}`);
    });
  });
}

const folder = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Starts the app; `overrides` replaces any dependency of it. A `shared` database is not closed with it. */
export async function startHttpApp(
  overrides:
    Partial<HttpDeps> | ((parts: { db: Database; sites: Sites; ids: Ids }) => Partial<HttpDeps>) = {},
  shared?: Database,
): Promise<TestHttpApp> {
  const db = shared ?? (await createTestDatabase());
  const clock = fakeClock(Date.now());
  const ids = createIds(clock);
  const logger = recordingLogger();
  const bus = recordingBus();
  const access = createAccess({ db, bus, ids, clock, logger, passwordCost: testPasswordCost });
  const sites = createSites({ db, clock, logger });
  await sites.ensureFirst();
  const index = createPassageIndex({ embedder: createBuiltinEmbedder(), logger });
  const parser = createParsePool({ ...defaultPoolOptions, processes: 1 });
  const chosen = typeof overrides === 'function' ? overrides({ db, sites, ids }) : overrides;
  const quality = createAnswerQuality({ db, clock });
  const answers = { answer: scriptedAnswer };
  const deps: HttpDeps = {
    access,
    sites,
    synonyms: createSynonyms({ db, ids, logger }),
    indexStatuses: createIndexStatuses({ db }),
    sources: createSources({
      ...{ db, jobs: idleJobs, index, clock, ids, logger },
      quota: createIntakeQuota(),
    }),
    documents: createDocuments({ db, index }),
    pairs: createPairs({ db, index, parser, quota: createIntakeQuota() }),
    conversations: createConversations({ db }),
    diagnostics: createDiagnostics({ db, bus, ids, clock }),
    metrics: createHttpMetrics(() => clock.now()),
    retrieve: async () => emptyRetrieval,
    answers,
    quality,
    reports: createAnswerReports({ db, clock }),
    golden: createGoldenQuestions({ db, clock, ids, answers, quality }),
    visitorSessions: {
      open: async ({ token }) => ({
        visitorId: ids.uuid(),
        token: token ?? ids.secret(32),
        conversationId: null,
      }),
    },
    clock,
    ids,
    logger,
    publicUrl: null,
    trustedProxies: 0,
    version: '0.0.0-test',
    folders: {
      widget: folder('dist/widget'),
      console: folder('dist/console'),
      docs: folder('docs'),
      demo: folder('demo'),
      site: folder('server/transports/http/files'),
    },
    readiness: async () => ({ isReady: true, checks: {} }),
    ...chosen,
  };
  const server = createServer(createHttpApp(deps));
  const url = await listen(server);
  const request = (path: string, init: RequestInit = {}) =>
    fetch(url + path, { redirect: 'manual', ...init });

  return {
    url,
    db,
    clock,
    ids,
    access,
    sites,
    lines: logger.lines,
    bus,
    tables: routeTables(deps),
    request,
    async signIn(email, password) {
      const response = await request('/api/v1/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
      });
      const [cookie = ''] = response.headers.getSetCookie();
      return { cookie: cookie.split(';')[0] ?? '', origin: url, 'x-deskbell-console': '1' };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await parser.close();
      if (shared === undefined) await db.close();
    },
  };
}
