import { z } from 'zod';
import { decisionSchema, instantSchema, uuidSchema } from './entities.ts';
import { caughtSentenceSchema } from './http.ts';

/** Bodies of the HTTP API for how good a site's answers are: judgements, test questions, curve and report. */

/** `POST /sites/:site/answers/:id/judgement`: an agent's or owner's word on an answer. */
export const judgementSchema = z.strictObject({ isRight: z.boolean() });
/** `POST /sites/:site/golden-questions`: questions whose right reaction the owner knows. */
export const goldenQuestionsCreateSchema = z.strictObject({
  questions: z
    .array(
      z.strictObject({
        question: z.string().trim().min(1).max(2000),
        /** Words that a right answer holds; null: it should not be answered. */
        expected: z.string().trim().min(1).max(2000).nullable(),
      }),
    )
    .min(1)
    .max(1000),
});
/** `POST /sites/:site/golden-questions/import`: rows of question and expected words. */
export const goldenQuestionsImportSchema = z.strictObject({ csv: z.string().min(1).max(2_000_000) });
export const goldenQuestionSchema = z.object({
  id: uuidSchema,
  question: z.string(),
  expected: z.string().nullable(),
  answerId: uuidSchema.nullable(),
  /** Whether the newest run came out right; null before the first. */
  isRight: z.boolean().nullable(),
  runAt: instantSchema.nullable(),
});
export type GoldenQuestion = z.infer<typeof goldenQuestionSchema>;
export const goldenRunSchema = z.object({
  question: goldenQuestionSchema,
  decision: decisionSchema,
  confidence: z.number().min(0).max(1),
  answer: z.string(),
});

/** What each threshold would mean for the site, by its own recent questions and judgements. Shares are 0..1. */
export const thresholdCurveSchema = z.object({
  /** From threshold 0 to 1. */
  points: z.array(
    z.object({
      threshold: z.number(),
      /** Share of the questions that the AI would answer. */
      automated: z.number(),
      /** Share of those answers that would be wrong, with a 90 % interval. */
      wrong: z.number(),
      wrongLow: z.number(),
      wrongHigh: z.number(),
      /** Judged answers that the estimate rests on. */
      judged: z.number().int(),
    }),
  ),
  /** Recent answers that the curve is drawn from. */
  recentCount: z.number().int(),
  /**
   * With `?maxWrong=`: the lowest threshold that keeps the share of wrong answers there; `isCertain` where the whole
   * interval does. Null where none does that answers anything.
   */
  chosen: z.object({ threshold: z.number(), isCertain: z.boolean() }).nullish(),
});
export type ThresholdCurve = z.infer<typeof thresholdCurveSchema>;

/** `GET /sites/:site/answers/report`: what the model cost, and what checking its sentences caught. */
export const answerReportSchema = z.object({
  /** ISO 4217, of all costs. */
  currency: z.string(),
  /** The newest first; days (UTC) without answers are left out. */
  days: z.array(
    z.object({
      day: z.iso.date(),
      answers: z.number().int(),
      inputTokens: z.number().int(),
      outputTokens: z.number().int(),
      /** Of the answers whose model has a price. */
      cost: z.number(),
      /** Answers in which a sentence was caught. */
      caught: z.number().int(),
    }),
  ),
  /** The newest answers with a caught sentence. */
  caught: z.array(
    z.object({
      answerId: uuidSchema,
      question: z.string(),
      createdAt: instantSchema,
      sentences: z.array(caughtSentenceSchema),
    }),
  ),
});
export type AnswerReport = z.infer<typeof answerReportSchema>;
