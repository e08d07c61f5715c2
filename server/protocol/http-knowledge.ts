import { z } from 'zod';
import { instantSchema, siteIdSchema, uuidSchema } from './entities.ts';

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
  /** Other ways to ask for this passage alone, written by the owner. */
  questions: z.array(z.string()),
});
export const documentSchema = z.object({
  id: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  language: z.string().nullable(),
  text: z.string(),
  /** Other ways to ask for the whole of it, written by the owner. */
  questions: z.array(z.string()),
  /** Those among `questions` that were asked of a passage which is not there any more. */
  astray: z.array(z.string()),
  /** Where it can be changed, for `/sites/:site/sources/:id/pairs/:pair`; null where it is no pair of a list. */
  pair: z.object({ sourceId: z.string(), pairId: z.string() }).nullable(),
  updatedAt: instantSchema,
  passages: z.array(passageViewSchema),
});
export type DocumentView = z.infer<typeof documentSchema>;
export const documentSummarySchema = documentSchema
  .omit({ text: true, passages: true, questions: true, astray: true, pair: true })
  .extend({
    passageCount: z.number().int(),
  });

export const sourceStateSchema = z.enum(['queued', 'running', 'paused', 'done', 'failed', 'cancelled']);
export type SourceState = z.infer<typeof sourceStateSchema>;

/** When a source is read again: a cron expression (UTC, five fields), or every so many minutes, 15 at least. */
export const sourceScheduleSchema = z.union([
  z.strictObject({ cron: z.string().trim().min(9).max(100) }),
  z.strictObject({ everyMinutes: z.number().int().min(15).max(525_600) }),
]);
export type SourceSchedule = z.infer<typeof sourceScheduleSchema>;

const webAddress = z.url({ protocol: /^https?$/ }).max(2000);
/** How a website is read; may be changed later, and counts from the next reading on. */
const websiteLimits = {
  maxPages: z.number().int().min(1).max(50_000),
  maxDepth: z.number().int().min(0).max(50),
  /** Glob patterns over the path, such as `/help/**`. Empty: everything of the same origin. */
  include: z.array(z.string().max(500)).max(50),
  exclude: z.array(z.string().max(500)).max(50),
  /** Least time between two fetches, in milliseconds; the site's own crawl delay counts where it is longer. */
  delayMs: z.number().int().min(0).max(60_000),
  /** Pages fetched at a time. */
  concurrency: z.number().int().min(1).max(16),
};
const pace = {
  /** Ten pages a second: most servers bear it, and visitors notice nothing of it. */
  delayMs: websiteLimits.delayMs.default(100),
  concurrency: websiteLimits.concurrency.default(4),
};
export const websiteSettingsSchema = z.strictObject({
  maxPages: websiteLimits.maxPages.default(1000),
  maxDepth: websiteLimits.maxDepth.default(20),
  include: websiteLimits.include.default([]),
  exclude: websiteLimits.exclude.default([]),
  ...pace,
});
export type WebsiteSettings = z.output<typeof websiteSettingsSchema>;

export const websiteSourceSchema = websiteSettingsSchema.extend({
  type: z.literal('website'),
  url: webAddress,
  name: z.string().max(200).optional(),
});
/** Single pages: these addresses, and nothing that they link to. */
export const pagesSourceSchema = z.strictObject({
  type: z.literal('pages'),
  urls: z.array(webAddress).min(1).max(1000),
  name: z.string().max(200).optional(),
  ...pace,
});
export const qaPairSchema = z.strictObject({
  question: z.string().trim().min(1).max(1000),
  answer: z.string().trim().min(1).max(10_000),
  alternatives: z.array(z.string().max(1000)).max(50).default([]),
  url: webAddress.optional(),
});
export type QaPairInput = z.output<typeof qaPairSchema>;
/** A pair of a list as it is kept: the answer in Markdown, as it was written. */
export const pairSchema = z.object({
  /** Its id in the list: the question that it was first written with. */
  id: z.string(),
  question: z.string(),
  answer: z.string(),
  alternatives: z.array(z.string()),
  url: z.string().nullable(),
});
export type Pair = z.infer<typeof pairSchema>;
/** `PATCH /sites/:site/sources/:id/pairs/:pair`: what is left out stays as it is. */
export const pairUpdateSchema = z.strictObject({
  question: qaPairSchema.shape.question.optional(),
  answer: qaPairSchema.shape.answer.optional(),
  alternatives: z.array(z.string().trim().min(1).max(1000)).max(50).optional(),
  url: webAddress.nullable().optional(),
});
export type PairUpdate = z.infer<typeof pairUpdateSchema>;
export const qaSourceSchema = z.strictObject({
  type: z.literal('qa'),
  name: z.string().max(200).optional(),
  pairs: z.array(qaPairSchema).min(1).max(5000),
});

/** `PATCH /sites/:site/sources/:id`; a null schedule ends it, settings are a website's. */
export const sourceUpdateSchema = z.strictObject({
  name: z.string().trim().min(1).max(200).optional(),
  schedule: sourceScheduleSchema.nullable().optional(),
  settings: z.strictObject(websiteLimits).partial().optional(),
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

/** How much of a document was read from pictures of its pages (scans), by OCR. */
export const ocrMarkSchema = z.object({
  /** Pages that were read so. */
  pages: z.number().int().positive(),
  /** How sure OCR is of what it read, 0..100, mean over those pages. */
  confidence: z.number().int().min(0).max(100),
});
export type OcrMark = z.infer<typeof ocrMarkSchema>;

/** What the ledger can be narrowed to: one state, or what was read by OCR. */
export const ledgerFilterSchema = z.enum([...sourceItemStateSchema.options, 'ocr']);
export type LedgerFilter = z.infer<typeof ledgerFilterSchema>;

export const sourceItemSchema = z.object({
  /** URL, file name or the caller's document id. */
  id: z.string(),
  url: z.string().nullable(),
  state: sourceItemStateSchema,
  /** In words; null while nothing is known yet. */
  reason: z.string().nullable(),
  title: z.string().nullable(),
  passageCount: z.number().int().nullable(),
  /** What was stored of it, for `GET /sites/:site/documents/:id`; null where nothing is. */
  documentId: z.string().nullable().optional(),
  /** Null where every page has text of its own. */
  ocr: ocrMarkSchema.nullable().optional(),
  updatedAt: instantSchema,
});
export type SourceItem = z.infer<typeof sourceItemSchema>;

export const sourceSchema = z.object({
  id: uuidSchema,
  siteId: siteIdSchema,
  type: z.enum(['website', 'pages', 'upload', 'documents', 'qa']),
  name: z.string(),
  url: z.string().nullable(),
  state: sourceStateSchema,
  reason: z.string().nullable(),
  /** Items by state, and `total`. */
  counts: z.record(z.string(), z.number().int()),
  /** Items among them that were read by OCR, whole or in part. */
  ocrItems: z.number().int().optional(),
  createdAt: instantSchema,
  startedAt: instantSchema.nullable(),
  finishedAt: instantSchema.nullable(),
  /** How often it has been read, this time included. */
  run: z.number().int().optional(),
  schedule: sourceScheduleSchema.nullable().optional(),
  nextRunAt: instantSchema.nullable().optional(),
  /** How a website is read; null for other sources. */
  settings: websiteSettingsSchema.nullable().optional(),
  /** Items that ended per second over the last half minute; null when it is not being read. */
  perSecond: z.number().nullable().optional(),
});
export type Source = z.infer<typeof sourceSchema>;
/**
 * `GET /sites/:site/sources/:id?show=&after=&limit=`: items in order of discovery, those that `show` names or all;
 * `next` goes into `after`.
 */
export const sourceDetailSchema = sourceSchema.extend({
  items: z.array(sourceItemSchema),
  next: z.string().nullable(),
});
export type SourceDetail = z.infer<typeof sourceDetailSchema>;

export const sourceCreateSchema = z.discriminatedUnion('type', [
  websiteSourceSchema,
  pagesSourceSchema,
  qaSourceSchema,
]);
export const sourceAcceptedSchema = z.object({ sourceId: uuidSchema });

const phraseSchema = z.string().trim().min(1).max(100);
/**
 * `POST /sites/:site/synonyms`: a question with one of `words` also finds what says one of `means`. Without
 * `means`, the words mean each other.
 */
export const synonymInputSchema = z
  .strictObject({
    words: z.array(phraseSchema).min(1).max(20),
    means: z.array(phraseSchema).max(20).default([]),
  })
  .refine(({ words, means }) => means.length > 0 || words.length > 1, {
    error: 'Give two words or more, or say what the word means.',
    path: ['words'],
  });
export type SynonymInput = z.output<typeof synonymInputSchema>;
export const synonymSchema = z.object({
  id: uuidSchema,
  words: z.array(z.string()),
  means: z.array(z.string()),
});
export type Synonym = z.infer<typeof synonymSchema>;
export const synonymListSchema = z.object({ synonyms: z.array(synonymSchema) });

/** What vectors are made with: its id, and how many numbers a vector has. */
const embedderNameSchema = z.object({ embedder: z.string(), dimensions: z.number().int() });
/** Vectors of another embedder that are being made beside those that search reads. */
export const indexBuildSchema = embedderNameSchema.extend({
  /** Waiting for a worker; embedding passages; making the index over their vectors; broken off. */
  state: z.enum(['waiting', 'embedding', 'indexing', 'failed']),
  /** Passages that have their vector, and those that must have one. */
  done: z.number().int(),
  total: z.number().int(),
  /** Passages embedded per second in this try; null while nothing is being embedded. */
  perSecond: z.number().nullable(),
  /** Seconds that the rest takes at that pace; null where it cannot be told. */
  secondsLeft: z.number().nullable(),
  /**
   * While PostgreSQL makes the approximate index over the vectors: what it does, and how much of that is done, 0 to 1.
   * Null otherwise.
   */
  ann: z.object({ phase: z.string(), share: z.number().nullable() }).nullable(),
  begunAt: instantSchema.nullable(),
  /** Why the last try broke off. */
  reason: z.string().nullable(),
  /** What the owner can do; null where nothing need be done. */
  fix: z.string().nullable(),
  /** When it is tried again by itself. */
  retryAt: instantSchema.nullable(),
});
export type IndexBuild = z.infer<typeof indexBuildSchema>;
/** `GET /sites/:site/index`. */
export const indexStatusSchema = z.object({
  /** The embedder whose vectors search reads; null before the first passage. */
  live: embedderNameSchema.nullable(),
  /** Null when there is nothing to build. */
  build: indexBuildSchema.nullable(),
});
export type IndexStatus = z.infer<typeof indexStatusSchema>;
