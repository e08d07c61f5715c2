import {
  addQuestions,
  hasTooMany,
  maxQuestionsOfPlace,
  type AskedQuestion,
} from '../domain/asked-questions.ts';
import { AppError } from '../errors.ts';
import type { Database } from '../ports.ts';
import type { MovedQuestion } from '../protocol/http-questions.ts';
import {
  listDocumentQuestions,
  listSiteQuestions,
  replaceDocumentQuestions,
} from '../store/document-question.ts';
import { changeQuestions, type QuestionChange, type WantedChange } from './document-questions.ts';
import type { PassageIndex } from './passage-index.ts';
import { parseQuestions, writeQuestions } from './question-csv.ts';

/** Carries an owner's other ways to ask from one site, or installation, to another. */
export interface QuestionTransfer {
  list(siteId: string): Promise<MovedQuestion[]>;
  /** The same as CSV, for a spreadsheet. */
  listCsv(siteId: string): Promise<string>;
  /**
   * Adds questions to those that are there, all or none. Those of documents that the site does not have wait for them.
   * @throws AppError `too-large` where more than 50 would lead to one place; those of the embedder.
   */
  take(siteId: string, questions: readonly MovedQuestion[]): Promise<{ stored: number; waiting: number }>;
  /** The same from CSV. @throws AppError `invalid-request` that names the row. */
  takeCsv(siteId: string, csv: string): Promise<{ stored: number; waiting: number }>;
}

function tooMany(externalId: string): AppError {
  const limit = String(maxQuestionsOfPlace);
  return new AppError(
    'too-large',
    `More than ${limit} ways to ask would lead to one place of "${externalId}".`,
    {
      fix: `Leave out what says the same; ${limit} are enough for a passage. Nothing was stored.`,
    },
  );
}

export function createQuestionTransfer(deps: { db: Database; index: PassageIndex }): QuestionTransfer {
  const { db } = deps;

  async function list(siteId: string): Promise<MovedQuestion[]> {
    const all = await listSiteQuestions(db, siteId);
    return all.flatMap(({ externalId, asked }) =>
      asked.map(({ question, place }) => ({
        document: externalId,
        question,
        place: place === null ? null : { ...place, headingPath: [...place.headingPath] },
      })),
    );
  }

  async function take(siteId: string, questions: readonly MovedQuestion[]) {
    const given = Map.groupBy(questions, ({ document }) => document);
    const add =
      (externalId: string): QuestionChange =>
      (former, passages) =>
        added(externalId, former, given.get(externalId) ?? [], passages);
    const wanted = [...given.keys()].map((externalId): WantedChange => {
      return { externalId, change: add(externalId) };
    });
    let waiting = 0;
    await changeQuestions(deps, siteId, wanted, async (tx, missing) => {
      waiting = 0;
      const ids = missing.map(({ externalId }) => externalId);
      const known = await listDocumentQuestions(tx, siteId, ids);
      for (const externalId of ids) {
        const own = given.get(externalId) ?? [];
        const asked = added(externalId, known.get(externalId) ?? [], own, null);
        await replaceDocumentQuestions(tx, siteId, externalId, asked);
        waiting += own.length;
      }
    });
    return { stored: questions.length - waiting, waiting };
  }

  return {
    list,
    listCsv: async (siteId) => writeQuestions(await list(siteId)),
    take,
    takeCsv: (siteId, csv) => take(siteId, parseQuestions(csv)),
  };
}

/** @throws AppError `too-large` */
function added(
  externalId: string,
  former: readonly AskedQuestion[],
  given: readonly MovedQuestion[],
  passages: Parameters<typeof hasTooMany>[1],
): AskedQuestion[] {
  const asked = addQuestions(
    former,
    given.map(({ question, place }) => ({ question, place })),
  );
  if (hasTooMany(asked, passages)) throw tooMany(externalId);
  return asked;
}
