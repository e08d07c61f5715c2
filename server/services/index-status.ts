import type { IndexBuild, IndexStatus } from '../protocol/http-knowledge.ts';
import type { Database } from '../ports.ts';
import { listIndexProgress, type IndexProgress } from '../store/index-version.ts';
import { findAnnBuild } from '../store/passage-ann.ts';

/** Tells which vectors a site's search reads, and how far those are that will replace them. */
export interface IndexStatuses {
  get(siteId: string): Promise<IndexStatus>;
}

function stateOf({ state, begunAt, isLeft, done, total }: IndexProgress): IndexBuild['state'] {
  if (state === 'failed') return 'failed';
  if (begunAt === null || isLeft || total === 0) return 'waiting';
  return done < total ? 'embedding' : 'indexing';
}

const fixes: Readonly<Record<IndexBuild['state'], (build: IndexProgress) => string | null>> = {
  waiting: ({ isLeft, embedder }) =>
    isLeft
      ? `No worker makes vectors of ${embedder}. Start one with that setting, or set the former one.`
      : null,
  embedding: () => null,
  indexing: () => null,
  failed: () => 'Mend what it says, or set the former embedding model again. It is tried again by itself.',
};

function toBuild(version: IndexProgress, ann: IndexBuild['ann']): IndexBuild {
  const { embedder, dimensions, done, total, reason, begunAt, deadlineAt } = version;
  const state = stateOf(version);
  const perSecond = state === 'embedding' && version.perSecond > 0 ? version.perSecond : null;
  return {
    ...{ embedder, dimensions, state, done, total, perSecond },
    secondsLeft: perSecond === null ? null : (total - done) / perSecond,
    ann,
    begunAt: begunAt?.toISOString() ?? null,
    reason: state === 'failed' ? reason : null,
    fix: fixes[state](version),
    retryAt: state === 'failed' ? (deadlineAt?.toISOString() ?? null) : null,
  };
}

/** @see IndexStatuses */
export function createIndexStatuses({ db }: { db: Database }): IndexStatuses {
  return {
    async get(siteId) {
      const versions = await listIndexProgress(db, siteId);
      const live = versions.find(({ state }) => state === 'live');
      const open = versions.find(({ state }) => state !== 'live');
      const ann =
        open !== undefined && stateOf(open) === 'indexing'
          ? await findAnnBuild(db, {
              siteId,
              embedder: { id: open.embedder, dimensions: open.dimensions },
            })
          : null;
      return {
        live: live === undefined ? null : { embedder: live.embedder, dimensions: live.dimensions },
        build: open === undefined ? null : toBuild(open, ann),
      };
    },
  };
}
