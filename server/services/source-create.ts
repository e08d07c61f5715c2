import type { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Clock, Database, Ids } from '../ports.ts';
import {
  websiteSourceSchema,
  type pagesSourceSchema,
  type qaSourceSchema,
} from '../protocol/http-knowledge.ts';
import { findSite } from '../store/site.ts';
import { addItems, type NewItem } from '../store/source-item.ts';
import {
  acceptSource,
  deleteSource,
  insertSource,
  type NewSource,
  type SourceType,
} from '../store/source.ts';
import type { IntakeQuota } from './intake-quota.ts';
import { defaultQaName, itemsOfPairs, readPairs } from './source-qa.ts';
import { createSharedDatabase } from './shared-database.ts';
import { intakeMs, takeFiles, takeLines, type UploadFile } from './source-intake.ts';

/** A queued source that no worker took for this long is put into the queue again. */
export const queuedMs = 15_000;

/** Connections that all intakes of a process take together: however many come, visitors find one. */
const intakeConnections = 3;

/** The ways in. Each resolves with the source's id when all of it is stored: from then on nothing is lost. */
export interface SourceIntake {
  /** @throws AppError `not-found` when there is no such site. */
  createWebsite(siteId: string, input: z.input<typeof websiteSourceSchema>): Promise<string>;
  createPages(siteId: string, input: z.output<typeof pagesSourceSchema>): Promise<string>;
  /**
   * Takes pairs from CSV; rows that are none end in the ledger with the reason.
   * @throws AppError `not-found`; `invalid-request` when no row is a pair; `too-large`.
   */
  createQaFromCsv(siteId: string, name: string, stream: AsyncIterable<Uint8Array>): Promise<string>;
  createQa(siteId: string, input: z.output<typeof qaSourceSchema>): Promise<string>;
  /**
   * Takes NDJSON as it arrives and resolves when all of it is stored: from then on nothing is lost.
   * @throws AppError `not-found`; `invalid-request` for an empty stream; the stream's own error.
   */
  createDocuments(siteId: string, name: string, stream: AsyncIterable<Uint8Array>): Promise<string>;
  /** Takes files as they arrive; as `createDocuments`. */
  createUpload(
    siteId: string,
    name: string,
    files: AsyncIterable<UploadFile> | Iterable<UploadFile>,
  ): Promise<string>;
}

/** @throws AppError `not-found` when there is no such site. */
export async function assertSite(db: Database, siteId: string): Promise<void> {
  if ((await findSite(db, siteId)) === null) {
    throw new AppError('not-found', 'There is no such site.', {
      fix: 'List the sites, or make this one first.',
    });
  }
}

function nameOfAddress(url: string): string {
  const { host, pathname } = new URL(url);
  return pathname === '/' ? host : `${host}${pathname}`;
}

interface Deps {
  db: Database;
  clock: Clock;
  ids: Ids;
  quota: IntakeQuota;
}
type Enqueue = (sourceId: string, run: number) => Promise<void>;

/** Stores sources with their input. Accepting means rows first, then `enqueue`: losing the queue loses nothing. */
function createKeeper(deps: Deps, enqueue: Enqueue) {
  const { db, clock, ids, quota } = deps;

  function newSource(siteId: string, type: SourceType, name: string, rest: Partial<NewSource>): NewSource {
    const now = clock.now();
    const [createdAt, acceptedAt] = [new Date(now), new Date(now)];
    const base = { id: ids.uuid(), siteId, type, name, url: null, config: {}, createdAt, acceptedAt };
    return { ...base, deadlineAt: new Date(now + queuedMs), ...rest };
  }

  /** Stores what streams in under an open intake, then lets workers have it. */
  async function takeIn(source: NewSource, take: (sourceId: string) => Promise<number>): Promise<string> {
    await assertSite(db, source.siteId);
    await insertSource(db, { ...source, acceptedAt: null, deadlineAt: new Date(clock.now() + intakeMs) });
    try {
      if ((await take(source.id)) === 0) {
        throw new AppError('invalid-request', 'There was nothing in it.', {
          fix: 'Send at least one document.',
        });
      }
    } catch (error) {
      await db.transaction((tx) => deleteSource(tx, source.siteId, source.id));
      throw error;
    }
    const now = clock.now();
    if (!(await acceptSource(db, source.id, new Date(now), new Date(now + queuedMs))))
      throw new AppError('not-found', 'The source was deleted while it was sent.');
    await enqueue(source.id, 1);
    return source.id;
  }

  async function createWithItems(source: NewSource, items: readonly NewItem[]): Promise<string> {
    await assertSite(db, source.siteId);
    await db.transaction(async (tx) => {
      await insertSource(tx, source);
      await quota.take(tx, source.siteId, source.id, Buffer.byteLength(JSON.stringify(items)));
      await addItems(tx, source.id, 1, items, true);
    });
    await enqueue(source.id, 1);
    return source.id;
  }

  return { newSource, takeIn, createWithItems };
}

/** The ways in, each of which stores all of its input before it resolves. */
export function createSourceIntake(given: Deps, enqueue: Enqueue): SourceIntake {
  const deps = { ...given, db: createSharedDatabase(given.db, intakeConnections) };
  const { newSource, takeIn, createWithItems } = createKeeper(deps, enqueue);
  return {
    createWebsite(siteId, input) {
      const { type, name, ...config } = websiteSourceSchema.parse(input);
      const { url } = config;
      return createWithItems(newSource(siteId, type, name ?? nameOfAddress(url), { url, config }), []);
    },
    createPages(siteId, { type, name, ...config }) {
      const [url = '', ...others] = config.urls;
      const fallback = others.length === 0 ? nameOfAddress(url) : `${String(others.length + 1)} pages`;
      return createWithItems(newSource(siteId, type, name ?? fallback, { url, config }), []);
    },
    createQa(siteId, { type, name, pairs }) {
      const items = itemsOfPairs(pairs.map((pair) => ({ pair })));
      return createWithItems(newSource(siteId, type, name ?? defaultQaName, {}), items);
    },
    createQaFromCsv: async (siteId, name, stream) =>
      createWithItems(newSource(siteId, 'qa', name, {}), itemsOfPairs(await readPairs(stream))),
    createDocuments: (siteId, name, stream) =>
      takeIn(newSource(siteId, 'documents', name, {}), (sourceId) =>
        takeLines(deps, { siteId, sourceId }, stream),
      ),
    createUpload: (siteId, name, files) =>
      takeIn(newSource(siteId, 'upload', name, {}), (sourceId) =>
        takeFiles(deps, { siteId, sourceId }, files),
      ),
  };
}
