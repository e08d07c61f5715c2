import { createAnalyzer, type Analyzer } from '../domain/analysis/analyze.ts';
import type { AnswerProgress, FinalAnswer } from '../domain/answer.ts';
import { assessConfidence, noPenalties, type Confidence } from '../domain/confidence.ts';
import { calibrate } from '../domain/confidence-calibration.ts';
import { readPenalties } from '../domain/confidence-penalties.ts';
import { decide, hasRelevant, type Outcome } from '../domain/escalation.ts';
import { readIntent, type Intent } from '../domain/intent.ts';
import type { Retrieval } from '../domain/knowledge.ts';
import { chooseLanguage } from '../domain/language.ts';
import { AppError } from '../errors.ts';
import type { ChatModel, Clock, Database, Ids, Logger } from '../ports.ts';
import type { HistoryTurn } from '../protocol/entities.ts';
import { hasPassages, insertAnswer } from '../store/answer.ts';
import { findSite, type SiteRecord } from '../store/site.ts';
import { createAnswerQuality, type AnswerQuality } from './answer-quality.ts';
import { composeText } from './answer/compose.ts';
import { condense } from './answer/condense.ts';
import type { AnswerTask, Draft } from './answer/draft.ts';
import { modelAnswer } from './answer/model-answer.ts';
import { loadPrompts, type Prompts } from './answer/prompts.ts';
import { quoteAnswer, toDeltas } from './answer/quote-answer.ts';
import { createStopwatch, type Stopwatch } from './answer/stopwatch.ts';

/** Searches a site; the service of `retrieve.ts`. */
export type Retrieve = (request: {
  siteId: string;
  query: string;
  k: number;
  history: readonly HistoryTurn[];
  signal?: AbortSignal;
}) => Promise<Retrieval>;

export interface AnswerDeps {
  db: Database;
  retrieve: Retrieve;
  /** Null: the built-in answerer quotes the pages. */
  chatModel: ChatModel | null;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  prompts?: Prompts;
  /** How the site's confidence is to be read; share the one that takes the judgements. */
  quality?: Pick<AnswerQuality, 'calibration'>;
}

export interface AnswerRequest {
  siteId: string;
  question: string;
  /** Oldest first, without the question. */
  history: readonly HistoryTurn[];
  conversationId: string | null;
  turnId: string | null;
  signal: AbortSignal;
}

export interface AnswerService {
  /**
   * Answers one question. The deltas together are the final text; the answer is stored before `final`.
   * @throws AppError `not-found` (site), `unavailable` (database), or the signal's reason.
   */
  answer(request: AnswerRequest): AsyncGenerator<AnswerProgress>;
}

const passagesWanted = 8;

/** What one answer gathers on its way. */
interface Turn {
  request: AnswerRequest;
  site: SiteRecord;
  intent: Intent;
  /** Null until the pages found must tell it. */
  language: string | null;
  watch: Stopwatch;
}

interface Found {
  retrieval: Retrieval;
  hasContent: boolean;
  hasFound: boolean;
}

/** Makes the service that turns a question into a cited answer with a confidence and a decision. */
export function createAnswerService(deps: AnswerDeps): AnswerService {
  const analyzer = createAnalyzer();
  const prompts = deps.prompts ?? loadPrompts();
  const quality = deps.quality ?? createAnswerQuality(deps);

  async function* answer(request: AnswerRequest): AsyncGenerator<AnswerProgress> {
    const turn = await understand(deps, request);
    if (turn.intent !== 'question') {
      yield* finish(deps, turn, null, null, null);
      return;
    }
    yield { type: 'step', step: 'searching' };
    const found = await search(deps, prompts, turn);
    turn.language ??= found.retrieval.passages[0]?.language ?? null;
    if (!found.hasFound) {
      yield* finish(deps, turn, found, null, null);
      return;
    }
    yield { type: 'step', step: 'reading' };
    const draft = yield* generate(deps, analyzer, prompts, turn, found.retrieval);
    yield { type: 'step', step: 'checking' };
    turn.watch.begin('verify');
    const raw = draft === null ? null : assess(request.question, found.retrieval, draft);
    const confidence = raw === null ? null : calibrate(raw, await quality.calibration(request.siteId));
    yield* finish(deps, turn, found, draft, confidence);
  }

  return { answer };
}

async function understand(deps: AnswerDeps, request: AnswerRequest): Promise<Turn> {
  const watch = createStopwatch(deps.clock);
  watch.begin('understand');
  const site = await findSite(deps.db, request.siteId);
  if (site === null) throw new AppError('not-found', 'There is no such site.');
  const earlier = request.history.filter(({ role }) => role === 'user').map(({ text }) => text);
  return {
    request,
    site,
    intent: readIntent(request.question),
    language: chooseLanguage(request.question, earlier),
    watch,
  };
}

async function search(deps: AnswerDeps, prompts: Prompts, { request, watch }: Turn): Promise<Found> {
  const { siteId, question, history, signal } = request;
  watch.begin('condense');
  const condensed = await condense({ ...deps, prompts }, question, history, signal);
  watch.begin('retrieve');
  const searched = await deps.retrieve({
    siteId,
    query: condensed ?? question,
    k: passagesWanted,
    history: condensed === null ? history : [],
    signal,
  });
  watch.begin('gate');
  // a search fills up with passages that have nothing to do with the question
  const passages = searched.passages.filter(({ score }) => score > 0);
  const retrieval = { ...searched, passages };
  const hasFound = hasRelevant(retrieval);
  const hasContent = searched.passages.length > 0 || (await hasPassages(deps.db, siteId));
  return { retrieval, hasContent, hasFound };
}

/**
 * Writes the draft: by the model, streamed; else, or when the model gives nothing, by quoting, which is shown only
 * once it is decided to.
 */
async function* generate(
  deps: AnswerDeps,
  analyzer: Analyzer,
  prompts: Prompts,
  { request, site, language, watch }: Turn,
  retrieval: Retrieval,
): AsyncGenerator<AnswerProgress, Draft | null> {
  watch.begin('generate');
  const task: AnswerTask = {
    question: request.question,
    standaloneQuestion: retrieval.standaloneQuery,
    history: request.history,
    language: language ?? 'en',
    passages: retrieval.passages,
    siteName: site.name,
    instructions: site.settings.instructions,
  };
  if (deps.chatModel === null) return quoteAnswer(analyzer, task);
  const writing = modelAnswer({ analyzer, chatModel: deps.chatModel, prompts }, task, request.signal);
  try {
    for (let isFirst = true; ; isFirst = false) {
      const piece = await writing.next();
      if (piece.done === true) return orQuote(piece.value, () => quoteAnswer(analyzer, task));
      if (isFirst) {
        watch.mark('firstToken');
        yield { type: 'step', step: 'writing' };
      }
      yield { type: 'delta', text: piece.value };
    }
  } finally {
    await writing.return?.(emptyDraft);
  }
}

/** In place of a model's empty draft the quotation, still marked as the model's failure. */
function orQuote(draft: Draft, quoteInstead: () => Draft | null): Draft {
  if (draft.status !== 'failed') return draft;
  const quoted = quoteInstead();
  return quoted === null ? draft : { ...quoted, status: 'failed', model: draft.model };
}

const emptyDraft: Draft = {
  text: '',
  citations: [],
  isQuoted: false,
  status: 'failed',
  support: 0,
  penalties: {},
  verdict: null,
  model: null,
  promptVersion: null,
  inputTokens: null,
  outputTokens: null,
};

function assess(question: string, { passages, signals }: Retrieval, draft: Draft): Confidence {
  const bestSentence = draft.citations[0]?.quote ?? draft.text;
  const traps = readPenalties(
    question,
    bestSentence,
    passages.map(({ text }) => text),
  );
  return assessConfidence({
    signals: { ...signals, support: draft.support },
    penalties: { ...noPenalties, ...traps, ...draft.penalties },
    verdict: draft.verdict,
  });
}

/** Decides, says what is left to say, stores, and ends with `final`. */
async function* finish(
  deps: AnswerDeps,
  turn: Turn,
  found: Found | null,
  draft: Draft | null,
  confidence: Confidence | null,
): AsyncGenerator<AnswerProgress> {
  const { request, site, intent, watch } = turn;
  const language = turn.language ?? 'en';
  watch.begin('decide');
  const hasContent = found?.hasContent ?? true;
  const outcome = decide({
    intent,
    hasContent,
    hasFound: found?.hasFound ?? true,
    hasModelFailed: draft !== null && draft.status !== 'complete',
    isClarifying: draft?.verdict === 'clarify' && draft.text !== '',
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
    reasons: confidence?.reasons ?? [],
    citations: wording.showsDraft ? (draft?.citations ?? []) : [],
    isQuoted: wording.showsDraft && draft?.isQuoted === true,
    ...(draft?.status === 'incomplete' ? { status: 'incomplete' } : {}),
    passages: (found?.retrieval.passages ?? []).map(({ externalId, title, url, text, score }) => ({
      documentId: externalId,
      title,
      url,
      text,
      score,
    })),
    ...(found === null ? {} : { retrieval: found.retrieval }),
    timings: watch.end(),
  };
  await store(deps, turn, found, draft, confidence, answer);
  request.signal.throwIfAborted();
  yield { type: 'final', answer };
}

/** Without an answer to judge: politeness is certain, everything else is not an answer. */
function certainty(intent: Intent, { decision }: Outcome): number {
  return intent !== 'question' && decision === 'answer' ? 1 : 0;
}

async function store(
  deps: AnswerDeps,
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
    confidenceLogit: confidence?.logit ?? null,
    model: draft?.model ?? null,
    promptVersion: draft?.promptVersion ?? null,
    inputTokens: draft?.inputTokens ?? null,
    outputTokens: draft?.outputTokens ?? null,
    createdAt: new Date(deps.clock.now()),
  });
}
