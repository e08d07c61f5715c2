import { z } from 'zod';
import { siteIdSchema, uuidSchema } from '../../../protocol/entities.ts';

/** `:site` of a path. */
export const siteParams = z.strictObject({ site: siteIdSchema });
/** `:id` of a path, a UUID. */
export const idParams = z.strictObject({ id: uuidSchema });
/** `:site` and a UUID `:id`. */
export const siteAndIdParams = z.strictObject({ site: siteIdSchema, id: uuidSchema });

/** `?after=&limit=`: a page of a list; `after` is the `next` of the page before. */
export const pageQuery = z.strictObject({
  after: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
