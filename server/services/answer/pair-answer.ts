import { toCitation } from '../../domain/citations.ts';
import type { PairMatch } from '../../domain/intents/pair-matcher.ts';
import type { Queryable } from '../../ports.ts';
import { findPair } from '../../store/pair.ts';
import type { Draft } from './draft.ts';

/** From this certainty on a question that is worded otherwise than the owner's gets the owner's answer. */
const certainEnough = 0.9;

/** The owner's own answer, word for word, to a question that means it; null where that is not certain enough. */
export async function pairAnswer(
  db: Queryable,
  siteId: string,
  match: PairMatch | null,
): Promise<Draft | null> {
  if (match === null || match.certainty < certainEnough) return null;
  // it may have been deleted since it was learnt
  const pair = await findPair(db, siteId, match.documentId);
  if (pair === null) return null;
  return {
    text: `${pair.text.trim()} [1]`,
    citations: [toCitation({ ...pair, anchor: null, page: null }, 1, pair.text)],
    isQuoted: true,
    status: 'complete',
    ownersCertainty: match.certainty,
    support: 1,
    penalties: {},
    verdict: null,
    model: null,
    promptVersion: null,
    tokens: null,
  };
}
