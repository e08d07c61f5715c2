import type { z } from 'zod';
import { askOfDocument, askOfPassage, placeQuestions } from '../domain/asked-questions.ts';
import { AppError } from '../errors.ts';
import type { Database } from '../ports.ts';
import type { documentSummarySchema, DocumentView } from '../protocol/http-knowledge.ts';
import { listDocumentQuestions } from '../store/document-question.ts';
import { deleteDocument, findDocument, findDocumentHash, listDocuments } from '../store/document.ts';
import { findPairOfDocument } from '../store/pair-item.ts';
import { listPassages, type PassageRecord } from '../store/passage.ts';
import { changeDocumentQuestions, noDocument, type QuestionChange } from './document-questions.ts';
import { endDeletedItems, freeInput } from '../store/source-input.ts';
import type { PassageIndex } from './passage-index.ts';
import { createQuestionTransfer, type QuestionTransfer } from './question-transfer.ts';

export type DocumentSummaryView = z.infer<typeof documentSummarySchema>;

const maxPageSize = 500;

/** What a question leads to: a document, or that passage of it as it stands now. */
export interface QuestionedPlace {
  siteId: string;
  externalId: string;
  passageId?: string;
}

/** Documents by the caller's own id (or the page's address). */
export interface Documents {
  /** @throws AppError `not-found`. */
  get(siteId: string, externalId: string): Promise<DocumentView>;
  /** A page of the site's documents; `next` goes into `after`. */
  list(
    siteId: string,
    page?: { after?: string | null; limit?: number },
  ): Promise<{ documents: DocumentSummaryView[]; next: string | null }>;
  /**
   * Puts `questions` in place of the other ways to ask for a document, or for one passage of it, for this and all
   * later versions of it; the next search knows them.
   * @throws AppError `not-found`; those of the embedder.
   */
  setQuestions(place: QuestionedPlace, questions: readonly string[]): Promise<DocumentView>;
  /** All other ways to ask, to be carried elsewhere. */
  questions: QuestionTransfer;
  /**
   * Deletes a document with what it was read from; when this resolves, no search finds it.
   * @throws AppError `not-found`.
   */
  remove(siteId: string, externalId: string): Promise<void>;
}

async function readDocument(db: Database, siteId: string, externalId: string): Promise<DocumentView> {
  const found = await findDocument(db, siteId, externalId);
  if (found === null) throw noDocument();
  const passages = await listPassages(db, found.id);
  const asked = (await listDocumentQuestions(db, siteId, [externalId])).get(externalId) ?? [];
  const { whole, astray, byPassage } = placeQuestions(asked, passages);
  return {
    id: found.externalId,
    title: found.title,
    url: found.url,
    language: found.language,
    text: found.text,
    questions: whole,
    astray,
    pair: await findPairOfDocument(db, found.id),
    updatedAt: found.updatedAt.toISOString(),
    passages: passages.map(({ id, headingPath, anchor, page, start, end, text }, index) => {
      const questions = byPassage[index] ?? [];
      return { id: String(id), headingPath: [...headingPath], anchor, page, start, end, text, questions };
    }),
  };
}

/** @throws AppError `not-found`: passages come and go with the versions of their document. */
function placeOf(passages: readonly PassageRecord[], passageId: string): number {
  const place = passages.findIndex(({ id }) => String(id) === passageId);
  if (place >= 0) return place;
  throw new AppError('not-found', 'The document has no such passage, or not any more.', {
    fix: 'Get the document again: its passages have new ids where it was read again.',
  });
}

export function createDocuments(deps: { db: Database; index: PassageIndex }): Documents {
  const { db, index } = deps;
  return {
    questions: createQuestionTransfer(deps),
    get: (siteId, externalId) => readDocument(db, siteId, externalId),
    async list(siteId, page = {}) {
      const limit = Math.min(Math.max(page.limit ?? 100, 1), maxPageSize);
      const after = Number(page.after ?? 0);
      if (!Number.isSafeInteger(after) || after < 0) {
        throw new AppError('invalid-request', '"after" is not a cursor of this list.');
      }
      const rows = await listDocuments(db, siteId, after, limit + 1);
      const last = rows[limit - 1];
      return {
        documents: rows.slice(0, limit).map((row) => ({
          id: row.externalId,
          title: row.title,
          url: row.url,
          language: row.language,
          updatedAt: row.updatedAt.toISOString(),
          passageCount: row.passageCount,
        })),
        next: rows.length > limit && last !== undefined ? String(last.id) : null,
      };
    },
    async setQuestions({ siteId, externalId, passageId }, questions) {
      const change: QuestionChange = (asked, passages) =>
        passageId === undefined
          ? askOfDocument(asked, passages, questions)
          : askOfPassage(asked, passages, placeOf(passages, passageId), questions);
      await changeDocumentQuestions(deps, { siteId, externalId, change });
      return readDocument(db, siteId, externalId);
    },
    async remove(siteId, externalId) {
      const isRemoved = await db.transaction(async (tx) => {
        const found = await findDocumentHash(tx, siteId, externalId);
        if (found === null) return false;
        const items = await freeInput(tx, found.id);
        await index.remove(tx, { siteId, documentId: found.id });
        await deleteDocument(tx, siteId, found.id);
        await endDeletedItems(tx, items);
        return true;
      });
      if (!isRemoved) throw noDocument();
    },
  };
}
