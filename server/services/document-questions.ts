import type { AskedQuestion } from '../domain/asked-questions.ts';
import { AppError } from '../errors.ts';
import type { Database, Queryable, Transaction } from '../ports.ts';
import {
  listDocumentQuestions,
  replaceDocumentQuestions,
  withQuestions,
} from '../store/document-question.ts';
import { findDocument, updateAliases } from '../store/document.ts';
import { lockPassages } from '../store/passage-holder.ts';
import { listPassages, type PassageRecord } from '../store/passage.ts';
import { NotPrepared, type DocumentRow, type PassageIndex } from './passage-index.ts';

/** The document that was asked for is not there. */
export const noDocument = () =>
  new AppError('not-found', 'There is no such document.', { fix: 'List the documents of the site.' });

/** What becomes of a document's questions, given its passages. @throws AppError where it cannot be done. */
export type QuestionChange = (
  asked: readonly AskedQuestion[],
  passages: readonly PassageRecord[],
) => AskedQuestion[];

/** A change of one document's questions. */
export interface WantedChange {
  externalId: string;
  change: QuestionChange;
}

interface Changed {
  row: DocumentRow;
  asked: AskedQuestion[];
}

/** The stored document as it would be published with the changed questions; null where it is not there. */
async function readAsked(
  db: Queryable,
  siteId: string,
  { externalId, change }: WantedChange,
): Promise<Changed | null> {
  const found = await findDocument(db, siteId, externalId);
  if (found === null) return null;
  const former = (await listDocumentQuestions(db, siteId, [externalId])).get(externalId) ?? [];
  const passages = await listPassages(db, found.id);
  const asked = change(former, passages);
  const formerly = new Set(former.map(({ question }) => question));
  const aliases = found.aliases.filter((alias) => !formerly.has(alias));
  const { id, url, title, language, text, contentHash } = found;
  const document = { externalId, url, title, language, text, contentHash, aliases, passages };
  return { row: { documentId: id, document: withQuestions(document, asked), isNew: false }, asked };
}

async function readAll(
  db: Queryable,
  siteId: string,
  wanted: readonly WantedChange[],
): Promise<{ there: Changed[]; missing: WantedChange[] }> {
  const there: Changed[] = [];
  const missing: WantedChange[] = [];
  for (const each of wanted) {
    const changed = await readAsked(db, siteId, each);
    if (changed === null) missing.push(each);
    else there.push(changed);
  }
  return { there, missing };
}

/**
 * Changes the questions of documents and puts these into the index with them, all in one transaction or none.
 * `onMissing` is called in it with the changes of documents that are not there.
 */
export async function changeQuestions(
  { db, index }: { db: Database; index: PassageIndex },
  siteId: string,
  wanted: readonly WantedChange[],
  onMissing: (tx: Transaction, missing: readonly WantedChange[]) => Promise<void>,
): Promise<void> {
  const store = async (isSure: boolean) => {
    const before = await readAll(db, siteId, wanted);
    const rows = before.there.map(({ row }) => row);
    const prepared = await index.prepare(db, { siteId, documents: rows, isSure });
    await db.transaction(async (tx: Transaction) => {
      await lockPassages(tx, siteId);
      const { there, missing } = await readAll(tx, siteId, wanted);
      // one that came meanwhile was not prepared
      if (missing.length < before.missing.length) throw new NotPrepared();
      for (const { row, asked } of there) {
        await replaceDocumentQuestions(tx, siteId, row.document.externalId, asked);
        await updateAliases(tx, row.documentId, row.document.aliases ?? []);
      }
      const written = there.map(({ row }) => row);
      if (written.length > 0) await index.write(tx, siteId, written, prepared);
      await onMissing(tx, missing);
    });
  };
  try {
    await store(false);
  } catch (error) {
    if (!(error instanceof NotPrepared)) throw error;
    await store(true);
  }
  await index.merge(db, siteId);
}

/** Changes one document's questions. @throws AppError `not-found`, or those of the change. */
export async function changeDocumentQuestions(
  deps: { db: Database; index: PassageIndex },
  { siteId, ...wanted }: WantedChange & { siteId: string },
): Promise<void> {
  await changeQuestions(deps, siteId, [wanted], (_tx, missing) => {
    if (missing.length > 0) throw noDocument();
    return Promise.resolve();
  });
}
