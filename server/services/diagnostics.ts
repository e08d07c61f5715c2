import { z } from 'zod';
import { errorMessage } from '../errors.ts';
import type { Bus, Clock, Database, Ids, Reranker } from '../ports.ts';
import { listIndexVersions, type IndexVersion } from '../store/index-version.ts';

/** What one look found. */
export interface Diagnosis {
  name: 'database' | 'pgvector' | 'messages' | 'index' | 'reranker';
  ok: boolean;
  detail: string;
  /** What to do; null when all is well. */
  fix: string | null;
}

/** Looks at what the server stands on, by using it. */
export interface Diagnostics {
  /** Never rejects, and ends within some 5 s whatever hangs. */
  run(): Promise<Diagnosis[]>;
}

const waitMs = 2000;
/** Filters under an ANN index starve results in older ones (iterative scans came with 0.8). */
const oldestVector = [0, 8] as const;

async function within<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${waitMs} ms`)), waitMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function checkDatabase(db: Database): Promise<Diagnosis> {
  const fix = 'Start it, or correct DATABASE_URL.';
  try {
    const row = z.object({ version: z.string() });
    const rows = await within(db.query("select current_setting('server_version') as version", [], row));
    const kind = db.kind === 'pglite' ? 'embedded PostgreSQL' : 'PostgreSQL';
    return { name: 'database', ok: true, detail: `${kind} ${rows[0]?.version ?? ''}`.trim(), fix: null };
  } catch (error) {
    return { name: 'database', ok: false, detail: errorMessage(error), fix };
  }
}

function isVectorNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldestVector[0] || (major === oldestVector[0] && minor >= oldestVector[1]);
}

async function checkVector(db: Database): Promise<Diagnosis> {
  const fix = 'Install pgvector 0.8 or newer for this PostgreSQL, then: alter extension vector update';
  try {
    const sql = "select extversion as version from pg_extension where extname = 'vector'";
    const [found] = await within(db.query(sql, [], z.object({ version: z.string() })));
    if (found === undefined) return { name: 'pgvector', ok: false, detail: 'is not installed', fix };
    const ok = isVectorNewEnough(found.version);
    return { name: 'pgvector', ok, detail: found.version, fix: ok ? null : fix };
  } catch (error) {
    return { name: 'pgvector', ok: false, detail: errorMessage(error), fix };
  }
}

function describeVersion({ siteId, state, done, total, embedder, reason }: IndexVersion): string {
  const progress = `${String(done)} of ${String(total)} passages of site ${siteId} have vectors of ${embedder}`;
  return state === 'failed' ? `${progress}; the last try failed: ${reason ?? ''}` : progress;
}

/** Vectors of a new embedder are made beside the old ones, which search goes on reading. */
async function checkIndex(db: Database): Promise<Diagnosis> {
  try {
    const versions = await within(listIndexVersions(db));
    const open = versions.filter(({ state }) => state !== 'live');
    const failed = open.filter(({ state }) => state === 'failed');
    if (open.length > 0) {
      const detail = (failed.length > 0 ? failed : open).map(describeVersion).join('; ');
      const fix =
        'Mend what it names; it is tried again by itself. Search uses the former vectors until then.';
      return { name: 'index', ok: failed.length === 0, detail, fix: failed.length === 0 ? null : fix };
    }
    const embedders = [...new Set(versions.map(({ embedder }) => embedder))].join(', ');
    return { name: 'index', ok: true, detail: embedders === '' ? 'empty' : embedders, fix: null };
  } catch (error) {
    return { name: 'index', ok: false, detail: errorMessage(error), fix: 'Mend the database first.' };
  }
}

/** Sends a message to itself the way that instances talk: a bus that is connected but mute is found out. */
async function checkMessages({
  bus,
  ids,
  clock,
}: Pick<DiagnosticsDeps, 'bus' | 'ids' | 'clock'>): Promise<Diagnosis> {
  const begunMs = clock.now();
  const channel = `self-test-${ids.uuid()}`;
  let leave: (() => Promise<void>) | null = null;
  try {
    await within(
      new Promise<void>((resolve, reject) => {
        bus
          .subscribe(channel, () => resolve())
          .then(async (unsubscribe) => {
            leave = unsubscribe;
            await bus.publish(channel, {});
          })
          .catch(reject);
      }),
    );
    return { name: 'messages', ok: true, detail: `there and back in ${clock.now() - begunMs} ms`, fix: null };
  } catch (error) {
    const fix = 'Start Redis, or correct REDIS_URL. Without REDIS_URL messages go through the database.';
    return { name: 'messages', ok: false, detail: errorMessage(error), fix };
  } finally {
    await leaveQuietly(leave);
  }
}

/** The self-test's channel is forgotten with the connection when this fails. */
async function leaveQuietly(leave: (() => Promise<void>) | null): Promise<void> {
  await leave?.().catch(() => {});
}

export interface DiagnosticsDeps {
  db: Database;
  bus: Bus;
  ids: Ids;
  clock: Clock;
  /** Null or absent: none is configured, and nothing is said of one. */
  reranker?: Reranker | null;
}

/** Puts two texts in order with it. Searches go on without one that fails. */
async function checkReranker({ reranker, clock }: DiagnosticsDeps): Promise<Diagnosis[]> {
  if (!reranker) return [];
  const begunMs = clock.now();
  try {
    await within(reranker.rerank('opening hours', ['We open at nine.', 'Boots are made of leather.']));
    return [{ name: 'reranker', ok: true, detail: `answered in ${clock.now() - begunMs} ms`, fix: null }];
  } catch (error) {
    const fix = 'Start it, or correct RERANK_BASE_URL, RERANK_MODEL and RERANK_API_KEY.';
    const detail = `${errorMessage(error)} Searches go on without it.`;
    return [{ name: 'reranker', ok: false, detail, fix }];
  }
}

/** @see Diagnostics */
export function createDiagnostics(deps: DiagnosticsDeps): Diagnostics {
  return {
    async run() {
      const { db } = deps;
      const own = [checkDatabase(db), checkVector(db), checkMessages(deps), checkIndex(db)];
      const [found, reranker] = await Promise.all([Promise.all(own), checkReranker(deps)]);
      return [...found, ...reranker];
    },
  };
}
