import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import type { Database, Jobs, Outbound } from '../ports.ts';
import { createDocuments, type Documents } from '../services/documents.ts';
import { createIntakeQuota, type IntakeQuota } from '../services/intake-quota.ts';
import { createPairs, type Pairs } from '../services/pairs.ts';
import { createPassageIndex, type PassageIndex } from '../services/passage-index.ts';
import { createSources, type Sources } from '../services/sources.ts';
import { insertSite } from '../store/site.ts';
import { createTestDatabase } from './database.ts';
import { silentLogger } from './deps.ts';
import { systemClock, systemIds } from '../system.ts';
import type { Sleep } from '../../ingest/host.ts';
import { createOutbound } from '../../ingest/fetch.ts';
import { createParsePool, type ParsePool } from '../../ingest/parse/pool.ts';
import { createPipeline, type Pipeline } from '../../ingest/pipeline.ts';

/** Jobs that were handed over, worked off only when the test says so. */
export interface HeldJobs extends Jobs {
  held: { sourceId: string; run: number }[];
}

export interface Workbench {
  db: Database;
  index: PassageIndex;
  parser: ParsePool;
  sources: Sources;
  documents: Documents;
  pairs: Pairs;
  pipeline: Pipeline;
  /** Another worker, whose database is this one. */
  pipelineOn(db: Database): Pipeline;
  jobs: HeldJobs;
  siteId: string;
  /** Runs every held job once. */
  work(signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

function holdJobs(): HeldJobs {
  const held: HeldJobs['held'] = [];
  return {
    held,
    enqueue(_name, payload) {
      if (typeof payload === 'object' && payload !== null && 'sourceId' in payload && 'run' in payload) {
        held.push({ sourceId: String(payload.sourceId), run: Number(payload.run) });
      }
      return Promise.resolve();
    },
    work: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** The whole ingest on a database of its own, with loopback allowed and the built-in embedder. */
export async function createWorkbench(
  overrides: {
    db?: Database;
    index?: PassageIndex;
    quota?: IntakeQuota;
    pause?: Sleep;
    /** All of loopback unless told. */
    allowRanges?: readonly string[];
    /** Puts something between the ingest and its way out. */
    wrapOutbound?: (outbound: Outbound) => Outbound;
  } = {},
): Promise<Workbench> {
  const db = overrides.db ?? (await createTestDatabase());
  const siteId = 'shop';
  await insertSite(db, { id: siteId, name: 'Shop', settings: {}, createdAt: new Date() });
  const index =
    overrides.index ?? createPassageIndex({ embedder: createBuiltinEmbedder(), logger: silentLogger });
  const outbound = createOutbound({
    allowRanges: overrides.allowRanges ?? ['127.0.0.0/8'],
    allowOrigins: [],
  });
  const parser = createParsePool();
  const jobs = holdJobs();
  const quota = overrides.quota ?? createIntakeQuota();
  const base = { quota, db, index, clock: systemClock, ids: systemIds, logger: silentLogger };
  const way = overrides.wrapOutbound?.(outbound) ?? outbound;
  const pipelineOn = (own: Database) =>
    createPipeline({ ...base, db: own, outbound: way, parser }, overrides.pause);
  const pipeline = pipelineOn(db);
  return {
    ...{ db, index, parser, jobs, siteId, pipeline, pipelineOn },
    sources: createSources({ ...base, jobs }),
    documents: createDocuments({ db, index }),
    pairs: createPairs({ db, index, parser, quota }),
    async work(signal = new AbortController().signal) {
      for (const job of jobs.held.splice(0)) await pipeline.run(job, signal);
    },
    async close() {
      await Promise.all([outbound.close(), parser.close()]);
      await db.close();
    },
  };
}
