import { z } from 'zod';
import type { Queryable } from '../ports.ts';

/** Those of the session hashes that still stand for an agent who may sign in. */
export async function findLivingSessions(
  db: Queryable,
  hashes: readonly string[],
  now: Date,
): Promise<string[]> {
  const rows = await db.query(
    `select s.token_hash from agent_session s join agent a on a.id = s.agent_id
     where s.token_hash = any($1::text[]) and s.expires_at > $2 and a.disabled_at is null`,
    [hashes, now],
    z.object({ token_hash: z.string() }),
  );
  return rows.map((row) => row.token_hash);
}
