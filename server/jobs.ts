import { z } from 'zod';

/**
 * Every kind of background work: its name, the payload it takes, and how long one attempt may run.
 * Payloads hold ids only; what is to be done stands in the database, so losing the queue loses nothing.
 */
export const jobDefinitions = {
  'source-run': {
    payload: z.object({ sourceId: z.uuid(), run: z.number().int() }),
    timeoutMs: 60 * 60_000,
  },
  /** Makes the vectors of a site's passages with the configured embedder, then swaps. */
  'index-build': { payload: z.object({ siteId: z.string() }), timeoutMs: 6 * 60 * 60_000 },
  /** Takes up sources and index builds whose deadline has passed, repeats. */
  'source-sweep': { payload: z.object({}), timeoutMs: 60_000 },
} as const;

export type JobName = keyof typeof jobDefinitions;
export type JobPayload<Name extends JobName> = z.infer<(typeof jobDefinitions)[Name]['payload']>;
