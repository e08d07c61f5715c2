import type { RetrievalSignals } from '../knowledge.ts';
import { readSignals } from './signals.ts';
import type { SignalInput } from './signals.ts';

/** A question that the owner's synonyms word anew counts as well supported as its best wording is. */
export function readRewordedSignals(input: SignalInput, rewordings: readonly string[]): RetrievalSignals {
  const own = readSignals(input);
  const others = rewordings.map((question) =>
    readSignals({ ...input, question, history: [...input.history, { role: 'user', text: input.question }] }),
  );
  const best = (pick: (signals: RetrievalSignals) => number) => Math.max(pick(own), ...others.map(pick));
  return {
    ...own,
    ngramCosine: best((signals) => signals.ngramCosine),
    sentenceOverlap: best((signals) => signals.sentenceOverlap),
    pairProximity: best((signals) => signals.pairProximity),
  };
}
