import { z } from 'zod';
import {
  citationSchema,
  confidenceReasonSchema,
  decisionSchema,
  handoffReasonSchema,
  historyTurnSchema,
  instantSchema,
  messageTextSchema,
  siteIdSchema,
  triedPassageSchema,
  uuidSchema,
} from './entities.ts';

/** Bodies of the HTTP API under `/api/v1`; the same schemas describe it in `openapi.json`. */

/** RFC 9457 problem details, with a stable `code` and what to do in `fix`. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  fix: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** Names the log line of an unexpected error. */
  errorId: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** What an owner sets per site, without defaults: a change leaves out what stays as it is. */
const siteSettingsFields = {
  /** Answers less likely to be right than this go to a person. */
  handoffThreshold: z.number().min(0).max(1),
  greeting: z.string().max(500),
  /** What a visitor reads when a person is called. */
  handoffNotice: z.string().max(500),
  /** Extra rules for the model, in the owner's words. */
  instructions: z.string().max(4000),
  /** How answers are to sound, in the owner's words. */
  tone: z.string().max(300),
  /** Questions with answers in the manner that the owner wants; for the model, for the manner only. */
  examples: z
    .array(
      z.strictObject({
        question: z.string().trim().min(1).max(500),
        answer: z.string().trim().min(1).max(2000),
      }),
    )
    .max(10),
  /** Passages that the model reads for an answer, and about how many tokens of them. */
  passagesPerAnswer: z.number().int().min(1).max(12),
  passageTokens: z.number().int().min(500).max(16_000),
  /** Hosts that answers may link to besides those of the pages: `status.example.com`. */
  linkHosts: z
    .array(z.string().regex(/^[\p{L}\p{N}.-]{1,253}$/u, 'Write the host alone, such as status.example.com.'))
    .max(50),
  accentColor: z.string().regex(/^#[0-9a-fA-F]{6}$/, 'Use six hexadecimal digits, such as #1f6f5c.'),
  /** Hosts that may frame the widget (`https://shop.example`); empty: any. */
  allowedOrigins: z.array(z.string().max(200)).max(50),
  /** Agents see what visitors type before it is sent; visitors are told so. */
  typingPreview: z.boolean(),
};

export const siteSettingsSchema = z.object({
  // by a rule over the sets of evals (evals/README.md, "The default threshold"), 2026-11-25
  handoffThreshold: siteSettingsFields.handoffThreshold.default(0.5),
  greeting: siteSettingsFields.greeting.default(
    'Ask a question. You get an answer from our own pages, with its sources.',
  ),
  handoffNotice: siteSettingsFields.handoffNotice.default(
    'I have asked a colleague to take over. They see everything said so far and will answer here.',
  ),
  instructions: siteSettingsFields.instructions.default(''),
  tone: siteSettingsFields.tone.default(''),
  examples: siteSettingsFields.examples.default([]),
  passagesPerAnswer: siteSettingsFields.passagesPerAnswer.default(5),
  passageTokens: siteSettingsFields.passageTokens.default(4000),
  linkHosts: siteSettingsFields.linkHosts.default([]),
  accentColor: siteSettingsFields.accentColor.default('#1f6f5c'),
  allowedOrigins: siteSettingsFields.allowedOrigins.default([]),
  typingPreview: siteSettingsFields.typingPreview.default(false),
});
export type SiteSettings = z.infer<typeof siteSettingsSchema>;

export const siteCreateSchema = z.strictObject({ id: siteIdSchema, name: z.string().trim().min(1).max(100) });
export const siteSchema = z.object({
  id: siteIdSchema,
  name: z.string(),
  settings: siteSettingsSchema,
  createdAt: instantSchema,
});
export type Site = z.infer<typeof siteSchema>;
export const siteUpdateSchema = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  settings: z.strictObject(siteSettingsFields).partial().optional(),
});

export const searchRequestSchema = z.strictObject({
  query: z.string().trim().min(1).max(4000),
  k: z.number().int().min(1).max(100).default(5),
  history: z.array(historyTurnSchema).max(100).default([]),
});
export const timingsSchema = z.record(z.string(), z.number());
export const searchResponseSchema = z.object({
  passages: z.array(
    z.object({
      documentId: z.string(),
      title: z.string(),
      url: z.string().nullable(),
      text: z.string(),
      score: z.number(),
    }),
  ),
  /** Milliseconds per step. */
  timings: timingsSchema,
  /** What the search had to do without, such as a reranker that did not answer. */
  problems: z.array(z.string()).optional(),
});
export type SearchResponse = z.infer<typeof searchResponseSchema>;

export const answerRequestSchema = z.strictObject({
  question: messageTextSchema,
  history: z.array(historyTurnSchema).max(100).default([]),
});
/** A sentence that the model wrote and the pages do not bear out. */
export const caughtSentenceSchema = z.object({
  text: z.string(),
  findings: z.array(z.enum(['number', 'link', 'phone', 'promise', 'words'])),
  /** Kept from the visitor; else it only lowered the confidence. */
  isLeftOut: z.boolean(),
});
/** What the model used for an answer. */
export const modelUsageSchema = z.object({
  model: z.string(),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  /** In the currency of the configured prices; null where the model has none. */
  cost: z.number().nullable(),
});
/** Whether a reranker put the passages in order; the reason, in words, where it did not. */
export const rerankingSchema = z.object({
  outcome: z.enum(['answered', 'failed', 'timed-out', 'skipped']),
  reason: z.string().nullable(),
});
export type Reranking = z.infer<typeof rerankingSchema>;
/** How an answer came about: for owners, never for visitors. */
export const answerExplanationSchema = z.object({
  answerId: uuidSchema,
  handoffReason: handoffReasonSchema.nullable(),
  /** The question as searched, after the history was taken into account. */
  standaloneQuery: z.string(),
  /** What the confidence is made of; 0..1 each. */
  signals: z.record(z.string(), z.number()),
  passages: z.array(
    triedPassageSchema.extend({
      headingPath: z.array(z.string()),
      lexicalScore: z.number(),
      /** -1..1; null where not computed. */
      cosine: z.number().nullable(),
      /** Where it stood (from 1) before the reranker read it, with what score, and the reranker's own score. */
      reranked: z
        .object({ placeBefore: z.number().int(), scoreBefore: z.number(), relevance: z.number() })
        .optional(),
    }),
  ),
  /** What became of the reranker; absent where none is configured. */
  reranking: rerankingSchema.optional(),
  caught: z.array(caughtSentenceSchema),
  /** Null where no model was asked. */
  usage: modelUsageSchema.nullable(),
});
export type AnswerExplanation = z.infer<typeof answerExplanationSchema>;

export const answerResponseSchema = z.object({
  answer: z.string(),
  language: z.string(),
  decision: decisionSchema,
  confidence: z.number().min(0).max(1),
  reasons: z.array(confidenceReasonSchema),
  citations: z.array(citationSchema),
  /** True when the built-in answerer quoted the pages word for word. */
  isQuoted: z.boolean(),
  /** Topics to choose from, where the answer asks back; each can be asked as it is. */
  choices: z.array(z.string()).optional(),
  timings: timingsSchema,
  /** With `?explain=1`: what the answer was made from. */
  explanation: answerExplanationSchema.optional(),
});
export type AnswerResponse = z.infer<typeof answerResponseSchema>;

/** `GET /api/v1/diagnostics`: what the server stands on; `fix` is null when all is well. */
export const diagnosisSchema = z.object({
  checks: z.array(
    z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), fix: z.string().nullable() }),
  ),
});

/** `POST /api/v1/visitor/session`: begins or continues a visitor's session on a site. */
export const visitorSessionRequestSchema = z.strictObject({
  site: siteIdSchema,
  token: z.string().max(200).nullable().default(null),
});
export const visitorSessionSchema = z.object({
  visitorId: uuidSchema,
  /** Kept in memory by the widget and used in `hello` when the browser drops the cookie. */
  token: z.string(),
  site: z.object({ id: siteIdSchema, name: z.string(), greeting: z.string(), accentColor: z.string() }),
  conversationId: uuidSchema.nullable(),
});
export type VisitorSession = z.infer<typeof visitorSessionSchema>;
