import { z } from 'zod';

/** Bodies of the HTTP API for the owner's other ways to ask for documents and passages. */

/** `PATCH /sites/:site/documents/:id`, or `…/passages/:passage`: these in place of the former ones. */
export const documentQuestionsSchema = z.strictObject({
  questions: z.array(z.string().trim().min(2).max(300)).max(50),
});
/** A way to ask with what it leads to, as it is carried from site to site. */
export const movedQuestionSchema = z.strictObject({
  /** The document's id. */
  document: z.string().min(1).max(2000),
  question: documentQuestionsSchema.shape.questions.element,
  /** The passage that it leads to, as it stood when that was said; null: the whole document. */
  place: z
    .strictObject({ headingPath: z.array(z.string().max(2000)).max(50), text: z.string().max(50_000) })
    .nullable()
    .default(null),
});
export type MovedQuestion = z.output<typeof movedQuestionSchema>;
/** `GET /sites/:site/questions`, and what `POST /sites/:site/questions/import` takes. */
export const movedQuestionsSchema = z.strictObject({ questions: z.array(movedQuestionSchema).max(20_000) });
/** `POST /sites/:site/questions/import`: the list, or the CSV that `?format=csv` gives. */
export const questionsImportSchema = z.union([
  movedQuestionsSchema,
  z.strictObject({
    csv: z
      .string()
      .min(1)
      .max(64 * 1024 * 1024),
  }),
]);
export const questionsTakenSchema = z.object({
  /** Questions that search knows now. */
  stored: z.number().int(),
  /** Questions of documents that the site does not have yet: they count as soon as it does. */
  waiting: z.number().int(),
});
