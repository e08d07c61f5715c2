import { z } from 'zod';
import type { Transaction } from '../ports.ts';

const sumRow = z.object({ bytes: z.coerce.number() });

/**
 * Adds to what a source was given, and gives the sums of the source and of its site. Others who add to the same site
 * wait until this transaction ends, so that many at once cannot pass a limit together. What `isUnpacked` from it is
 * given back when the run is over.
 */
export async function addSourceBytes(
  tx: Transaction,
  siteId: string,
  sourceId: string,
  bytes: number,
  isUnpacked: boolean,
): Promise<{ source: number; site: number }> {
  await tx.execute(`select pg_advisory_xact_lock(hashtextextended('intake ' || $1, 0))`, [siteId]);
  const [source] = await tx.query(
    `update source set bytes = bytes + $3, unpacked_bytes = unpacked_bytes + $4
     where site_id = $1 and id = $2 returning bytes`,
    [siteId, sourceId, bytes, isUnpacked ? bytes : 0],
    sumRow,
  );
  const [site] = await tx.query(
    'select coalesce(sum(bytes), 0)::bigint as bytes from source where site_id = $1',
    [siteId],
    sumRow,
  );
  return { source: source?.bytes ?? 0, site: site?.bytes ?? 0 };
}
