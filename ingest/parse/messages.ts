import { z } from 'zod';
import { documentInputSchema } from '../../server/protocol/http-knowledge.ts';

/** What goes to a parsing process and comes back; both sides check it. */

const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

const scanSchema = z.object({
  page: z.number().int(),
  paragraphs: z.array(z.string()),
  /** How sure OCR is, 0..100, mean over the page's pictures that hold text. */
  confidence: z.number(),
});
export type Scan = z.infer<typeof scanSchema>;

export const parseTaskSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('document'),
    bytes: bytesSchema,
    /** File name or address; its extension is a hint. */
    name: z.string(),
    /** Base of relative links. */
    url: z.string().nullable(),
    contentType: z.string().nullable(),
    /** Wins over the title that the document itself gives. */
    title: z.string().nullable(),
    /** Text of scanned pages, read before by OCR. */
    scans: z.array(scanSchema).optional(),
  }),
  /** Reads one page of a PDF that has no text of its own. */
  z.object({
    kind: z.literal('ocr'),
    bytes: bytesSchema,
    page: z.number().int(),
    /** Where the data of its languages lie. */
    folder: z.string(),
    languages: z.array(z.string()),
  }),
  z.object({ kind: z.literal('sitemap'), bytes: bytesSchema, url: z.string() }),
  /** Takes apart a file that holds others, from its part number `from` on. */
  z.object({ kind: z.literal('parts'), bytes: bytesSchema, name: z.string(), from: z.number().int() }),
]);
export type ParseTask = z.infer<typeof parseTaskSchema>;

const passageSchema = z.object({
  position: z.number().int(),
  text: z.string(),
  headingPath: z.array(z.string()).readonly(),
  anchor: z.string().nullable(),
  page: z.number().int().nullable(),
  start: z.number().int(),
  end: z.number().int(),
});

export const parsedDocumentSchema = z.object({
  kind: z.literal('document'),
  title: z.string(),
  language: z.string().nullable(),
  text: z.string(),
  passages: z.array(passageSchema).readonly(),
  links: z.array(z.string()),
  canonical: z.string().nullable(),
  /** Where the page sends its reader at once. */
  refresh: z.string().nullable(),
  isNoindex: z.boolean(),
  isNofollow: z.boolean(),
  /** What stands in front of the content instead of it. */
  wall: z.enum(['login', 'challenge', 'error']).nullable(),
  notes: z.array(z.string()),
  /** Pages of a PDF that hold no text: scans, or nothing at all. */
  pagesWithoutText: z.array(z.number().int()),
});
export type ParsedDocument = z.infer<typeof parsedDocumentSchema>;

export const parsedSitemapSchema = z.object({
  kind: z.literal('sitemap'),
  pages: z.array(z.string()),
  /** Further sitemaps that this index names. */
  sitemaps: z.array(z.string()),
});
export type ParsedSitemap = z.infer<typeof parsedSitemapSchema>;

export const parsedScanSchema = scanSchema.extend({ kind: z.literal('ocr') });

/** A file of an archive, a document of a list, or what cannot be taken from either. */
const partSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), name: z.string(), bytes: bytesSchema }),
  z.object({ kind: z.literal('document'), document: documentInputSchema }),
  z.object({ kind: z.literal('refused'), name: z.string(), reason: z.string() }),
]);
export type Part = z.infer<typeof partSchema>;

export const partsSchema = z.object({
  kind: z.literal('parts'),
  parts: z.array(partSchema),
  /** Where to go on; null at the end. */
  next: z.number().int().nullable(),
  /** Files that were passed over because a system hides them. */
  hidden: z.number().int(),
});

/** A refusal that the ledger can show. */
export const parseFailureSchema = z.object({
  kind: z.literal('failure'),
  code: z.enum(['unsupported-type', 'too-large', 'extract-failed']),
  message: z.string(),
  fix: z.string(),
  /** It is no document but holds others; a `parts` task takes it apart. */
  container: z.enum(['archive', 'list']).optional(),
});

export const parseReplySchema = z.discriminatedUnion('kind', [
  parsedDocumentSchema,
  parsedSitemapSchema,
  parsedScanSchema,
  partsSchema,
  parseFailureSchema,
]);
export type ParseReply = z.infer<typeof parseReplySchema>;
