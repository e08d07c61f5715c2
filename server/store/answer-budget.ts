import type { Queryable } from '../ports.ts';

/** Whom tokens are charged to. */
export interface BudgetAccount {
  scope: 'visitor' | 'address' | 'site' | 'all';
  key: string;
  /** Tokens a day. */
  limit: number;
}

/** Charges `tokens` to the account's day unless that would pass its limit; false when it would. Atomic. */
export async function chargeBudget(
  db: Queryable,
  account: BudgetAccount,
  day: string,
  tokens: number,
): Promise<boolean> {
  if (tokens > account.limit) return false;
  const touched = await db.execute(
    `insert into answer_budget as budget (scope, key, day, tokens) values ($1, $2, $3::date, $4)
     on conflict (day, scope, key) do update set tokens = budget.tokens + $4 where budget.tokens + $4 <= $5`,
    [account.scope, account.key, day, tokens, account.limit],
  );
  return touched > 0;
}

/** Corrects a charge by `tokens` (negative: less was used). Never refused, never below zero. */
export async function correctBudget(
  db: Queryable,
  account: BudgetAccount,
  day: string,
  tokens: number,
): Promise<void> {
  await db.execute(
    `update answer_budget set tokens = greatest(0, tokens + $4) where scope = $1 and key = $2 and day = $3::date`,
    [account.scope, account.key, day, tokens],
  );
}

/** Forgets days before `day`. */
export async function forgetBudgets(db: Queryable, day: string): Promise<number> {
  return db.execute('delete from answer_budget where day < $1::date', [day]);
}
