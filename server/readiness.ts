import { z } from 'zod';
import { errorMessage } from './errors.ts';
import type { Database } from './ports.ts';

/** How the server is: `isReady` says whether requests can be served, the checks say what is amiss. */
export interface Readiness {
  isReady: boolean;
  checks: Readonly<Record<string, { ok: boolean; detail: string }>>;
}

/** A database that is silent for this long counts as away; readiness must be told within 3 s. */
const pingTimeoutMs = 2000;

async function ping(db: Database): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${pingTimeoutMs} ms`)), pingTimeoutMs);
  });
  try {
    await Promise.race([db.query('select 1 as one', [], z.object({ one: z.number() })), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Whether requests can be served: the database answers. Models, Redis and mail are only degraded when they are
 * away, so they do not count. Never takes longer than 2 s; checks that overlap are one.
 */
export function createReadiness(db: Database): () => Promise<Readiness> {
  let pending: Promise<Readiness> | null = null;

  async function check(): Promise<Readiness> {
    try {
      await ping(db);
      return { isReady: true, checks: { database: { ok: true, detail: db.kind } } };
    } catch (error) {
      return { isReady: false, checks: { database: { ok: false, detail: errorMessage(error) } } };
    }
  }

  return () => {
    pending ??= check().finally(() => (pending = null));
    return pending;
  };
}
