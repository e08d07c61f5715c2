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

const visitorRow = z
  .object({ visitor_id: z.uuid(), name: z.string() })
  .transform((row) => ({ visitorId: row.visitor_id, name: row.name }));

/** The visitor whose unexpired session has this token hash on this site, or null. */
export async function findVisitorBySession(
  db: Queryable,
  siteId: string,
  tokenHash: string,
  now: Date,
): Promise<z.output<typeof visitorRow> | null> {
  const rows = await db.query(
    `select s.visitor_id, v.name from visitor_session s join visitor v on v.id = s.visitor_id
     where s.token_hash = $1 and s.site_id = $2 and s.expires_at > $3`,
    [tokenHash, siteId, now],
    visitorRow,
  );
  return rows[0] ?? null;
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
