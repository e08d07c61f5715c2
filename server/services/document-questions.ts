import type { NewDocument } from '../domain/knowledge.ts';
import { AppError } from '../errors.ts';
import type { Database, Queryable, Transaction } from '../ports.ts';
import { listDocumentQuestions, replaceDocumentQuestions } from '../store/document-question.ts';
import { findDocument, updateAliases } from '../store/document.ts';
import { lockPassages } from '../store/passage-holder.ts';
import { listPassages } from '../store/passage.ts';
import { NotPrepared, type DocumentRow, type PassageIndex } from './passage-index.ts';

/** The document that was asked for is not there. */
export const noDocument = () =>
  new AppError('not-found', 'There is no such document.', { fix: 'List the documents of the site.' });

interface Wanted {
  siteId: string;
  externalId: string;
  questions: readonly string[];
}

/** The stored document as it would be published with these questions. @throws AppError `not-found`. */
async function readAsked(db: Queryable, { siteId, externalId, questions }: Wanted): Promise<DocumentRow> {
  const found = await findDocument(db, siteId, externalId);
  if (found === null) throw noDocument();
  const former = new Set((await listDocumentQuestions(db, siteId, [externalId])).get(externalId));
  const own = found.aliases.filter((alias) => !former.has(alias));
  const { id, url, title, language, text, contentHash } = found;
  const document: NewDocument = {
    externalId,
    url,
    title,
    language,
    text,
    contentHash,
    aliases: [...new Set([...own, ...questions])],
    passages: await listPassages(db, id),
  };
  return { documentId: id, document, isNew: false };
}

/** Stores the questions and puts the document into the index with them, in one transaction. Gives them, each once. */
export async function setDocumentQuestions(
  { db, index }: { db: Database; index: PassageIndex },
  wanted: Wanted,
): Promise<string[]> {
  const { siteId, externalId } = wanted;
  const questions = [...new Set(wanted.questions)];
  const store = async (isSure: boolean) => {
    const before = await readAsked(db, { siteId, externalId, questions });
    const prepared = await index.prepare(db, { siteId, documents: [before], isSure });
    await db.transaction(async (tx: Transaction) => {
      await lockPassages(tx, siteId);
      const row = await readAsked(tx, { siteId, externalId, questions });
      await replaceDocumentQuestions(tx, siteId, externalId, questions);
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
  return questions;
}
