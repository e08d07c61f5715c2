import { AppError, errorMessage } from '../errors.ts';
import type { Database, Embedder, Jobs, Logger } from '../ports.ts';
import { forgetOldVectors, forgetVectors } from '../store/embedding-cache.ts';
import {
  dropAbandonedVersions,
  listBarePassages,
  noteBegin,
  noteFailure,
  noteProgress,
  openIndexVersions,
  swapIndexVersion,
  takeDueBuilds,
} from '../store/index-version.ts';
import { deleteOldSegments } from '../store/lexical-merge.ts';
import { dropUnusedAnnIndexes } from '../store/passage-ann.ts';
import { lockPassages } from '../store/passage-holder.ts';
import { insertEmbeddings } from '../store/passage-index.ts';
import { ensureAnnIndex } from './ann-policy.ts';
import { embeddingText, embedPassages, textKey } from './passage-vectors.ts';

/** A build without a sign of life for this long is taken up again. */
const buildSeconds = 20;
/** How long a build that failed waits before the next try. */
const retrySeconds = 300;
const passagesAtOnce = 192;
/** Passages published by a process that still has the former embedder are filled in; this often at most. */
const maxSwapTries = 20;

/** Builds the vectors of a new embedder beside the old ones, which serve until the new ones are whole. */
export interface IndexBuilds {
  /** Opens builds where the configured embedder is not the one in use, and puts due ones into the queue. */
  sweep(): Promise<void>;
  /**
   * Embeds what has no vector of the configured embedder yet, then swaps in one transaction. Goes on where an
   * earlier try ended. A failure is noted for the owner and tried again later; the old index serves on.
   * @throws the signal's reason; AppError `unavailable` when the database is away.
   */
  build(siteId: string, signal: AbortSignal): Promise<void>;
}

export interface IndexBuildsDeps {
  db: Database;
  jobs: Jobs;
  embedder: Embedder;
  logger: Logger;
}

async function fill(deps: IndexBuildsDeps, siteId: string, signal: AbortSignal): Promise<void> {
  const { db, embedder } = deps;
  for (;;) {
    signal.throwIfAborted();
    await noteProgress(db, siteId, embedder, buildSeconds);
    const bare = await listBarePassages(db, siteId, embedder, passagesAtOnce);
    if (bare.length === 0) return;
    const texts = bare.map((passage) => embeddingText(passage.title, passage, passage.aliases));
    const vectors = await embedPassages(db, embedder, texts, signal);
    await db.transaction(async (tx) => {
      await lockPassages(tx, siteId);
      // Some may have been replaced while they were embedded.
      const ids = new Set((await listBarePassages(tx, siteId, embedder, passagesAtOnce)).map(({ id }) => id));
      const found = bare.flatMap(({ id }, index) => {
        const vector = vectors.get(texts[index] ?? '');
        return vector === undefined || !ids.has(id) ? [] : { id, vector };
      });
      await insertEmbeddings(
        tx,
        siteId,
        embedder,
        found.map(({ id }) => id),
        found.map(({ vector }) => vector),
      );
      await forgetVectors(tx, embedder.id, texts.map(textKey));
    });
  }
}

async function swap({ db }: IndexBuildsDeps, siteId: string, embedder: Embedder): Promise<boolean> {
  return db.transaction(async (tx) => {
    await lockPassages(tx, siteId);
    return swapIndexVersion(tx, siteId, embedder);
  });
}

async function buildOnce(deps: IndexBuildsDeps, siteId: string, signal: AbortSignal): Promise<void> {
  const { db, embedder, logger } = deps;
  await noteBegin(db, siteId, embedder);
  for (let tries = 1; ; tries += 1) {
    await fill(deps, siteId, signal);
    await ensureAnnIndex(db, embedder, siteId);
    if (await swap(deps, siteId, embedder)) break;
    if (tries >= maxSwapTries)
      throw new AppError('conflict', 'Passages came faster than they were embedded.');
  }
  logger.info('index-swapped', { siteId, embedder: embedder.id });
  await dropUnusedAnnIndexes(db);
}

export function createIndexBuilds(deps: IndexBuildsDeps): IndexBuilds {
  const { db, jobs, embedder, logger } = deps;
  return {
    async sweep() {
      await forgetOldVectors(db);
      await deleteOldSegments(db, null);
      await openIndexVersions(db, embedder);
      await dropAbandonedVersions(db, embedder);
      await dropUnusedAnnIndexes(db);
      for (const siteId of await takeDueBuilds(db, embedder, buildSeconds)) {
        await jobs.enqueue('index-build', { siteId }, { key: `index-build-${siteId}` });
      }
    },
    async build(siteId, signal) {
      try {
        await buildOnce(deps, siteId, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof AppError) || error.code === 'unavailable') throw error;
        const reason = [error.message, error.fix ?? ''].join(' ').trim();
        logger.warn('index-build-failed', { siteId, embedder: embedder.id, reason: errorMessage(error) });
        await noteFailure(db, siteId, embedder, { reason, retrySeconds });
      }
    },
  };
}
