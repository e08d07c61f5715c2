import { calibrate, type Calibration } from '../../domain/confidence-calibration.ts';
import { readPenalties } from '../../domain/confidence-penalties.ts';
import { assessConfidence, noPenalties, sigmoid, type Confidence } from '../../domain/confidence.ts';
import type { PairMatch } from '../../domain/intents/pair-matcher.ts';
import type { Retrieval } from '../../domain/knowledge.ts';
import { pairPrefix } from '../../store/pair.ts';
import type { Draft } from './draft.ts';

/** Log odds of an answer that the owner wrote for this very question: right in 98 of 100 cases. */
const ownersLogit = 4;
/** Below this certainty a quoted pair of the owner's was probably meant for another question. */
const otherQuestion = 0.3;
/** What that costs, in log odds. */
const otherQuestionCost = 1;

/**
 * How likely the draft is right, on the site's own scale. `match`: the owner's pair that the question may mean.
 */
export function assess(
  question: string,
  { passages, signals }: Retrieval,
  draft: Draft,
  calibration: Calibration,
  match: PairMatch | null,
): Confidence {
  if (draft.ownersCertainty !== undefined) return assessOwners(draft.ownersCertainty);
  const traps = readPenalties(
    question,
    draft.citations[0]?.quote ?? draft.text,
    passages.map(({ text }) => text),
  );
  const raw = assessConfidence({
    signals: { ...signals, support: draft.support },
    penalties: { ...noPenalties, ...traps, ...draft.penalties },
    verdict: draft.verdict,
    language: passages[0]?.language ?? null,
  });
  return calibrate(lowerOtherQuestion(raw, draft, match), calibration);
}

function assessOwners(certainty: number): Confidence {
  const logit = certainty >= 1 ? ownersLogit : Math.min(ownersLogit, Math.log(certainty / (1 - certainty)));
  const text =
    certainty >= 1
      ? 'The owner wrote this answer to this question'
      : 'The question means one that the owner has answered';
  return { logit, score: sigmoid(logit), reasons: [{ code: 'owners-answer', text, effect: 'raises' }] };
}

/** An owner's answer that was quoted although the question is hardly one of the owner's. */
function lowerOtherQuestion(raw: Confidence, draft: Draft, match: PairMatch | null): Confidence {
  const quotesPair = draft.citations[0]?.documentId.startsWith(pairPrefix) === true;
  if (!quotesPair || match === null || match.certainty >= otherQuestion) return raw;
  const logit = raw.logit - otherQuestionCost;
  const text = 'The question is hardly one of those that the owner answered';
  const reasons = [...raw.reasons, { code: 'other-question', text, effect: 'lowers' as const }];
  return { logit, score: sigmoid(logit), reasons };
}
