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
import { parsePairs, type PairRow } from './qa-csv.ts';
import { intakeMs, takeFiles, takeLines, type UploadFile } from './source-intake.ts';

/** A queued source that no worker took for this long is put into the queue again. */
export const queuedMs = 15_000;

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

/** What questions and answers are called unless told. */
export const defaultQaName = 'Questions and answers';
const maxCsvBytes = 4_000_000;
const maxCsvRows = 5_000;

function nameOfAddress(url: string): string {
  const { host, pathname } = new URL(url);
  return pathname === '/' ? host : `${host}${pathname}`;
}

function itemOfPair(row: PairRow): NewItem {
  if ('reason' in row) return { ...row, state: 'failed' };
  const { url = null, ...pair } = row.pair;
  return { locator: pair.question, payload: { ...pair, url } };
}

async function readCsv(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > maxCsvBytes) {
      throw new AppError('too-large', 'A list of questions and answers takes at most 4 MB.', {
        fix: 'Send several lists.',
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const noPairs = (why: string | undefined) =>
  new AppError('invalid-request', why ?? 'There was nothing in it.', {
    fix: 'Name the columns question and answer in the first row, and fill both in each row.',
  });

/** Accepting means rows first, then `enqueue`: losing the queue loses nothing. */
export function createSourceIntake(
  deps: { db: Database; clock: Clock; ids: Ids; quota: IntakeQuota },
  enqueue: (sourceId: string, run: number) => Promise<void>,
): SourceIntake {
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

  function createPairs(siteId: string, name: string, rows: readonly PairRow[]): Promise<string> {
    const items = new Map(rows.map((row) => itemOfPair(row)).map((item) => [item.locator, item]));
    return createWithItems(newSource(siteId, 'qa', name, {}), [...items.values()]);
  }

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
    createQa: (siteId, { name, pairs }) =>
      createPairs(
        siteId,
        name ?? defaultQaName,
        pairs.map((pair) => ({ pair })),
      ),
    async createQaFromCsv(siteId, name, stream) {
      const rows = parsePairs(await readCsv(stream));
      const faulty = rows.flatMap((row) => ('reason' in row ? [row.reason] : []));
      if (rows.length > maxCsvRows) {
        throw new AppError('too-large', 'A list takes at most 5,000 questions.', {
          fix: 'Send several lists.',
        });
      }
      if (faulty.length === rows.length) throw noPairs(faulty[0]);
      return createPairs(siteId, name, rows);
    },
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
