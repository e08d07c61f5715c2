import { z } from 'zod';
import type { Queryable, Transaction } from '../ports.ts';

/** An embedder as an index version names it. */
export interface EmbedderName {
  id: string;
  dimensions: number;
}

const versionRow = z.object({
  siteId: z.string(),
  embedder: z.string(),
  dimensions: z.number(),
  state: z.enum(['live', 'building', 'failed']),
  total: z.number(),
  done: z.number(),
  reason: z.string().nullable(),
});
export type IndexVersion = z.infer<typeof versionRow>;
const columns = `site_id as "siteId", embedder, dimensions, state, total, done, reason`;

/** The embedder whose vectors a site's search reads; null where it has none yet. */
export async function findLiveEmbedder(db: Queryable, siteId: string): Promise<EmbedderName | null> {
  const rows = await db.query(
    `select embedder as id, dimensions from index_version where site_id = $1 and state = 'live'`,
    [siteId],
    z.object({ id: z.string(), dimensions: z.number() }),
  );
  return rows[0] ?? null;
}

/** All sites' versions, the oldest first. */
export async function listIndexVersions(db: Queryable): Promise<IndexVersion[]> {
  return db.query(
    `select ${columns} from index_version order by created_at, site_id, embedder`,
    [],
    versionRow,
  );
}

const progressRow = versionRow.extend({
  /** When the current try began; null before the first. */
  begunAt: z.date().nullable(),
  /** Passages embedded per second since then. */
  perSecond: z.number(),
  /** When it is looked after again. */
  deadlineAt: z.date().nullable(),
  /** Whether that moment has passed by more than a minute: nobody works on it. */
  isLeft: z.boolean(),
});
export type IndexProgress = z.infer<typeof progressRow>;

/** A site's versions with the pace of those being built: the live one first, then the latest. */
export async function listIndexProgress(db: Queryable, siteId: string): Promise<IndexProgress[]> {
  return db.query(
    `select ${columns}, begun_at as "begunAt", deadline_at as "deadlineAt",
       coalesce(deadline_at < now() - interval '1 minute', false) as "isLeft",
       coalesce(greatest(0, done - begun_done) / greatest(.5, extract(epoch from now() - begun_at)), 0)
         ::double precision as "perSecond"
     from index_version where site_id = $1 order by state <> 'live', created_at desc`,
    [siteId],
    progressRow,
  );
}

/** Opens a version for every site whose live one is another embedder's, or lacks vectors of this one. */
export async function openIndexVersions(db: Queryable, embedder: EmbedderName): Promise<void> {
  await db.execute(
    `insert into index_version (site_id, embedder, dimensions, state, deadline_at)
     select site_id, $1, $2, 'building', now() from index_version live
     where state = 'live' and embedder <> $1
     on conflict do nothing`,
    [embedder.id, embedder.dimensions],
  );
}

/** Gives up versions of other embedders that nobody has worked on for an hour, with their vectors. */
export async function dropAbandonedVersions(db: Queryable, embedder: EmbedderName): Promise<void> {
  await db.execute(
    `with gone as (
       delete from index_version
       where state <> 'live' and embedder <> $1 and deadline_at < now() - interval '1 hour'
       returning site_id, embedder
     )
     delete from passage_embedding vector using gone
     where vector.site_id = gone.site_id and vector.embedder = gone.embedder`,
    [embedder.id],
  );
}

/** The sites whose build is due, with the next look at them put off. */
export async function takeDueBuilds(
  db: Queryable,
  embedder: EmbedderName,
  deferSeconds: number,
): Promise<string[]> {
  const rows = await db.query(
    `update index_version set deadline_at = now() + make_interval(secs => $2)
     where embedder = $1 and state <> 'live' and deadline_at <= now() returning site_id as id`,
    [embedder.id, deferSeconds],
    z.object({ id: z.string() }),
  );
  return rows.map((row) => row.id);
}

/** Says that a try to build a version begins now, so that its pace can be told. */
export async function noteBegin(db: Queryable, siteId: string, embedder: EmbedderName): Promise<void> {
  await db.execute(
    `update index_version set state = 'building', reason = null, begun_at = now(),
       begun_done = (select count(*) from passage_embedding where site_id = $1 and embedder = $2)
     where site_id = $1 and embedder = $2 and state <> 'live'`,
    [siteId, embedder.id],
  );
}

/** Says how far a build is; it is looked after again in `deferSeconds`. */
export async function noteProgress(
  db: Queryable,
  siteId: string,
  embedder: EmbedderName,
  deferSeconds: number,
): Promise<void> {
  await db.execute(
    `update index_version set deadline_at = now() + make_interval(secs => $3),
       total = (select count(*) from passage where site_id = $1 and holder_id is null),
       done = (select count(*) from passage_embedding where site_id = $1 and embedder = $2)
     where site_id = $1 and embedder = $2 and state <> 'live'`,
    [siteId, embedder.id, deferSeconds],
  );
}

/** Says why a build broke off, and when it is tried again. */
export async function noteFailure(
  db: Queryable,
  siteId: string,
  embedder: EmbedderName,
  failure: { reason: string; retrySeconds: number },
): Promise<void> {
  await db.execute(
    `update index_version set state = 'failed', reason = $3, deadline_at = now() + make_interval(secs => $4)
     where site_id = $1 and embedder = $2 and state <> 'live'`,
    [siteId, embedder.id, failure.reason, failure.retrySeconds],
  );
}

const bareRow = z.object({
  id: z.number(),
  title: z.string(),
  aliases: z.array(z.string()),
  headingPath: z.array(z.string()),
  text: z.string(),
});

/** Passages of the index that have no vector of an embedder yet, in order of their ids. */
export async function listBarePassages(
  db: Queryable,
  siteId: string,
  embedder: EmbedderName,
  limit: number,
): Promise<z.infer<typeof bareRow>[]> {
  return db.query(
    `select passage.id, document.title, document.aliases || passage.aliases as aliases, passage.heading_path as "headingPath", passage.text
     from passage join document on document.id = passage.document_id
     where passage.site_id = $1 and passage.holder_id is null and not exists (
       select 1 from passage_embedding vector where vector.passage_id = passage.id and vector.embedder = $2)
     order by passage.id limit $3`,
    [siteId, embedder.id, limit],
    bareRow,
  );
}

/**
 * Makes a version the one that search reads, and drops the vectors of all others, in the caller's transaction.
 * False, and nothing is changed, when it does not cover every passage or is gone.
 */
export async function swapIndexVersion(
  tx: Transaction,
  siteId: string,
  embedder: EmbedderName,
): Promise<boolean> {
  if ((await listBarePassages(tx, siteId, embedder, 1)).length > 0) return false;
  const dropped = `delete from index_version where site_id = $1 and embedder <> $2
     and exists (select 1 from index_version own where own.site_id = $1 and own.embedder = $2)`;
  await tx.execute(dropped, [siteId, embedder.id]);
  const swapped = await tx.execute(
    `update index_version set state = 'live', reason = null, deadline_at = null
     where site_id = $1 and embedder = $2`,
    [siteId, embedder.id],
  );
  if (swapped === 0) return false;
  await tx.execute('delete from passage_embedding where site_id = $1 and embedder <> $2', [
    siteId,
    embedder.id,
  ]);
  return true;
}
