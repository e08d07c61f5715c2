import { createHash } from 'node:crypto';
import type { NewDocument } from '../server/domain/knowledge.ts';
import { AppError } from '../server/errors.ts';
import type { Transaction } from '../server/ports.ts';
import type { PreparedDocument } from '../server/services/passage-index.ts';
import { adoptDocument, findDocumentHash, findTwins, upsertDocument } from '../server/store/document.ts';
import { replacePassages } from '../server/store/passage.ts';
import { finishItem, type ItemEnd, type WorkItem } from '../server/store/source-item.ts';
import { holdsLease } from '../server/store/source.ts';
import { outcomes } from './ledger.ts';
import type { ParsedDocument } from './parse/messages.ts';
import { endWithoutTextIn } from './removal.ts';
import { LeaseLost, type RunContext } from './run-context.ts';
import { settleTwins, winnerAmong } from './twins.ts';

/** Raise it when the same input would give other passages, so that everything is read anew. */
const pipelineVersion = 1;

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

/**
 * Ends an item that stores nothing.
 * @throws LeaseLost when the run is in other hands.
 */
export async function endItem(context: RunContext, itemId: number, end: ItemEnd): Promise<void> {
  await context.db.transaction(async (tx) => {
    if (!(await holdsLease(tx, context.lease))) throw new LeaseLost();
    await finishItem(tx, itemId, end);
  });
}

interface Publishing {
  item: WorkItem;
  document: NewDocument;
  /** Whether a source has to hold a text once only, under one of its addresses. */
  isOnceOnly: boolean;
  validators: Pick<ItemEnd, 'etag' | 'lastModified'>;
  notes: readonly string[];
}

type Published = 'indexed' | 'unchanged' | 'duplicate';

/** A guess, without a lock: the embedder is not asked for what will hardly be stored. */
async function isKnown(context: RunContext, { item, document, isOnceOnly }: Publishing): Promise<boolean> {
  const { db, lease, source } = context;
  const stored = await findDocumentHash(db, source.siteId, document.externalId);
  if (stored?.contentHash === document.contentHash) return true;
  if (!isOnceOnly) return false;
  return winnerAmong(item, await findTwins(db, source.siteId, lease.sourceId, document)) !== null;
}

/** Null when it turns out to be new, but was not prepared. */
async function publishIn(
  tx: Transaction,
  context: RunContext,
  { item, document, isOnceOnly, validators, notes }: Publishing,
  prepared: PreparedDocument | null,
): Promise<Published | null> {
  const { index, lease } = context;
  const { siteId } = context.source;
  if (!(await holdsLease(tx, lease))) throw new LeaseLost();
  const winner = isOnceOnly ? await settleTwins(tx, context, item, document) : null;
  if (winner !== null) {
    await endWithoutTextIn(tx, context, item, outcomes.duplicateOf(winner));
    return 'duplicate';
  }
  const stored = await findDocumentHash(tx, siteId, document.externalId);
  if (stored?.contentHash === document.contentHash) {
    await adoptDocument(tx, stored.id, lease.sourceId);
    await finishItem(tx, item.id, { ...outcomes.unchanged(), ...validators, documentId: stored.id });
    return 'unchanged';
  }
  if (prepared === null) return null;
  const documentId = await upsertDocument(tx, siteId, lease.sourceId, document);
  const passageIds = await replacePassages(tx, siteId, documentId, document.title, document.passages);
  await index.write(tx, { siteId, documentId, passageIds, prepared });
  const count = document.passages.length;
  const reason = [`Stored as ${String(count)} ${count === 1 ? 'passage' : 'passages'}.`, ...notes].join(' ');
  await finishItem(tx, item.id, { state: 'indexed', reason, documentId, ...validators });
  return 'indexed';
}

/**
 * Makes a document the current version in one transaction: its row, its passages, every index, the ledger.
 * Visitors see the old version or the new one. An unchanged document is left alone; of pages with the same text
 * one is kept, however they meet.
 * @throws LeaseLost; AppError of the embedder.
 */
export async function publish(context: RunContext, publishing: Publishing): Promise<Published> {
  const { db, index, signal, source } = context;
  const prepare = () => index.prepare(publishing.document, signal);
  const store = (prepared: PreparedDocument | null) =>
    db.transaction((tx) => publishIn(tx, context, publishing, prepared));
  const guessed = await store((await isKnown(context, publishing)) ? null : await prepare());
  const published = guessed ?? (await store(await prepare()));
  if (published === null) throw new AppError('internal', 'A prepared document was not published.');
  if (published === 'indexed') await index.merge(db, source.siteId, signal);
  return published;
}
