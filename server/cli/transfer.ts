import { z } from 'zod';
import { siteSettingsSchema } from '../protocol/http.ts';

/** The first line of an export: the site itself. */
export const siteLineSchema = z.object({
  type: z.literal('site'),
  version: z.literal(1),
  name: z.string(),
  settings: siteSettingsSchema,
});

/** Every other line: one document. */
export const documentLineSchema = z.object({
  type: z.literal('document'),
  id: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  markdown: z.string(),
});

export const exportLineSchema = z.discriminatedUnion('type', [siteLineSchema, documentLineSchema]);
export type ExportLine = z.infer<typeof exportLineSchema>;
