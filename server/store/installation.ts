import { z } from 'zod';
import type { Queryable } from '../ports.ts';

/** The id of the installation that this database belongs to; made with the database, never changed. */
export async function readInstallationId(db: Queryable): Promise<string> {
  const [row] = await db.query('select id from installation', [], z.object({ id: z.uuid() }));
  if (row === undefined) throw new Error('The table "installation" is empty.');
  return row.id;
}
