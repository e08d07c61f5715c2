import { AppError, errorMessage } from '../errors.ts';
import type { Clock, Database, Ids, Jobs, Logger } from '../ports.ts';
import type { LedgerFilter, Source, SourceDetail, SourceUpdate } from '../protocol/http-knowledge.ts';
import { deleteDocument, documentsOfSource } from '../store/document.ts';
import { finishOpenItems } from '../store/source-item.ts';
import { countItems, endedPerSecond, listItems, noItems } from '../store/source-ledger.ts';
import { cancelSource, deleteSource, findSource, listSources, type SourceRecord } from '../store/source.ts';
import type { IntakeQuota } from './intake-quota.ts';
import type { PassageIndex } from './passage-index.ts';
import { assertSite, createSourceIntake, type SourceIntake } from './source-create.ts';
import { createSourceControl } from './source-control.ts';
import { sweepSources } from './source-sweep.ts';
import { toItemView, toSourceView } from './source-view.ts';

const sweepLimit = 100;
const deleteBatch = 50;
const maxPageSize = 500;

export interface SourcesDeps {
  db: Database;
  jobs: Jobs;
  index: PassageIndex;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  quota: IntakeQuota;
}

export interface ItemPage {
  /** `next` of the page before; null for the first. */
  after?: string | null;
  /** 1..500, 100 unless told. */
  limit?: number;
  /** Only these rows; null for all. */
  show?: LedgerFilter | null;
}

/** What comes in, what became of it, and what is done about it. Every method checks the site. */
export interface Sources extends SourceIntake {
  /** Newest first. */
  list(siteId: string): Promise<Source[]>;
  /** @throws AppError `not-found`; `invalid-request` for a page that is none. */
  get(siteId: string, id: string, page?: ItemPage): Promise<SourceDetail>;
  /** Stops a source that is not over; what is stored stays. @throws AppError `not-found`. */
  cancel(siteId: string, id: string): Promise<Source>;
  /** Deletes a source with its documents, which are found nowhere from then on. @throws AppError `not-found`. */
  remove(siteId: string, id: string): Promise<void>;
  /** Reads a source again; what did not change stays as it is. @throws AppError `not-found`, `conflict`. */
  rerun(siteId: string, id: string): Promise<Source>;
  /** Halts a run; what is stored stays. @throws AppError `not-found`, `conflict`. */
  pause(siteId: string, id: string): Promise<Source>;
  /** Goes on with a paused run. @throws AppError `not-found`, `conflict`. */
  resume(siteId: string, id: string): Promise<Source>;
  /** Renames or schedules. @throws AppError `not-found`, `conflict`, `invalid-request`. */
  update(siteId: string, id: string, change: SourceUpdate): Promise<Source>;
  /**
   * Puts accepted work that the queue lost into the queue again, ends what nobody ends (intakes that broke off, long
   * pauses, runs that get nowhere), and begins the runs whose time has come.
   */
  sweep(): Promise<void>;
}

const notFound = () =>
  new AppError('not-found', 'There is no such source.', { fix: 'List the sources of the site.' });

function parseCursor(after: string | null | undefined): number {
  const cursor = Number(after ?? 0);
  if (Number.isSafeInteger(cursor) && cursor >= 0) return cursor;
  throw new AppError('invalid-request', '"after" is not a cursor of this list.', {
    fix: 'Use "next" of the page before.',
  });
}

async function getRecord(db: Database, siteId: string, id: string): Promise<SourceRecord> {
  const source = /^[0-9a-f-]{36}$/i.test(id) ? await findSource(db, siteId, id) : null;
  if (source === null) throw notFound();
  return source;
}

async function getView(db: Database, siteId: string, id: string): Promise<Source> {
  const source = await getRecord(db, siteId, id);
  const counts = (await countItems(db, [source.id])).get(source.id) ?? noItems();
  const perSecond = source.state === 'running' ? await endedPerSecond(db, source.id, source.run) : null;
  return toSourceView(source, counts, perSecond);
}

/** Deletes a source's documents a few at a time, each batch gone from every index with its commit. */
async function removeSource(deps: SourcesDeps, siteId: string, id: string): Promise<void> {
  const source = await getRecord(deps.db, siteId, id);
  await deps.db.transaction(async (tx) => {
    await cancelSource(tx, siteId, source.id, new Date(deps.clock.now()));
  });
  for (;;) {
    const isDone = await deps.db.transaction(async (tx) => {
      const documents = await documentsOfSource(tx, source.id, deleteBatch);
      for (const documentId of documents) {
        await deps.index.remove(tx, { siteId, documentId });
        await deleteDocument(tx, siteId, documentId);
      }
      if (documents.length === 0) await deleteSource(tx, siteId, source.id);
      return documents.length === 0;
    });
    if (isDone) return;
  }
}

/** The use cases of sources. Accepting means rows first, then the queue: losing the queue loses nothing. */
export function createSources(deps: SourcesDeps): Sources {
  const { db, jobs, clock, logger } = deps;

  /** A queue that is away does not lose the work: the sweeper finds it. */
  async function enqueue(sourceId: string, run: number): Promise<void> {
    try {
      await jobs.enqueue('source-run', { sourceId, run }, { key: `source-run-${sourceId}-${String(run)}` });
    } catch (error) {
      logger.warn('source-not-enqueued', { sourceId, run, cause: errorMessage(error) });
    }
  }

  const create = createSourceIntake(deps, enqueue);
  const control = createSourceControl(deps, enqueue);

  async function act(
    siteId: string,
    id: string,
    work: (source: SourceRecord) => Promise<void>,
  ): Promise<Source> {
    await work(await getRecord(db, siteId, id));
    return getView(db, siteId, id);
  }

  return {
    ...create,
    async list(siteId) {
      await assertSite(db, siteId);
      const sources = await listSources(db, siteId);
      const counts = await countItems(
        db,
        sources.map((source) => source.id),
      );
      return sources.map((source) => toSourceView(source, counts.get(source.id) ?? noItems(), null));
    },
    async get(siteId, id, page = {}) {
      const limit = Math.min(Math.max(page.limit ?? 100, 1), maxPageSize);
      const after = parseCursor(page.after);
      const view = await getView(db, siteId, id);
      const items = await listItems(db, view.id, { after, limit: limit + 1, show: page.show ?? null });
      const last = items[limit - 1];
      const next = items.length > limit && last !== undefined ? String(last.id) : null;
      return { ...view, items: items.slice(0, limit).map(toItemView), next };
    },
    async cancel(siteId, id) {
      const source = await getRecord(db, siteId, id);
      await db.transaction(async (tx) => {
        const isCancelled = await cancelSource(tx, siteId, source.id, new Date(clock.now()));
        const reason = 'The source was cancelled before it was read.';
        if (isCancelled) await finishOpenItems(tx, source.id, { state: 'skipped', reason });
      });
      return getView(db, siteId, id);
    },
    remove: (siteId, id) => removeSource(deps, siteId, id),
    rerun: (siteId, id) => act(siteId, id, (source) => control.rerun(source)),
    pause: (siteId, id) => act(siteId, id, (source) => control.pause(source)),
    resume: (siteId, id) => act(siteId, id, (source) => control.resume(source)),
    update: (siteId, id, change) => act(siteId, id, (source) => control.update(source, change)),
    async sweep() {
      await sweepSources(deps, enqueue);
      await control.runDue(sweepLimit);
    },
  };
}
