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
  accentColor: z.string().regex(/^#[0-9a-fA-F]{6}$/, 'Use six hexadecimal digits, such as #1f6f5c.'),
  /** Hosts that may frame the widget (`https://shop.example`); empty: any. */
  allowedOrigins: z.array(z.string().max(200)).max(50),
};

export const siteSettingsSchema = z.object({
  handoffThreshold: siteSettingsFields.handoffThreshold.default(0.5),
  greeting: siteSettingsFields.greeting.default(
    'Ask a question. You get an answer from our own pages, with its sources.',
  ),
  handoffNotice: siteSettingsFields.handoffNotice.default(
    'I have asked a colleague to take over. They see everything said so far and will answer here.',
  ),
  instructions: siteSettingsFields.instructions.default(''),
  accentColor: siteSettingsFields.accentColor.default('#1f6f5c'),
  allowedOrigins: siteSettingsFields.allowedOrigins.default([]),
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

/** Exports write empty fields in many ways; all of them mean that there is none. */
function orAbsent<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (value === '' || value === null ? undefined : value), schema.optional());
}

/** One NDJSON line of `POST /sites/:site/documents`: exactly one of text, html and markdown. */
export const documentInputSchema = z
  .object({
    id: z.string().min(1).max(500),
    title: orAbsent(z.string().max(1000)),
    /** Where a citation leads; http or https. */
    url: orAbsent(z.url({ protocol: /^https?$/ }).max(2000)),
    text: z.string().nullish(),
    html: z.string().nullish(),
    markdown: z.string().nullish(),
  })
  .refine(
    (line) => [line.text, line.html, line.markdown].filter((body) => typeof body === 'string').length === 1,
    {
      error: 'Give exactly one of text, html and markdown.',
    },
  );
export type DocumentInput = z.infer<typeof documentInputSchema>;

export const passageViewSchema = z.object({
  id: z.string(),
  headingPath: z.array(z.string()),
  anchor: z.string().nullable(),
  page: z.number().int().nullable(),
  /** Character range in the document's text. */
  start: z.number().int(),
  end: z.number().int(),
  text: z.string(),
});
export const documentSchema = z.object({
  id: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  language: z.string().nullable(),
  text: z.string(),
  updatedAt: instantSchema,
  passages: z.array(passageViewSchema),
});
export type DocumentView = z.infer<typeof documentSchema>;
export const documentSummarySchema = documentSchema.omit({ text: true, passages: true }).extend({
  passageCount: z.number().int(),
});

export const sourceStateSchema = z.enum(['queued', 'running', 'paused', 'done', 'failed', 'cancelled']);
export type SourceState = z.infer<typeof sourceStateSchema>;

/** When a website is read again: a cron expression (UTC, five fields), or every so many minutes, 15 at least. */
export const sourceScheduleSchema = z.union([
  z.strictObject({ cron: z.string().trim().min(9).max(100) }),
  z.strictObject({ everyMinutes: z.number().int().min(15).max(525_600) }),
]);
export type SourceSchedule = z.infer<typeof sourceScheduleSchema>;

/** `PATCH /sites/:site/sources/:id`; a null schedule ends it. */
export const sourceUpdateSchema = z.strictObject({
  name: z.string().trim().min(1).max(200).optional(),
  schedule: sourceScheduleSchema.nullable().optional(),
});
export type SourceUpdate = z.infer<typeof sourceUpdateSchema>;

/** What became of a page or file. All but `found` and `fetched` are terminal. */
export const sourceItemStateSchema = z.enum([
  'found',
  'fetched',
  'indexed',
  'unchanged',
  'skipped',
  'blocked',
  'empty',
  'failed',
  'removed',
]);
export type SourceItemState = z.infer<typeof sourceItemStateSchema>;

export const sourceItemSchema = z.object({
  /** URL, file name or the caller's document id. */
  id: z.string(),
  url: z.string().nullable(),
  state: sourceItemStateSchema,
  /** In words; null while nothing is known yet. */
  reason: z.string().nullable(),
  title: z.string().nullable(),
  passageCount: z.number().int().nullable(),
  updatedAt: instantSchema,
});
export type SourceItem = z.infer<typeof sourceItemSchema>;

export const sourceSchema = z.object({
  id: uuidSchema,
  siteId: siteIdSchema,
  type: z.enum(['website', 'upload', 'documents', 'qa']),
  name: z.string(),
  url: z.string().nullable(),
  state: sourceStateSchema,
  reason: z.string().nullable(),
  /** Items by state, and `total`. */
  counts: z.record(z.string(), z.number().int()),
  createdAt: instantSchema,
  startedAt: instantSchema.nullable(),
  finishedAt: instantSchema.nullable(),
  /** How often it has been read, this time included. */
  run: z.number().int().optional(),
  schedule: sourceScheduleSchema.nullable().optional(),
  nextRunAt: instantSchema.nullable().optional(),
});
export type Source = z.infer<typeof sourceSchema>;
/** `GET /sites/:site/sources/:id?after=&limit=`: items in order of discovery; `next` goes into `after`. */
export const sourceDetailSchema = sourceSchema.extend({
  items: z.array(sourceItemSchema),
  next: z.string().nullable(),
});
export type SourceDetail = z.infer<typeof sourceDetailSchema>;

export const websiteSourceSchema = z.strictObject({
  type: z.literal('website'),
  url: z.url({ protocol: /^https?$/ }).max(2000),
  name: z.string().max(200).optional(),
  maxPages: z.number().int().min(1).max(50_000).default(1000),
  maxDepth: z.number().int().min(0).max(50).default(20),
  /** Glob patterns over the path, such as `/help/**`. Empty: everything of the same origin. */
  include: z.array(z.string().max(500)).max(50).default([]),
  exclude: z.array(z.string().max(500)).max(50).default([]),
});
export const qaSourceSchema = z.strictObject({
  type: z.literal('qa'),
  name: z.string().max(200).optional(),
  pairs: z
    .array(
      z.strictObject({
        question: z.string().trim().min(1).max(1000),
        answer: z.string().trim().min(1).max(10_000),
        alternatives: z.array(z.string().max(1000)).max(50).default([]),
        url: z
          .url({ protocol: /^https?$/ })
          .max(2000)
          .optional(),
      }),
    )
    .min(1)
    .max(5000),
});
export const sourceCreateSchema = z.discriminatedUnion('type', [websiteSourceSchema, qaSourceSchema]);
export const sourceAcceptedSchema = z.object({ sourceId: uuidSchema });

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
});
export type SearchResponse = z.infer<typeof searchResponseSchema>;

export const answerRequestSchema = z.strictObject({
  question: messageTextSchema,
  history: z.array(historyTurnSchema).max(100).default([]),
});
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
    }),
  ),
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
  timings: timingsSchema,
  /** With `?explain=1`: what the answer was made from. */
  explanation: answerExplanationSchema.optional(),
});
export type AnswerResponse = z.infer<typeof answerResponseSchema>;

/** `POST /sites/:site/answers/:id/judgement`: an agent's or owner's word on an answer. */
export const judgementSchema = z.strictObject({ isRight: z.boolean() });
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
});
export type ThresholdCurve = z.infer<typeof thresholdCurveSchema>;

/** `GET /api/v1/diagnostics`: what the server stands on; `fix` is null when all is well. */
export const diagnosisSchema = z.object({
  checks: z.array(
    z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), fix: z.string().nullable() }),
  ),
});

export const emailSchema = z.string().trim().toLowerCase().pipe(z.email());
export const passwordSchema = z.string().min(10, 'Use at least 10 characters.').max(200);
export const setupRequestSchema = z.strictObject({
  code: z.string().trim().min(1).max(100),
  email: emailSchema,
  name: z.string().trim().min(1).max(100),
  password: passwordSchema,
});
export const loginRequestSchema = z.strictObject({ email: emailSchema, password: z.string().max(200) });
export const accountSchema = z.object({
  id: uuidSchema,
  email: z.string(),
  name: z.string(),
  role: z.enum(['owner', 'agent']),
});
export type Account = z.infer<typeof accountSchema>;
export const agentCreateSchema = z.strictObject({
  email: emailSchema,
  name: z.string().trim().min(1).max(100),
  role: z.enum(['owner', 'agent']).default('agent'),
  password: passwordSchema,
});
/** What is left out stays. A new password or role ends the agent's sessions. */
export const agentUpdateSchema = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  role: z.enum(['owner', 'agent']).optional(),
  password: passwordSchema.optional(),
});
/** `POST /api/v1/session/password`: one's own password; all other sessions end. */
export const passwordChangeSchema = z.strictObject({ current: z.string().max(200), next: passwordSchema });
/** `GET /api/v1/session`: whether the console must set up, sign in, or may go on. */
export const sessionStatusSchema = z.object({
  needsSetup: z.boolean(),
  account: accountSchema.nullable(),
});
export const apiKeySchema = z.object({
  id: uuidSchema,
  name: z.string(),
  createdAt: instantSchema,
  lastUsedAt: instantSchema.nullable(),
});
export const apiKeyCreateSchema = z.strictObject({ name: z.string().trim().min(1).max(100) });
/** The key itself is shown once, here. */
export const apiKeyCreatedSchema = apiKeySchema.extend({ key: z.string() });

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
