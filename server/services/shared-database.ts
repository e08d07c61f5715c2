import type { Database } from '../ports.ts';
import { createSlots } from './slots.ts';

/**
 * The same database for work of which many may come at once: it takes `places` connections at most and waits in line
 * for them, however long, so that the others are left to whoever talks.
 */
export function createSharedDatabase(db: Database, places: number): Database {
  const slots = createSlots(places);
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> =>
    slots.run(new AbortController().signal, work);
  return {
    ...db,
    query: (sql, parameters, row, options) => inTurn(() => db.query(sql, parameters, row, options)),
    execute: (sql, parameters, options) => inTurn(() => db.execute(sql, parameters, options)),
    transaction: (work, options) => inTurn(() => db.transaction(work, options)),
  };
}
