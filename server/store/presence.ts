import { z } from 'zod';
import type { Queryable } from '../ports.ts';

export type Presence = 'online' | 'away';

/** Says or renews that the agent is there on this instance. */
export async function upsertPresence(
  db: Queryable,
  entry: { agentId: string; instanceId: string; presence: Presence; expiresAt: Date },
): Promise<void> {
  await db.execute(
    `insert into agent_presence (agent_id, instance_id, presence, expires_at) values ($1, $2, $3, $4)
     on conflict (agent_id, instance_id) do update set presence = excluded.presence,
       expires_at = excluded.expires_at`,
    [entry.agentId, entry.instanceId, entry.presence, entry.expiresAt],
  );
}

/** The agent has left this instance. */
export async function deletePresence(db: Queryable, agentId: string, instanceId: string): Promise<void> {
  await db.execute('delete from agent_presence where agent_id = $1 and instance_id = $2', [
    agentId,
    instanceId,
  ]);
}

/** Best presence of any agent on any instance; `offline` when nobody's is unexpired. */
export async function findTeamPresence(db: Queryable, now: Date): Promise<Presence | 'offline'> {
  const rows = await db.query(
    `select presence from agent_presence where expires_at > $1 order by presence = 'online' desc limit 1`,
    [now],
    z.object({ presence: z.enum(['online', 'away']) }),
  );
  return rows[0]?.presence ?? 'offline';
}
