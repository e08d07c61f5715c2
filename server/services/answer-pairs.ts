import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Analyzer } from '../domain/analysis/analyze.ts';
import { createPairMatcher, type PairMatch, type PairMatcher } from '../domain/intents/pair-matcher.ts';
import { errorMessage } from '../errors.ts';
import type { Database, Logger } from '../ports.ts';
import { listPairs, readPairStamp } from '../store/pair.ts';

export interface AnswerPairs {
  /** The owner's pair that a question means, or null; of the site's pairs as they are now. */
  match(siteId: string, question: string, language: string): Promise<PairMatch | null>;
}

/** Pairs of a site that are looked at. */
const mostPairs = 5000;
/** Sites whose pairs are kept learnt. */
const mostSites = 50;
/** A site with so many pairs learns in the background, and is asked in the meantime as it was before. */
const soonLearnt = 100;

interface Learnt {
  stamp: string;
  matcher: PairMatcher;
}

/** Knows the questions that owners answered; learns them when they have changed. Make it once per process. */
export function createAnswerPairs(deps: { db: Database; analyzer: Analyzer; logger: Logger }): AnswerPairs {
  const { db, analyzer, logger } = deps;
  const learnt = new Map<string, Learnt>();
  const learning = new Map<string, Promise<Learnt>>();

  async function learn(siteId: string, stamp: string): Promise<Learnt> {
    const pairs = await listPairs(db, siteId, mostPairs);
    const steps = createPairMatcher(analyzer, pairs);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return keep(siteId, { stamp, matcher: step.value });
      // questions are answered in between
      await nextTurn();
    }
  }

  function keep(siteId: string, entry: Learnt): Learnt {
    learnt.delete(siteId);
    learnt.set(siteId, entry);
    const oldest = learnt.keys().next().value;
    if (learnt.size > mostSites && oldest !== undefined) learnt.delete(oldest);
    return entry;
  }

  function learnOnce(siteId: string, stamp: string): Promise<Learnt> {
    const known = learning.get(siteId);
    if (known !== undefined) return known;
    const work = learn(siteId, stamp).finally(() => learning.delete(siteId));
    learning.set(siteId, work);
    return work;
  }

  async function current(siteId: string): Promise<PairMatcher> {
    const stamp = await readPairStamp(db, siteId);
    const known = learnt.get(siteId);
    if (known?.stamp === stamp) return keep(siteId, known).matcher;
    const work = learnOnce(siteId, stamp);
    const count = Number.parseInt(stamp, 10);
    if (known === undefined || count < soonLearnt) return (await work).matcher;
    work.catch((error: unknown) => logger.warn('pairs-not-learnt', { siteId, cause: errorMessage(error) }));
    return known.matcher;
  }

  return {
    async match(siteId, question, language) {
      return (await current(siteId)).match(question, language);
    },
  };
}
