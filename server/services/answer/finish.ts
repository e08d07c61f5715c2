import type { AnswerProgress, FinalAnswer } from '../../domain/answer.ts';
import type { Confidence } from '../../domain/confidence.ts';
import { hasJustAsked } from '../../domain/clarify.ts';
import { decide, type Outcome } from '../../domain/escalation.ts';
import type { Intent } from '../../domain/intent.ts';
import { insertAnswer } from '../../store/answer.ts';
import { poisonedReasons } from './clean-passages.ts';
import { composeText } from './compose.ts';
import type { Draft } from './draft.ts';
import { toDeltas } from './quote-answer.ts';
import type { AnswerDeps, Found, Turn } from './turn.ts';

/** Decides, says what is left to say, stores, and ends with `final`. */
export async function* finish(
  deps: Pick<AnswerDeps, 'db' | 'clock' | 'ids'>,
  turn: Turn,
  found: Found | null,
  draft: Draft | null,
  confidence: Confidence | null,
): AsyncGenerator<AnswerProgress> {
  const { request, site, intent, watch, usage } = turn;
  const language = turn.language ?? 'en';
  watch.begin('decide');
  const choices = found?.choices ?? [];
  const hasContent = found?.hasContent ?? true;
  const outcome = decide({
    intent,
    hasContent,
    hasFound: found?.hasFound ?? true,
    hasModelFailed: draft !== null && draft.status !== 'complete',
    isClarifying: choices.length > 0 || (asksBack(draft) && !hasJustAsked(request.history)),
    confidence: confidence?.score ?? null,
    threshold: site.settings.handoffThreshold,
  });
  const isTrusted = (confidence?.score ?? 0) >= site.settings.handoffThreshold;
  const wording = composeText(intent, outcome, draft, { hasContent, language, isTrusted });
  const streamed = draft === null || draft.isQuoted || !wording.showsDraft ? '' : draft.text;
  for (const text of toDeltas(wording.text.slice(streamed.length))) {
    watch.mark('firstToken');
    yield { type: 'delta', text };
  }
  const answer: FinalAnswer = {
    answerId: deps.ids.uuid(),
    text: wording.text,
    language,
    ...outcome,
    confidence: confidence?.score ?? certainty(intent, outcome),
    reasons: [...(confidence?.reasons ?? []), ...poisonedReasons(found?.readable.poisoned ?? [])],
    citations: wording.showsDraft ? (draft?.citations ?? []) : [],
    isQuoted: wording.showsDraft && draft?.isQuoted === true,
    ...(outcome.decision === 'clarify' && choices.length > 0 ? { choices } : {}),
    ...(draft !== null && !wording.showsDraft ? { draftText: draft.text } : {}),
    ...(draft?.status === 'incomplete' ? { status: 'incomplete' } : {}),
    passages: (found?.retrieval.passages ?? []).map(({ externalId, title, url, text, score }) => ({
      documentId: externalId,
      title,
      url,
      text,
      score,
    })),
    ...(found === null ? {} : { retrieval: found.retrieval }),
    caught: draft?.caught ?? [],
    usage: usage.total(),
    timings: watch.end(),
  };
  await store(deps, turn, found, draft, confidence, answer);
  request.signal.throwIfAborted();
  yield { type: 'final', answer };
}

/** The model's text is a question back. */
const asksBack = (draft: Draft | null): boolean => draft?.verdict === 'clarify' && draft.text !== '';

/** Without an answer to judge: politeness is certain, everything else is not an answer. */
function certainty(intent: Intent, { decision }: Outcome): number {
  return intent !== 'question' && decision === 'answer' ? 1 : 0;
}

async function store(
  deps: Pick<AnswerDeps, 'db' | 'clock'>,
  { request, intent }: Turn,
  found: Found | null,
  draft: Draft | null,
  confidence: Confidence | null,
  answer: FinalAnswer,
): Promise<void> {
  await insertAnswer(deps.db, {
    ...answer,
    id: answer.answerId,
    siteId: request.siteId,
    conversationId: request.conversationId,
    turnId: request.turnId,
    question: request.question,
    standaloneQuestion: found?.retrieval.standaloneQuery ?? request.question,
    intent,
    status: answer.status ?? 'complete',
    // what the owner wrote tells nothing about the signals
    confidenceLogit: draft?.ownersCertainty !== undefined ? null : (confidence?.logit ?? null),
    model: draft?.model ?? null,
    promptVersion: draft?.promptVersion ?? null,
    inputTokens: answer.usage?.inputTokens ?? null,
    outputTokens: answer.usage?.outputTokens ?? null,
    cost: answer.usage?.cost ?? null,
    createdAt: new Date(deps.clock.now()),
  });
}
