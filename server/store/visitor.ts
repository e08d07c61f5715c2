import { z } from 'zod';
import type { Queryable } from '../ports.ts';

export interface NewVisitor {
  id: string;
  siteId: string;
  name: string;
  at: Date;
}

/** Adds the visitor; false when there is no such site. */
export async function insertVisitor(db: Queryable, visitor: NewVisitor): Promise<boolean> {
  const inserted = await db.execute(
    `insert into visitor (id, site_id, name, created_at)
     select $1, id, $3, $4 from site where id = $2`,
    [visitor.id, visitor.siteId, visitor.name, visitor.at],
  );
  return inserted > 0;
}

export interface NewVisitorSession {
  tokenHash: string;
  visitorId: string;
  siteId: string;
  at: Date;
  expiresAt: Date;
}

export async function insertVisitorSession(db: Queryable, session: NewVisitorSession): Promise<void> {
  await db.execute(
    `insert into visitor_session (token_hash, visitor_id, site_id, created_at, expires_at)
     values ($1, $2, $3, $4, $5)`,
    [session.tokenHash, session.visitorId, session.siteId, session.at, session.expiresAt],
  );
}

/** A secret's hash, and the site that it is shown to. */
export interface SessionKey {
  siteId: string;
  tokenHash: string;
}

export interface KnownVisitor {
  visitorId: string;
  name: string;
}

const sessionRow = z.object({
  token_hash: z.string(),
  site_id: z.string(),
  visitor_id: z.uuid(),
  name: z.string(),
});

/** For each key the visitor whose unexpired session on that site it is, or null. */
export async function findVisitorsBySession(
  db: Queryable,
  keys: readonly SessionKey[],
  now: Date,
): Promise<(KnownVisitor | null)[]> {
  const rows = await db.query(
    `select s.token_hash, s.site_id, s.visitor_id, v.name
     from visitor_session s join visitor v on v.id = s.visitor_id
     where s.token_hash = any($1::text[]) and s.expires_at > $2`,
    [keys.map(({ tokenHash }) => tokenHash), now],
    sessionRow,
  );
  const byHash = new Map(rows.map((row) => [row.token_hash, row]));
  return keys.map(({ siteId, tokenHash }) => {
    const row = byHash.get(tokenHash);
    return row?.site_id === siteId ? { visitorId: row.visitor_id, name: row.name } : null;
  });
}

/** Moves the end of a session's life. */
export async function extendVisitorSession(db: Queryable, tokenHash: string, expiresAt: Date): Promise<void> {
  await db.execute('update visitor_session set expires_at = $2 where token_hash = $1', [
    tokenHash,
    expiresAt,
  ]);
}

/** Forgets sessions that ended before `now`; gives how many. */
export async function deleteExpiredVisitorSessions(db: Queryable, now: Date): Promise<number> {
  return db.execute('delete from visitor_session where expires_at <= $1', [now]);
}
