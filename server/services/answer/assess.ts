import { calibrate, type Calibration } from '../../domain/confidence-calibration.ts';
import { readPenalties } from '../../domain/confidence-penalties.ts';
import { assessConfidence, noPenalties, sigmoid, type Confidence } from '../../domain/confidence.ts';
import type { Retrieval } from '../../domain/knowledge.ts';
import type { Draft } from './draft.ts';

/** Log odds of an answer that the owner wrote for this very question: right in 98 of 100 cases. */
const ownersLogit = 4;

/** How likely the draft is right, on the site's own scale. */
export function assess(
  question: string,
  { passages, signals }: Retrieval,
  draft: Draft,
  calibration: Calibration,
): Confidence {
  if (draft.isOwnersAnswer === true) {
    const text = 'The owner wrote this answer to this question';
    return {
      logit: ownersLogit,
      score: sigmoid(ownersLogit),
      reasons: [{ code: 'owners-answer', text, effect: 'raises' }],
    };
  }
  const traps = readPenalties(
    question,
    draft.citations[0]?.quote ?? draft.text,
    passages.map(({ text }) => text),
  );
  const raw = assessConfidence({
    signals: { ...signals, support: draft.support },
    penalties: { ...noPenalties, ...traps, ...draft.penalties },
    verdict: draft.verdict,
  });
  return calibrate(raw, calibration);
}
