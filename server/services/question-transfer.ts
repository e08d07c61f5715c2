import { addQuestions, type AskedQuestion } from '../domain/asked-questions.ts';
import type { Database } from '../ports.ts';
import type { MovedQuestion } from '../protocol/http-questions.ts';
import {
  listDocumentQuestions,
  listSiteQuestions,
  replaceDocumentQuestions,
} from '../store/document-question.ts';
import { findDocumentHash } from '../store/document.ts';
import { lockPassages } from '../store/passage-holder.ts';
import { changeDocumentQuestions } from './document-questions.ts';
import type { PassageIndex } from './passage-index.ts';

/** Carries an owner's other ways to ask from one site, or installation, to another. */
export interface QuestionTransfer {
  list(siteId: string): Promise<MovedQuestion[]>;
  /**
   * Adds questions to those that are there. Those of documents that the site does not have wait for them.
   * @throws AppError those of the embedder; what was taken before stays.
   */
  take(siteId: string, questions: readonly MovedQuestion[]): Promise<{ stored: number; waiting: number }>;
}

export function createQuestionTransfer(deps: { db: Database; index: PassageIndex }): QuestionTransfer {
  const { db } = deps;

  /** Keeps questions for a document that is to come; false where it is there. */
  const keepForLater = (siteId: string, externalId: string, given: readonly AskedQuestion[]) =>
    db.transaction(async (tx) => {
      await lockPassages(tx, siteId);
      if ((await findDocumentHash(tx, siteId, externalId)) !== null) return false;
      const former = (await listDocumentQuestions(tx, siteId, [externalId])).get(externalId) ?? [];
      await replaceDocumentQuestions(tx, siteId, externalId, addQuestions(former, given));
      return true;
    });

  return {
    async list(siteId) {
      const all = await listSiteQuestions(db, siteId);
      return all.flatMap(({ externalId, asked }) =>
        asked.map(({ question, place }) => ({
          document: externalId,
          question,
          place: place === null ? null : { ...place, headingPath: [...place.headingPath] },
        })),
      );
    },
    async take(siteId, questions) {
      const taken = { stored: 0, waiting: 0 };
      for (const [externalId, given] of Map.groupBy(questions, ({ document }) => document)) {
        const asked = given.map(({ question, place }) => ({ question, place }));
        const isLater = await keepForLater(siteId, externalId, asked);
        taken[isLater ? 'waiting' : 'stored'] += given.length;
        if (isLater) continue;
        const change = (former: readonly AskedQuestion[]) => addQuestions(former, asked);
        await changeDocumentQuestions(deps, { siteId, externalId, change });
      }
      return taken;
    },
  };
}
