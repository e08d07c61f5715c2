import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '../ports.ts';
import { createTestDatabase } from '../testing/database.ts';
import { fakeClock } from '../testing/deps.ts';
import { createAnswerBudget } from './answer-budget.ts';

let db: Database;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const limits = { visitor: 1000, address: 3000, site: 5000, all: 100_000 };

async function spent(scope: string, key: string): Promise<number> {
  const row = z.object({ tokens: z.number() });
  const rows = await db.query(
    'select tokens from answer_budget where scope = $1 and key = $2 order by day desc',
    [scope, key],
    row,
  );
  return rows[0]?.tokens ?? 0;
}

describe('E8: the budget of the model', () => {
  it('holds for a visitor, however many ask at once', async () => {
    const budget = createAnswerBudget({ db, clock: fakeClock(), limits, estimate: 100 });
    const permits = await Promise.all(
      Array.from({ length: 50 }, () => budget.reserve({ siteId: 'a', visitorId: 'v1' })),
    );
    expect(permits.filter((permit) => permit !== null)).toHaveLength(10);
    expect(await spent('visitor', 'v1')).toBe(1000);
    expect(await spent('site', 'a')).toBe(1000);
  });

  it('holds for an address that makes many visitors, and for a site', async () => {
    const budget = createAnswerBudget({ db, clock: fakeClock(), limits, estimate: 100 });
    const ask = (address: string, index: number) =>
      budget.reserve({ siteId: 'b', visitorId: `${address}-${String(index)}`, address });
    let granted = 0;
    for (let index = 0; index < 40; index += 1) if (await ask('192.0.2.1', index)) granted += 1;
    expect(granted).toBe(30);
    for (let index = 0; index < 40; index += 1) if (await ask('192.0.2.2', index)) granted += 1;
    expect(granted).toBe(50);
    expect(await spent('site', 'b')).toBe(5000);
  });

  it('puts the real use in place of the estimate', async () => {
    const budget = createAnswerBudget({ db, clock: fakeClock(), limits, estimate: 100 });
    await (await budget.reserve({ siteId: 'c', visitorId: 'v3' }))?.settle(40);
    expect(await spent('visitor', 'v3')).toBe(40);
    await (await budget.reserve({ siteId: 'c', visitorId: 'v3' }))?.settle(null);
    expect(await spent('visitor', 'v3')).toBe(140);
  });

  it('begins anew each day', async () => {
    const clock = fakeClock();
    const budget = createAnswerBudget({ db, clock, limits, estimate: 1000 });
    expect(await budget.reserve({ siteId: 'd', visitorId: 'v4' })).not.toBeNull();
    expect(await budget.reserve({ siteId: 'd', visitorId: 'v4' })).toBeNull();
    clock.advance(24 * 60 * 60_000);
    expect(await budget.reserve({ siteId: 'd', visitorId: 'v4' })).not.toBeNull();
  });

  it('keeps no address in plain', async () => {
    const rows = await db.query(
      `select key from answer_budget where scope = 'address'`,
      [],
      z.object({ key: z.string() }),
    );
    expect(rows.every(({ key }) => /^[0-9a-f]{64}$/u.test(key))).toBe(true);
  });
});
