import { z } from 'zod';
import type { Queryable } from '../ports.ts';

const row = z.object({ ms: z.number() }).transform(({ ms }) => ms);

/** What the database's clock shows, milliseconds since the epoch. */
export async function readDatabaseTime(db: Queryable): Promise<number> {
  const [ms] = await db.query(
    'select (extract(epoch from clock_timestamp()) * 1000)::double precision as ms',
    [],
    row,
  );
  if (ms === undefined) throw new Error('The database did not tell the time.');
  return ms;
}
