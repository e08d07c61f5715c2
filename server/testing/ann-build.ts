import { setImmediate as breathe } from 'node:timers/promises';
import { z } from 'zod';
import type { Database } from '../ports.ts';
import { createAnnIndex, type VectorSpace } from '../store/passage-ann.ts';

/** Beyond it what was hoped for does not come. */
const maxRounds = 100;

async function dropAnnIndexes(db: Database): Promise<void> {
  const rows = await db.query(
    `select indexname as name from pg_indexes where starts_with(indexname, 'passage_embedding_ann_')`,
    [],
    z.object({ name: z.string() }),
  );
  for (const { name } of rows) await db.execute(`drop index ${name}`);
}

/**
 * What `look` sees while the approximate index of a space is built, which is built anew until it saw enough: a busy
 * machine may miss the moment. In PGlite, which looks before or after only, once.
 */
export async function watchAnnBuild<Seen>(
  db: Database,
  { space, count }: { space: VectorSpace; count: number },
  look: () => Promise<Seen>,
  isEnough: (seen: Seen) => boolean,
): Promise<Seen[]> {
  const seen: Seen[] = [];
  const isOver = (round: number) => (db.kind === 'pglite' ? round === 1 : seen.some(isEnough));
  for (let round = 0; round < maxRounds && !isOver(round); round += 1) {
    await dropAnnIndexes(db);
    let isBuilding = true;
    const building = createAnnIndex(db, space, count).finally(() => (isBuilding = false));
    while (isBuilding) {
      seen.push(await look());
      // what asks no database would let nothing else in
      await breathe();
    }
    await building;
  }
  return seen;
}
