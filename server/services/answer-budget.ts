import { createHash } from 'node:crypto';
import type { Clock, Database } from '../ports.ts';
import { chargeBudget, correctBudget, type BudgetAccount } from '../store/answer-budget.ts';

/** Tokens of the model a day, reading and writing together. */
export interface BudgetLimits {
  visitor: number;
  address: number;
  site: number;
  all: number;
}

/** For those that are not told other limits; the same as the configuration's own. */
export const defaultBudgetLimits: BudgetLimits = {
  visitor: 300_000,
  address: 3_000_000,
  site: 30_000_000,
  all: 300_000_000,
};

/** What one call may cost at most: the prompt's 4,000 tokens of passages, rules, history, and the reply. */
const callEstimate = 5000;

export interface BudgetPermit {
  /** Puts the real use in place of the estimate; null where the provider did not tell it. Call it once. */
  settle(tokens: number | null): Promise<void>;
}

export interface AnswerBudget {
  /**
   * Reserves one call of the model with all who pay for it, before it is made. Null when one of them has nothing
   * left today (UTC): then the model must not be called.
   */
  reserve(payer: {
    siteId: string;
    visitorId?: string | null;
    address?: string | null;
  }): Promise<BudgetPermit | null>;
}

/** Budgets that hold over all instances, because each reservation is one conditional update in the database. */
export function createAnswerBudget(deps: {
  db: Database;
  clock: Clock;
  limits?: BudgetLimits;
  /** Tokens reserved for one call. */
  estimate?: number;
}): AnswerBudget {
  const { db, clock, limits = defaultBudgetLimits, estimate = callEstimate } = deps;
  return {
    async reserve(payer) {
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      const accounts = accountsOf(payer, limits);
      const charged: BudgetAccount[] = [];
      const correct = async (tokens: number) => {
        for (const account of charged) await correctBudget(db, account, day, tokens);
      };
      for (const account of accounts) {
        if (await chargeBudget(db, account, day, estimate)) {
          charged.push(account);
          continue;
        }
        await correct(-estimate);
        return null;
      }
      return { settle: (tokens) => (tokens === null ? Promise.resolve() : correct(tokens - estimate)) };
    },
  };
}

/** The narrowest first, so that one visitor's excess does not touch the others' accounts. */
function accountsOf(
  { siteId, visitorId, address }: { siteId: string; visitorId?: string | null; address?: string | null },
  limits: BudgetLimits,
): BudgetAccount[] {
  const accounts: BudgetAccount[] = [];
  if (visitorId) accounts.push({ scope: 'visitor', key: visitorId, limit: limits.visitor });
  if (address) {
    // the address itself is personal data and not needed
    const key = createHash('sha256').update(address).digest('hex');
    accounts.push({ scope: 'address', key, limit: limits.address });
  }
  accounts.push(
    { scope: 'site', key: siteId, limit: limits.site },
    { scope: 'all', key: '', limit: limits.all },
  );
  return accounts;
}
