import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../ports.ts';
import { createTestDatabase } from '../testing/database.ts';
import { createSharedDatabase } from './shared-database.ts';

let db: Database;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

it('takes as many connections as it may have, and does all of its work', async () => {
  let open = 0;
  let most = 0;
  const counting: Database = {
    ...db,
    async transaction(work, options) {
      open += 1;
      most = Math.max(most, open);
      return db.transaction(work, options).finally(() => (open -= 1));
    },
  };
  const shared = createSharedDatabase(counting, 2);
  const works = Array.from({ length: 12 }, (_, n) =>
    shared.transaction(async (tx) => {
      await tx.execute('select pg_sleep(0.01)');
      if (n % 3 === 0) throw new Error('rolled back');
      return n;
    }),
  );
  const ended = await Promise.allSettled(works);
  expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
  expect(most).toBe(2);
});
