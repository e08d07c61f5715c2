import { AsyncLocalStorage } from 'node:async_hooks';

/** Tells whether code runs inside an open transaction of one database. */
export interface TransactionGuard {
  /** Runs `work` as the body of a transaction. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /**
   * Throws when called, however indirectly, from inside `run`: a second connection there would wait for the
   * first for ever (embedded) or drain the pool (PostgreSQL).
   */
  assertOutside(): void;
}

/** One guard per database; follows async calls, timers and promises made inside the transaction. */
export function createTransactionGuard(): TransactionGuard {
  const storage = new AsyncLocalStorage<{ isOpen: boolean }>();
  return {
    async run(work) {
      const scope = { isOpen: true };
      try {
        return await storage.run(scope, work);
      } finally {
        scope.isOpen = false;
      }
    },
    assertOutside() {
      if (storage.getStore()?.isOpen === true) {
        throw new Error(
          'The database was used inside its own transaction: use the transaction (tx) instead.',
        );
      }
    },
  };
}
