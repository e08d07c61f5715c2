import { createAnalyzer, type Analyzer } from '../domain/analysis/analyze.ts';
import type { AnswerProgress } from '../domain/answer.ts';
import { hasRelevant } from '../domain/escalation.ts';
import { readIntent } from '../domain/intent.ts';
import type { PromptBudget } from '../domain/prompt.ts';
import { readSmallTalk } from '../domain/small-talk.ts';
import { chooseLanguage } from '../domain/language.ts';
import { AppError } from '../errors.ts';
import { hasPassages } from '../store/answer.ts';
import { findSite, type SiteRecord } from '../store/site.ts';
import { createAnswerBudget, type AnswerBudget } from './answer-budget.ts';
import { createAnswerPairs, type AnswerPairs } from './answer-pairs.ts';
import { createAnswerQuality } from './answer-quality.ts';
import { assess } from './answer/assess.ts';
import { competingTopics, openingTopics } from './answer/clarification.ts';
import { cleanPassages } from './answer/clean-passages.ts';
import { weighBesideQuote } from './answer/beside-quote.ts';
import { condense } from './answer/condense.ts';
import type { AnswerTask, Draft } from './answer/draft.ts';
import { finish } from './answer/finish.ts';
import { modelAnswer } from './answer/model-answer.ts';
import { pairAnswer } from './answer/pair-answer.ts';
import { loadPrompts, type Prompts } from './answer/prompts.ts';
import { quoteAnswer } from './answer/quote-answer.ts';
import { createStopwatch } from './answer/stopwatch.ts';
import { createUsageLedger } from './answer/usage.ts';
import type { AnswerDeps, AnswerRequest, Found, Turn } from './answer/turn.ts';

export type { AnswerDeps, AnswerRequest, Retrieve } from './answer/turn.ts';

export interface AnswerService {
  /**
   * Answers one question. The deltas together are the final text; the answer is stored before `final`.
   * @throws AppError `not-found` (site), `unavailable` (database), or the signal's reason.
   */
  answer(request: AnswerRequest): AsyncGenerator<AnswerProgress>;
}

/** The tools that one process makes once. */
type Kit = AnswerDeps & { analyzer: Analyzer; pairs: AnswerPairs; prompts: Prompts; budget: AnswerBudget };

/** Passages searched for even where the model reads fewer: the confidence and the quotation read them. */
const passagesWanted = 8;

/** Makes the service that turns a question into a cited answer with a confidence and a decision. */
export function createAnswerService(deps: AnswerDeps): AnswerService {
  const quality = deps.quality ?? createAnswerQuality(deps);
  const analyzer = createAnalyzer();
  const kit: Kit = {
    ...deps,
    analyzer,
    pairs: createAnswerPairs({ ...deps, analyzer }),
    prompts: deps.prompts ?? loadPrompts(),
    budget: deps.budget ?? createAnswerBudget({ db: deps.db, clock: deps.clock }),
  };

  async function* answer(request: AnswerRequest): AsyncGenerator<AnswerProgress> {
    const turn = await understand(kit, request);
    if (turn.intent !== 'question') {
      yield* finish(kit, turn, null, null, null);
      return;
    }
    yield { type: 'step', step: 'searching' };
    const found = await search(kit, turn);
    turn.language ??= found.retrieval.passages[0]?.language ?? null;
    const match = await kit.pairs.match(request.siteId, request.question, turn.language ?? 'en');
    const owners = await pairAnswer(kit.db, request.siteId, match);
    if (owners === null && (found.choices.length > 0 || !found.hasFound)) {
      yield* finish(kit, turn, found, null, null);
      return;
    }
    yield { type: 'step', step: 'reading' };
    const draft = owners ?? (yield* generate(kit, turn, found));
    yield { type: 'step', step: 'checking' };
    turn.watch.begin('verify');
    const calibration = await quality.calibration(request.siteId);
    const confidence =
      draft === null ? null : assess(request.question, found.retrieval, draft, calibration, match);
    const isDoubtful = (confidence?.score ?? 0) < turn.site.settings.handoffThreshold;
    // what a model wrote was shown already, and what the owner wrote is meant
    const mayAskBack = owners === null && draft?.isQuoted !== false;
    const choices = mayAskBack ? competingTopics(kit.analyzer, turn, found, isDoubtful) : [];
    yield* finish(kit, turn, { ...found, hasFound: true, hasContent: true, choices }, draft, confidence);
  }

  return { answer };
}

async function understand({ db, clock, prices }: Kit, request: AnswerRequest): Promise<Turn> {
  const watch = createStopwatch(clock);
  watch.begin('understand');
  const site = await findSite(db, request.siteId);
  if (site === null) throw new AppError('not-found', 'There is no such site.');
  const earlier = request.history.filter(({ role }) => role === 'user').map(({ text }) => text);
  return {
    request,
    site,
    intent: readIntent(request.question),
    // a lone "hola" tells its language as no statistics can
    language: readSmallTalk(request.question)?.language ?? chooseLanguage(request.question, earlier),
    watch,
    usage: createUsageLedger(prices),
  };
}

/** How much of the passages the model reads: what the site wants, as far as the operator allows it. */
function promptBudget({ promptLimits }: Kit, { settings }: SiteRecord): PromptBudget {
  return {
    passages: Math.min(settings.passagesPerAnswer, promptLimits?.passages ?? Infinity),
    tokens: Math.min(settings.passageTokens, promptLimits?.tokens ?? Infinity),
  };
}

async function search(kit: Kit, turn: Turn): Promise<Found> {
  const { request, watch, usage } = turn;
  const { siteId, question, history, signal } = request;
  watch.begin('condense');
  const condensed = await condense(kit, request, usage);
  watch.begin('retrieve');
  const searched = await kit.retrieve({
    siteId,
    query: condensed ?? question,
    k: Math.max(passagesWanted, promptBudget(kit, turn.site).passages),
    history: condensed === null ? history : [],
    signal,
  });
  const { rerank } = searched.timings;
  if (rerank !== undefined) watch.carve('rerank', rerank);
  watch.begin('gate');
  // a search fills up with passages that have nothing to do with the question
  const passages = searched.passages.filter(({ score }) => score > 0);
  const retrieval = { ...searched, passages };
  const hasFound = hasRelevant(retrieval);
  const hasContent = searched.passages.length > 0 || (await hasPassages(kit.db, siteId));
  const choices = hasContent ? await openingTopics(kit, turn) : [];
  return { retrieval, readable: cleanPassages(passages), hasContent, hasFound, choices };
}

/**
 * Writes the draft: by the model, streamed; else, or when the model gives nothing or its budget is spent, by
 * quoting. What is quoted is shown only once it is decided to.
 */
async function* generate(
  kit: Kit,
  { request, site, language, watch, usage }: Turn,
  { retrieval, readable }: Found,
): AsyncGenerator<AnswerProgress, Draft | null> {
  watch.begin('generate');
  const { question, history, signal } = request;
  const task: AnswerTask = {
    question,
    standaloneQuestion: retrieval.standaloneQuery,
    rewordings: retrieval.rewordings ?? [],
    ...(retrieval.siteWording === undefined ? {} : { siteWording: retrieval.siteWording }),
    history,
    language: language ?? 'en',
    passages: readable.passages,
    budget: promptBudget(kit, site),
    siteName: site.name,
    ...site.settings,
  };
  const permit = kit.chatModel === null ? null : await kit.budget.reserve(request);
  if (kit.chatModel === null || permit === null) return quoteAnswer(kit.analyzer, task);
  const writing = modelAnswer({ ...kit, chatModel: kit.chatModel, usage }, task, signal);
  let spent: number | null = null;
  try {
    for (let isFirst = true; ; isFirst = false) {
      const piece = await writing.next();
      if (piece.done === true) {
        spent = piece.value.tokens;
        return weighBesideQuote(piece.value, quoteAnswer(kit.analyzer, task));
      }
      if (isFirst) {
        watch.mark('firstToken');
        yield { type: 'step', step: 'writing' };
      }
      yield { type: 'delta', text: piece.value };
    }
  } finally {
    // a reader that leaves ends the model's stream too
    await writing[Symbol.asyncDispose]();
    await permit.settle(spent);
  }
}
