import { z } from 'zod';
import type { Queryable } from '../ports.ts';
import { accountSchema, type Account } from '../protocol/http-accounts.ts';

const sessionRow = accountSchema.extend({ expires_at: z.date() });

/** Remembers a session by the hash of its secret. */
export async function insertSession(
  db: Queryable,
  session: { tokenHash: string; agentId: string; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await db.execute(
    'insert into agent_session (token_hash, agent_id, created_at, expires_at) values ($1, $2, $3, $4)',
    [session.tokenHash, session.agentId, session.createdAt, session.expiresAt],
  );
}

/** Whose session this is; null when it is unknown, over, or the agent is disabled. */
export async function findSession(
  db: Queryable,
  tokenHash: string,
  now: Date,
): Promise<{ account: Account; expiresAt: Date } | null> {
  const rows = await db.query(
    `select agent.id, agent.email, agent.name, agent.role, agent_session.expires_at
     from agent_session join agent on agent.id = agent_session.agent_id
     where token_hash = $1 and expires_at > $2 and agent.disabled_at is null`,
    [tokenHash, now],
    sessionRow,
  );
  const row = rows[0];
  if (row === undefined) return null;
  const { expires_at: expiresAt, ...account } = row;
  return { account, expiresAt };
}

/** Moves the end of a session. */
export async function extendSession(db: Queryable, tokenHash: string, expiresAt: Date): Promise<void> {
  await db.execute('update agent_session set expires_at = $2 where token_hash = $1', [tokenHash, expiresAt]);
}

/** Ends one session; gives whose it was. */
export async function deleteSession(db: Queryable, tokenHash: string): Promise<string | null> {
  const rows = await db.query(
    'delete from agent_session where token_hash = $1 returning agent_id',
    [tokenHash],
    z.object({ agent_id: z.uuid() }),
  );
  return rows[0]?.agent_id ?? null;
}

/** Ends all sessions of an agent. */
export async function deleteSessionsOf(db: Queryable, agentId: string): Promise<void> {
  await db.execute('delete from agent_session where agent_id = $1', [agentId]);
}

/** Forgets sessions that are over. */
export async function deleteExpiredSessions(db: Queryable, now: Date): Promise<number> {
  return db.execute('delete from agent_session where expires_at <= $1', [now]);
}
