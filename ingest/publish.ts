import { createHash } from 'node:crypto';
import type { NewDocument } from '../server/domain/knowledge.ts';
import { errorMessage } from '../server/errors.ts';
import type { Queryable, Transaction } from '../server/ports.ts';
import { NotPrepared, type PreparedDocuments } from '../server/services/passage-index.ts';
import { adoptDocuments, findDocumentHashes, upsertDocuments } from '../server/store/document.ts';
import { withOwnersQuestions } from '../server/store/document-question.ts';
import { lockPassages } from '../server/store/passage-holder.ts';
import { finishItems, type ItemEnd, type WorkItem } from '../server/store/source-item.ts';
import { holdsLease } from '../server/store/source.ts';
import { createGroups, type Settled } from './group.ts';
import { outcomes, storedReason } from './ledger.ts';
import type { ParsedDocument } from './parse/messages.ts';
import { pipelineVersion } from './reader.ts';
import { endWithoutTextIn } from './removal.ts';
import { LeaseLost, type RunContext } from './run-context.ts';
import { settleTwins } from './twins.ts';

/**
 * Documents that one transaction stores at most, and about how many passages. The embedded database serves one
 * session: visitors wait behind the transaction, so it must be short. In PostgreSQL nobody does, and the fewer there
 * are, the less is waited for.
 */
export const groupLimits = {
  pglite: { documents: 16, passages: 96 },
  postgres: { documents: 64, passages: 512 },
} as const;
/** One group may be embedded while another is stored. */
const groupsAtOnce = 2;

/** A parsed document under the id that it is to have; the hash covers all that a visitor could notice. */
export function toNewDocument(
  parsed: ParsedDocument,
  externalId: string,
  url: string | null,
  aliases: readonly string[] = [],
): NewDocument {
  const { title, language, text, passages } = parsed;
  const cuts = passages.map((passage) => [passage.start, passage.end, passage.headingPath, passage.anchor]);
  const contentHash = createHash('sha256')
    .update(JSON.stringify([pipelineVersion, title, url, language, text, cuts, aliases]))
    .digest('hex');
  return { externalId, url, title, language, text: text.toWellFormed(), contentHash, aliases, passages };
}

export interface Publishing {
  item: WorkItem;
  document: NewDocument;
  /** Whether a source has to hold a text once only, under one of its addresses. */
  isOnceOnly: boolean;
  /** What the item's row remembers of how it was read. */
  marks: Pick<ItemEnd, 'etag' | 'lastModified' | 'ocr' | 'readBy'>;
  notes: readonly string[];
}

export type Published = 'indexed' | 'unchanged' | 'duplicate';

/**
 * Makes a document the current version in one transaction: its row, its passages, every index, the ledger.
 * Visitors see the old version or the new one. An unchanged document is left alone; of pages with the same text
 * one is kept, however they meet.
 * @throws LeaseLost; AppError of the embedder.
 */
export type Publish = (publishing: Publishing) => Promise<Published>;

type Ended = ItemEnd & { itemId: number };
type StoredRow = Publishing & { documentId: number; isNew: boolean };

/** What became of a group's documents before the index: those that ended, and those whose passages are to follow. */
interface StoredRows {
  published: Published[];
  ended: Ended[];
  rows: StoredRow[];
}

/** Stores the rows of those documents that are new or changed. */
async function storeRows(
  tx: Transaction,
  context: RunContext,
  group: readonly Publishing[],
): Promise<StoredRows> {
  const { siteId } = context.source;
  const { sourceId } = context.lease;
  const onceOnly = group.filter(({ isOnceOnly }) => isOnceOnly);
  const winners = await settleTwins(tx, context, onceOnly);
  const open = group.filter(({ item }) => !winners.has(item.id));
  const ids = open.map(({ document }) => document.externalId);
  const known = await findDocumentHashes(tx, siteId, ids);
  const isSame = ({ document }: Publishing) =>
    known.get(document.externalId)?.contentHash === document.contentHash;
  const changed = open.filter((publishing) => !isSame(publishing)).map(({ document }) => document);
  const storedRows = await upsertDocuments(tx, siteId, sourceId, changed);
  const result: StoredRows = { published: [], ended: [], rows: [] };
  for (const publishing of group) {
    const { item, document, marks } = publishing;
    const winner = winners.get(item.id);
    const stored = known.get(document.externalId);
    const row = storedRows.get(document.externalId);
    if (winner !== undefined) {
      await endWithoutTextIn(tx, context, item, outcomes.duplicateOf(winner));
      result.published.push('duplicate');
    } else if (row !== undefined) {
      result.rows.push({ ...publishing, documentId: row.id, isNew: row.isNew });
      result.published.push('indexed');
    } else if (stored !== undefined) {
      result.ended.push({ ...outcomes.unchanged(), ...marks, itemId: item.id, documentId: stored.id });
      result.published.push('unchanged');
    }
  }
  return result;
}

/** The group's documents with the owner's questions; their hashes stay those of what was read. */
async function askedFor(
  db: Queryable,
  { source }: RunContext,
  group: readonly Publishing[],
): Promise<Publishing[]> {
  const documents = group.map(({ document }) => document);
  const asked = await withOwnersQuestions(db, source.siteId, documents);
  return group.map((publishing, at) => ({ ...publishing, document: asked[at] ?? publishing.document }));
}

async function publishIn(
  tx: Transaction,
  context: RunContext,
  group: readonly Publishing[],
  prepared: PreparedDocuments,
): Promise<Published[]> {
  const { index, lease, source } = context;
  if (!(await holdsLease(tx, lease))) throw new LeaseLost();
  await lockPassages(tx, source.siteId);
  const { published, ended, rows } = await storeRows(tx, context, await askedFor(tx, context, group));
  const unchanged = ended.flatMap(({ documentId }) => documentId ?? []);
  await adoptDocuments(tx, unchanged, lease.sourceId);
  const stored = rows.length === 0 ? [] : await index.write(tx, source.siteId, rows, prepared);
  const indexed = rows.flatMap(({ item, documentId, marks, notes, isNew }, place): Ended[] => {
    const counts = stored[place];
    if (counts === undefined) return [];
    const reason = [...storedReason(counts, isNew), ...notes].join(' ');
    return [{ state: 'indexed', reason, documentId, ...marks, itemId: item.id }];
  });
  await finishItems(tx, [...ended, ...indexed]);
  return published;
}

/**
 * Embeds what is new in a group, as far as that can be told without a lock; or, with `isSure`, all that could turn
 * out to be new.
 */
async function prepareGroup(
  context: RunContext,
  group: readonly Publishing[],
  isSure: boolean,
): Promise<PreparedDocuments> {
  const { db, index, signal, source } = context;
  const asked = await askedFor(db, context, group);
  const ids = group.map(({ document }) => document.externalId);
  const stored = await findDocumentHashes(db, source.siteId, ids);
  const changed = asked.flatMap(({ document }) => {
    const known = stored.get(document.externalId);
    const isSame = known?.contentHash === document.contentHash && !isSure;
    return isSame ? [] : { document, documentId: known?.id ?? null };
  });
  return index.prepare(db, { siteId: source.siteId, documents: changed, isSure }, signal);
}

/** Publishes a group in one transaction; prepares it anew where others changed what it builds on. */
async function publishGroup(context: RunContext, group: readonly Publishing[]): Promise<Published[]> {
  const store = async (isSure: boolean) => {
    const prepared = await prepareGroup(context, group, isSure);
    return context.db.transaction((tx) => publishIn(tx, context, group, prepared), { isRepeatable: true });
  };
  try {
    return await store(false);
  } catch (error) {
    if (!(error instanceof NotPrepared)) throw error;
    return store(true);
  }
}

/** One document's fault must not be another's: where a group fails, each is tried by itself. */
async function publishEach(context: RunContext, group: readonly Publishing[]): Promise<Settled<Published>[]> {
  try {
    return (await publishGroup(context, group)).map((result) => ({ result }));
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof LeaseLost || group.length === 1) throw error;
    const { sourceId } = context.lease;
    context.logger.warn('ingest-group-failed', { sourceId, size: group.length, cause: errorMessage(error) });
  }
  const settled: Settled<Published>[] = [];
  for (const one of group) {
    try {
      settled.push(...(await publishGroup(context, [one])).map((result) => ({ result })));
    } catch (error) {
      settled.push({ error });
    }
  }
  return settled;
}

/** Of two with one text the second must see what became of the first. */
function mayJoin(
  { document }: Publishing,
  chosen: readonly Publishing[],
  limits: { passages: number },
): boolean {
  const passages = chosen.reduce((sum, other) => sum + other.document.passages.length, 0);
  return (
    passages + document.passages.length <= limits.passages &&
    chosen.every(
      ({ document: other }) => other.externalId !== document.externalId && other.text !== document.text,
    )
  );
}

export interface Publisher {
  publish: Publish;
  /** Waits for the merging of the index that goes on beside the publishing. */
  settle(): Promise<void>;
}

/** Publishes the documents of a run: those that are ready at the same time share a transaction. */
export function createPublisher(context: RunContext): Publisher {
  const { db, index, signal, source } = context;
  const limits = groupLimits[db.kind];
  let merging: Promise<void> = Promise.resolve();
  const publish = createGroups<Publishing, Published>({
    async run(group) {
      const settled = await publishEach(context, group);
      const isIndexed = settled.some((each) => 'result' in each && each.result === 'indexed');
      if (isIndexed) {
        const merge = index.merge(db, source.siteId, signal);
        // It fails only where the run was stopped, which the run itself says.
        merging = Promise.allSettled([merging, merge]).then(() => {});
      }
      return settled;
    },
    mayJoin: (publishing, chosen) => mayJoin(publishing, chosen, limits),
    maxSize: limits.documents,
    atOnce: groupsAtOnce,
  });
  return { publish, settle: () => merging };
}
