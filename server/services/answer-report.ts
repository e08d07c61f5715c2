import type { Clock, Database } from '../ports.ts';
import { listAnswerDays, listCaught, type AnswerDay, type CaughtAnswer } from '../store/answer-report.ts';
import { noPrices, type Prices } from './answer/usage.ts';

export interface AnswerReports {
  /** What the model cost a site in the last 30 days, and what checking its sentences caught. */
  report(siteId: string): Promise<{ currency: string; days: AnswerDay[]; caught: CaughtAnswer[] }>;
}

const reportMs = 30 * 24 * 60 * 60_000;
const mostCaught = 20;

export function createAnswerReports(deps: { db: Database; clock: Clock; prices?: Prices }): AnswerReports {
  const { db, clock, prices = noPrices } = deps;
  return {
    async report(siteId) {
      const since = new Date(clock.now() - reportMs);
      const days = await listAnswerDays(db, siteId, since);
      return { currency: prices.currency, days, caught: await listCaught(db, siteId, mostCaught) };
    },
  };
}
