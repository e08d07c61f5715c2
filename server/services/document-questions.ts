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

interface Wanted {
  siteId: string;
  externalId: string;
  change: QuestionChange;
}

/** The stored document as it would be published with the changed questions. @throws AppError `not-found`. */
async function readAsked(
  db: Queryable,
  { siteId, externalId, change }: Wanted,
): Promise<{ row: DocumentRow; asked: AskedQuestion[] }> {
  const found = await findDocument(db, siteId, externalId);
  if (found === null) throw noDocument();
  const former = (await listDocumentQuestions(db, siteId, [externalId])).get(externalId) ?? [];
  const passages = await listPassages(db, found.id);
  const asked = change(former, passages);
  const formerly = new Set(former.map(({ question }) => question));
  const aliases = found.aliases.filter((alias) => !formerly.has(alias));
  const { id, url, title, language, text, contentHash } = found;
  const document = { externalId, url, title, language, text, contentHash, aliases, passages };
  return { row: { documentId: id, document: withQuestions(document, asked), isNew: false }, asked };
}

/** Changes a document's questions and puts it into the index with them, in one transaction. */
export async function changeDocumentQuestions(
  { db, index }: { db: Database; index: PassageIndex },
  wanted: Wanted,
): Promise<void> {
  const { siteId, externalId } = wanted;
  const store = async (isSure: boolean) => {
    const before = await readAsked(db, wanted);
    const prepared = await index.prepare(db, { siteId, documents: [before.row], isSure });
    await db.transaction(async (tx: Transaction) => {
      await lockPassages(tx, siteId);
      const { row, asked } = await readAsked(tx, wanted);
      await replaceDocumentQuestions(tx, siteId, externalId, asked);
      await updateAliases(tx, row.documentId, row.document.aliases ?? []);
      await index.write(tx, siteId, [row], prepared);
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
