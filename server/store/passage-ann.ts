import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Database, Queryable } from '../ports.ts';
import { listIndexVersions } from './index-version.ts';
import type { EmbedderName } from './index-version.ts';
import type { ScoredPassage, VectorQuery } from './passage-index.ts';

/** What an approximate index is for: a site's vectors of one embedder. */
export interface VectorSpace {
  siteId: string;
  embedder: EmbedderName;
}

/** pgvector's limit for an HNSW index on `halfvec`. */
export const maxAnnDimensions = 4000;

const namePrefix = 'passage_embedding_ann_';

function indexName({ siteId, embedder }: VectorSpace): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([siteId, embedder.id]))
    .digest('hex');
  return `${namePrefix}${hash.slice(0, 24)}`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Beside its vector (two bytes a dimension), what an entry of the graph takes in memory, about. */
const entryBytes = 600;
/** Memory for a build, in MB: a graph that does not fit is built many times slower. */
const buildMemoryMb = { least: 64, most: 2048 } as const;

/** How long a build may keep its connection; 100,000 vectors take a minute. */
const maxBuildMs = 6 * 60 * 60 * 1000;

/** Whether the approximate index of a space is there and whole. */
export async function hasAnnIndex(db: Queryable, space: VectorSpace): Promise<boolean> {
  const rows = await db.query(
    `select indisvalid as ok from pg_index where indexrelid = to_regclass($1)`,
    [indexName(space)],
    z.object({ ok: z.boolean() }),
  );
  return rows[0]?.ok ?? false;
}

/**
 * Builds the approximate index of a space unless it is there or another process is building it; `count` is about
 * how many vectors it has. Holds up writers of vectors while it builds, readers not; so build it early (1 s for
 * 5,000 vectors of 384 dimensions): later vectors enter it one by one, at some 1.5 ms each.
 */
export async function createAnnIndex(db: Database, space: VectorSpace, count: number): Promise<void> {
  const name = indexName(space);
  const { siteId, embedder } = space;
  const wantedMb = Math.ceil((count * (2 * embedder.dimensions + entryBytes)) / 2 ** 20);
  const memoryMb = Math.min(buildMemoryMb.most, Math.max(buildMemoryMb.least, wantedMb));
  await db.transaction(async (tx) => {
    const rows = await tx.query(
      'select pg_try_advisory_xact_lock(hashtext($1)) as locked',
      [name],
      z.object({ locked: z.boolean() }),
    );
    if (rows[0]?.locked !== true) return;
    // the limit of ordinary statements ends a build over some 100,000 vectors
    await tx.execute('set local statement_timeout = 0');
    await tx.execute(`set local maintenance_work_mem = '${String(memoryMb)}MB'`);
    await tx.execute(
      `create index if not exists ${name} on passage_embedding
       using hnsw ((embedding::halfvec(${String(embedder.dimensions)})) halfvec_ip_ops)
       where site_id = ${literal(siteId)} and embedder = ${literal(embedder.id)}`,
      [],
      { timeoutMs: maxBuildMs },
    );
  });
}

const buildRow = z.object({
  /** PostgreSQL's word for what it does, such as `loading tuples`. */
  phase: z.string(),
  /** How much of the phase is done, 0 to 1; null where PostgreSQL cannot tell. */
  share: z.number().nullable(),
});

/**
 * How far PostgreSQL is with the approximate index of a space, told by the lock that its builder holds; null where
 * none builds it, and in PGlite, whose one session cannot look at itself.
 */
export async function findAnnBuild(
  db: Database,
  space: VectorSpace,
): Promise<z.infer<typeof buildRow> | null> {
  if (db.kind !== 'postgres') return null;
  const rows = await db.query(
    `select regexp_replace(progress.phase, '^building index: ', '') as phase,
       coalesce(progress.blocks_done::double precision / nullif(progress.blocks_total, 0),
         progress.tuples_done::double precision / nullif(progress.tuples_total, 0)) as share
     from pg_locks held join pg_stat_progress_create_index progress on progress.pid = held.pid
     where held.locktype = 'advisory' and held.granted and held.objsubid = 1
       and progress.datname = current_database() and progress.phase is not null
       and (held.classid::bigint << 32 | held.objid::bigint) = hashtext($1)`,
    [indexName(space)],
    buildRow,
  );
  return rows[0] ?? null;
}

/** Drops the approximate indexes of sites that are gone and of embedders that their sites use no more. */
export async function dropUnusedAnnIndexes(db: Queryable): Promise<void> {
  const existing = await db.query(
    `select indexname as name from pg_indexes
     where schemaname = current_schema() and tablename = 'passage_embedding' and starts_with(indexname, $1)`,
    [namePrefix],
    z.object({ name: z.string() }),
  );
  if (existing.length === 0) return;
  const versions = await listIndexVersions(db);
  const used = new Set(
    versions.map(({ siteId, embedder, dimensions }) =>
      indexName({ siteId, embedder: { id: embedder, dimensions } }),
    ),
  );
  for (const { name } of existing) if (!used.has(name)) await db.execute(`drop index if exists ${name}`);
}

/** Candidates that a search of the graph keeps in hand (`0180-search-breadth.sql` has the figures). */
const breadth = { usual: 100, wide: 400, wideFrom: 250_000 } as const;

/**
 * The passages of a site nearest to a vector, about, best first: by HNSW, going on until `limit` rows that still
 * exist are found; more widely where the site has very many `passages`.
 */
export async function nearestPassagesByAnn(
  db: Queryable,
  { siteId, embedder, vector }: VectorQuery,
  limit: number,
  passages: number,
): Promise<ScoredPassage[]> {
  const width = passages < breadth.wideFrom ? breadth.usual : breadth.wide;
  return db.query(
    `select passage_id as "passageId", cosine from nearest_passages($1, $2, $3, $4, $5, $6)`,
    [siteId, embedder.id, embedder.dimensions, vector, limit, width],
    z.object({ passageId: z.number(), cosine: z.number() }),
    { isPrepared: true },
  );
}
