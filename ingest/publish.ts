import { createHash } from 'node:crypto';
import type { NewDocument } from '../server/domain/knowledge.ts';
import { adoptDocument, findDocumentHash, upsertDocument } from '../server/store/document.ts';
import { replacePassages } from '../server/store/passage.ts';
import { finishItem, type ItemEnd } from '../server/store/source-item.ts';
import { holdsLease } from '../server/store/source.ts';
import { outcomes } from './ledger.ts';
import type { ParsedDocument } from './parse/messages.ts';
import { LeaseLost, type RunContext } from './run-context.ts';

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

/**
 * Makes a document the current version in one transaction: its row, its passages, every index, the ledger.
 * Visitors see the old version or the new one. An unchanged document is left alone.
 * @throws LeaseLost; AppError of the embedder.
 */
export async function publish(
  context: RunContext,
  itemId: number,
  document: NewDocument,
  { notes = [], ...validators }: Pick<ItemEnd, 'etag' | 'lastModified'> & { notes?: readonly string[] } = {},
): Promise<'indexed' | 'unchanged'> {
  const { db, index, lease } = context;
  const siteId = context.source.siteId;
  const stored = await findDocumentHash(db, siteId, document.externalId);
  if (stored?.contentHash === document.contentHash) {
    await db.transaction(async (tx) => {
      if (!(await holdsLease(tx, lease))) throw new LeaseLost();
      await adoptDocument(tx, stored.id, lease.sourceId);
      await finishItem(tx, itemId, { ...outcomes.unchanged(), ...validators, documentId: stored.id });
    });
    return 'unchanged';
  }
  const prepared = await index.prepare(document, context.signal);
  await db.transaction(async (tx) => {
    if (!(await holdsLease(tx, lease))) throw new LeaseLost();
    const documentId = await upsertDocument(tx, siteId, lease.sourceId, document);
    const passageIds = await replacePassages(tx, siteId, documentId, document.title, document.passages);
    await index.write(tx, { siteId, documentId, passageIds, prepared });
    const count = document.passages.length;
    const stored = `Stored as ${String(count)} ${count === 1 ? 'passage' : 'passages'}.`;
    const reason = [stored, ...notes].join(' ');
    await finishItem(tx, itemId, { state: 'indexed', reason, documentId, ...validators });
  });
  await index.merge(db, siteId, context.signal);
  return 'indexed';
}
