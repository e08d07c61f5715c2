import { z } from 'zod';
import type { Queryable } from '../ports.ts';
import { siteSettingsSchema, type SiteSettings } from '../protocol/http.ts';

const siteRow = z.object({
  id: z.string(),
  name: z.string(),
  settings: siteSettingsSchema,
  created_at: z.date(),
});

/** A site as stored; settings that were never set have their defaults. */
export interface SiteRecord {
  id: string;
  name: string;
  settings: SiteSettings;
  createdAt: Date;
}

function toRecord(row: z.output<typeof siteRow>): SiteRecord {
  return { id: row.id, name: row.name, settings: row.settings, createdAt: row.created_at };
}

/** The site with its settings, or null. */
export async function findSite(db: Queryable, siteId: string): Promise<SiteRecord | null> {
  const rows = await db.query(
    'select id, name, settings, created_at from site where id = $1',
    [siteId],
    siteRow,
  );
  return rows[0] === undefined ? null : toRecord(rows[0]);
}

/** Like `findSite`, and holds the row until the transaction ends, so that two writers take turns. */
export async function lockSite(tx: Queryable, siteId: string): Promise<SiteRecord | null> {
  const rows = await tx.query(
    'select id, name, settings, created_at from site where id = $1 for update',
    [siteId],
    siteRow,
  );
  return rows[0] === undefined ? null : toRecord(rows[0]);
}

/** All sites, oldest first. */
export async function listSites(db: Queryable): Promise<SiteRecord[]> {
  const rows = await db.query(
    'select id, name, settings, created_at from site order by created_at, id',
    [],
    siteRow,
  );
  return rows.map(toRecord);
}

/** Adds the site; false when the id is taken. */
export async function insertSite(
  db: Queryable,
  site: { id: string; name: string; settings: Partial<SiteSettings>; createdAt: Date },
): Promise<boolean> {
  const inserted = await db.execute(
    `insert into site (id, name, settings, created_at) values ($1, $2, $3::jsonb, $4)
     on conflict (id) do nothing`,
    [site.id, site.name, JSON.stringify(site.settings), site.createdAt],
  );
  return inserted > 0;
}

/** Replaces name and settings; false when there is no such site. */
export async function updateSite(
  db: Queryable,
  site: { id: string; name: string; settings: SiteSettings },
): Promise<boolean> {
  const updated = await db.execute('update site set name = $2, settings = $3::jsonb where id = $1', [
    site.id,
    site.name,
    JSON.stringify(site.settings),
  ]);
  return updated > 0;
}

/** Deletes the site with everything that belongs to it; false when there is no such site. */
export async function deleteSite(db: Queryable, siteId: string): Promise<boolean> {
  return (await db.execute('delete from site where id = $1', [siteId])) > 0;
}
