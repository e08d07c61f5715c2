import type { Database, Queryable, Transaction } from '../ports.ts';

/** A database as a process sees it that is killed at one of its statements. */
export interface DyingDatabase {
  db: Database;
  /** How many statements, begins and ends of transactions there were. */
  steps(): number;
  isDead(): boolean;
}

/**
 * Passes everything on until step number `at`, which fails like all after it. The end of a transaction is two steps:
 * one before the commit, which is then rolled back, and one after it, which is then done but not heard of.
 */
export function createDyingDatabase(whole: Database, at: number): DyingDatabase {
  let steps = 0;
  const step = () => {
    steps += 1;
    if (steps >= at) throw new Error('killed');
  };
  const wrap = (queryable: Queryable): Queryable => ({
    query: (sql, parameters, row) => {
      step();
      return queryable.query(sql, parameters, row);
    },
    execute: (sql, parameters, options) => {
      step();
      return queryable.execute(sql, parameters, options);
    },
  });
  return {
    steps: () => steps,
    isDead: () => steps >= at,
    db: {
      ...whole,
      // A function that throws at once would be a fault of another kind than a promise that rejects.
      query: async (sql, parameters, row) => wrap(whole).query(sql, parameters, row),
      execute: async (sql, parameters, options) => wrap(whole).execute(sql, parameters, options),
      async transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
        step();
        const result = await whole.transaction(async (tx) => {
          const done = await work({ ...tx, ...wrap(tx) });
          step();
          return done;
        });
        step();
        return result;
      },
    },
  };
}
