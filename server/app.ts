import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareOcr } from '../ingest/extract/ocr-data.ts';
import { createOutbound } from '../ingest/fetch.ts';
import { createParsePool, defaultPoolOptions } from '../ingest/parse/pool.ts';
import { createPipeline } from '../ingest/pipeline.ts';
import packageJson from '../package.json' with { type: 'json' };
import { createNotifyBus } from './adapters/bus/notify-bus.ts';
import { assertDurable } from './adapters/db/durability.ts';
import { migrate, readMigrations } from './adapters/db/migrate.ts';
import { explainStartFailure } from './adapters/db/start-failure.ts';
import { createIndexerThread } from './adapters/indexer/thread.ts';
import { createBullmqJobs, type QueueBackend } from './adapters/jobs/bullmq-jobs.ts';
import { type Closers, createClosers } from './closers.ts';
import type { Config } from './config.ts';
import { prepareDemo } from './demo-source.ts';
import { AppError } from './errors.ts';
import { type HttpServer, localUrl, startHttpServer } from './http-server.ts';
import { createJobHandler } from './job-handlers.ts';
import { createLogger } from './log.ts';
import type { Bus, ChatModel, Clock, Database, Embedder, Indexer, Jobs, Logger, Reranker } from './ports.ts';
import { checkRedis, openRedis } from './app-redis.ts';
import { openEarlierEmbedder, openModels } from './app-models.ts';
import { createReadiness } from './readiness.ts';
import { type RunLock, takeDataDir } from './run-lock.ts';
import type { Access } from './services/access.ts';
import { startSharedClock } from './services/shared-clock.ts';
import { createIntakeQuota, defaultIntakeLimits, type IntakeQuota } from './services/intake-quota.ts';
import { repeat } from './repeat.ts';
import { systemClock, systemIds as ids } from './system.ts';
import { createUseCases, type UseCases } from './use-cases.ts';
import { createHttpApp } from './transports/http/http-app.ts';
import { createHttpMetrics, type HttpMetrics } from './transports/http/metrics.ts';
import { createSocketServer, type SocketServer } from './transports/ws/socket-server.ts';

/** The whole product in one process, or the part of it that `config.role` asks for. */
export interface App {
  /** The address that browsers use; final once started. */
  readonly url: string;
  /** Creates the first owner; null once there is one. Made anew at each start. */
  readonly setupCode: string | null;
  /**
   * Accepts requests and begins to work off jobs.
   * @throws AppError `start-failed` with cause and cure.
   */
  start(): Promise<void>;
  /** Lets sockets and requests end, puts running jobs back, closes everything. */
  close(): Promise<void>;
}

/** Work that the queue lost is found again within this and the time that a source may wait unseen. */
const sweepEveryMs = 10_000;

/** What the use cases run on. */
interface Ground {
  config: Config;
  logger: Logger;
  closers: Closers;
  runLock: RunLock;
  db: Database;
  bus: Bus;
  jobs: Jobs;
  chatModel: ChatModel | null;
  embedder: Embedder;
  indexer: Indexer;
  reranker: Reranker | null;
  quota: IntakeQuota;
  /** The database's time, for all that instances tell each other. */
  clock: Clock;
}

async function openDatabase(
  config: Config,
  logger: Logger,
): Promise<{ db: Database; queue: () => Promise<QueueBackend> }> {
  if (config.databaseUrl === null) {
    const { createPgliteDatabase } = await import('./adapters/db/pglite.ts');
    const db = await createPgliteDatabase({ dataDir: `${config.dataDir}/database` });
    const queue = async () => (await import('./adapters/jobs/backends.ts')).createPgliteBackend(db);
    return { db, queue };
  }
  const url = config.databaseUrl;
  const { createPostgresDatabase } = await import('./adapters/db/postgres.ts');
  const db = createPostgresDatabase({ url, logger });
  const queue = async () => (await import('./adapters/jobs/backends.ts')).createPostgresQueueBackend(url);
  return { db, queue };
}

async function prepareDatabase(db: Database, logger: Logger): Promise<void> {
  try {
    const applied = await migrate(db, await readMigrations());
    if (applied.length > 0) logger.info('database-migrated', { migrations: applied });
    await assertDurable(db, logger);
  } catch (error) {
    throw explainStartFailure(error);
  }
}

/** Opens what is outside of the process. What was opened before a failure is in `closers`. */
async function openGround(config: Config, logger: Logger, closers: Closers): Promise<Ground> {
  const runLock = await takeDataDir({ dataDir: config.dataDir, isExclusive: config.databaseUrl === null });
  closers.add('data folder', runLock.release);
  // Quick to tell, so before the database is opened.
  if (config.redisUrl !== null) await checkRedis(config.redisUrl);
  const { db, queue } = await openDatabase(config, logger);
  closers.add('database', db.close);
  await prepareDatabase(db, logger);
  const elapsedMs = () => performance.now();
  const { clock, close: stopClock } = await startSharedClock({ db, logger, machine: systemClock, elapsedMs });
  closers.add('clock', stopClock);
  const redis = config.redisUrl === null ? null : await openRedis(config.redisUrl, db, logger);
  const bus = redis?.bus ?? createNotifyBus(db, logger);
  closers.add('bus', bus.close);
  const jobs = createBullmqJobs({ backend: redis?.queue ?? (await queue()), logger });
  closers.add('jobs', jobs.close);
  const quota = createIntakeQuota({ ...defaultIntakeLimits, ...config.intake });
  const indexer = createIndexerThread();
  closers.add('indexing thread', indexer.close);
  const models = await openModels({ config, logger, clock, indexer });
  return { config, logger, closers, runLock, db, clock, bus, jobs, quota, indexer, ...models };
}

const folderOf = (place: string): string => fileURLToPath(new URL(place, import.meta.url));
const folders = {
  widget: folderOf('../dist/widget'),
  console: folderOf('../dist/console'),
  docs: folderOf('../docs'),
  demo: folderOf('../demo'),
  site: folderOf('./transports/http/files'),
};

interface Web {
  server: HttpServer;
  sockets: SocketServer;
}

/** Serves pages, API and sockets from now on. */
async function startWeb(ground: Ground, services: UseCases, metrics: HttpMetrics): Promise<Web> {
  const { config, logger, bus, db, clock, closers } = ground;
  const { live, visitorSessions, access } = services;
  const { publicUrl, trustedProxies } = config;
  const readiness = createReadiness(db);
  const version = packageJson.version;
  const http = createHttpApp({
    ...services,
    metrics,
    clock,
    ids,
    logger,
    publicUrl,
    trustedProxies,
    version,
    folders,
    readiness,
  });
  const sockets = createSocketServer({
    live,
    visitorSessions,
    access,
    bus,
    clock,
    ids,
    logger,
    publicUrl,
    trustedProxies,
  });
  metrics.watch({
    name: 'deskbell_connections',
    help: 'Open sockets, by who is at the other end',
    label: 'kind',
    read: async () => sockets.count(),
  });
  await live.start();
  await sockets.start();
  closers.add('sockets', () => sockets.close());
  const server = await startHttpServer({
    host: config.host,
    port: config.port,
    handleRequest: (request, response) => {
      if (!sockets.handleRequest(request, response)) http(request, response);
    },
    handleUpgrade: (request, socket, head) => sockets.handleUpgrade(request, socket, head),
  });
  closers.add('web server', async () => {
    const closed = server.close();
    await sockets.drain();
    await closed;
  });
  return { server, sockets };
}

/**
 * Works off jobs from now on; `ownUrl` is the address that the crawler may reach wherever it points. Gives what
 * stops the work.
 */
async function startWork(ground: Ground, services: UseCases, ownUrl: string): Promise<Closers> {
  const { config, logger, db, clock, jobs, quota } = ground;
  const work = createClosers(logger);
  const outbound = createOutbound({ allowRanges: config.fetchAllow, allowOrigins: [ownUrl] });
  work.add('outbound connections', outbound.close);
  const ocr = await prepareOcr(config.ocrLanguages, path.join(config.dataDir, 'ocr'));
  const parser = createParsePool({ ...defaultPoolOptions, ocr });
  work.add('parsers', parser.close);
  const pipeline = createPipeline({
    ...{ db, outbound, parser, quota, clock, ids, logger },
    index: services.index,
  });
  const handle = createJobHandler({ ...services, pipeline });
  await jobs.work((...job) => db.inBackground(() => handle(...job)), config.workerConcurrency);
  work.add('jobs', jobs.close);
  const sweep = () => jobs.enqueue('source-sweep', {}, { key: 'source-sweep' });
  work.add('sweep', repeat(sweep, sweepEveryMs, logger));
  return work;
}

/** The bootstrap owner and key. Another instance that starts at this moment may have added the owner in between. */
async function prepareAccess(
  access: Access,
  { owner, apiKey }: Config,
): Promise<{ setupCode: string | null }> {
  const prepare = () => access.prepare({ owner, apiKey });
  return prepare().catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'conflict') return prepare();
    throw error;
  });
}

/**
 * Picks the adapters, opens the database and brings it up to date.
 * @throws AppError `start-failed` with cause and cure; nothing stays open then.
 */
export async function createApp(config: Config): Promise<App> {
  const logger = createLogger(process.stderr, config.logLevel);
  const closers = createClosers(logger);
  let setupCode: string | null = null;
  let url = config.publicUrl ?? `http://localhost:${config.port}`;

  async function orClose<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      await closers.closeAll();
      throw error;
    }
  }

  const ground = await orClose(() => openGround(config, logger, closers));
  const metrics = createHttpMetrics(() => systemClock.now());
  const { prices, promptLimits, tokenLimits } = config;
  const services = createUseCases({
    ...ground,
    ids,
    prices,
    promptLimits,
    tokenLimits,
    onAnswer: metrics.recordAnswer,
    openEmbedder: (id) => openEarlierEmbedder(config, id),
  });

  let work: Closers | null = null;
  // Before the web server in this list, so closed after it: what was accepted last is still enqueued.
  closers.add('work', () => work?.closeAll());

  async function startAll(): Promise<void> {
    if (config.role !== 'worker') {
      const { server } = await startWeb(ground, services, metrics);
      url = config.publicUrl ?? `http://localhost:${server.port}`;
      await ground.runLock.announce({
        url: localUrl(config.host, server.port),
        key: services.access.keys.issueLocal(),
      });
      ({ setupCode } = await prepareAccess(services.access, config));
      await prepareDemo({ ...services, logger }, { ownUrl: url, isFixed: config.port !== 0 });
    }
    if (config.role !== 'web') work = await startWork(ground, services, url);
  }

  return {
    get url() {
      return url;
    },
    get setupCode() {
      return setupCode;
    },
    start: () => orClose(startAll),
    close: closers.closeAll,
  };
}
