import { z } from 'zod';
import type { AnswerProgress, FinalAnswer } from '../../../domain/answer.ts';
import { AppError } from '../../../errors.ts';
import type { HistoryTurn } from '../../../protocol/entities.ts';
import {
  answerRequestSchema,
  answerResponseSchema,
  type AnswerExplanation,
  type AnswerResponse,
} from '../../../protocol/http.ts';
import type { Sites } from '../../../services/sites.ts';
import { jsonBody, plain, type Route, route, type ServerEvent } from '../route.ts';
import { siteParams } from './shared.ts';

/** Answers a question; ends with one `final`, or throws. */
export interface Answers {
  answer(request: {
    siteId: string;
    question: string;
    history: readonly HistoryTurn[];
    conversationId: string | null;
    turnId: string | null;
    signal: AbortSignal;
  }): AsyncGenerator<AnswerProgress>;
}

function explain(answer: FinalAnswer): AnswerExplanation {
  const { answerId, handoffReason, retrieval, usage } = answer;
  const passages = (retrieval?.passages ?? []).map((passage) => ({
    documentId: passage.externalId,
    title: passage.title,
    url: passage.url,
    text: passage.text,
    score: passage.score,
    headingPath: [...passage.headingPath],
    lexicalScore: passage.lexicalScore,
    cosine: passage.cosine,
    ...(passage.reranked === undefined ? {} : { reranked: passage.reranked }),
  }));
  const standaloneQuery = retrieval?.standaloneQuery ?? '';
  const caught = answer.caught.map((sentence) => ({ ...sentence, findings: [...sentence.findings] }));
  const signals = { ...retrieval?.signals };
  const reranking = retrieval?.reranking === undefined ? {} : { reranking: retrieval.reranking };
  return { answerId, handoffReason, standaloneQuery, signals, passages, ...reranking, caught, usage };
}

function toResponse(answer: FinalAnswer, isExplained: boolean): AnswerResponse {
  return {
    answer: answer.text,
    language: answer.language,
    decision: answer.decision,
    confidence: answer.confidence,
    reasons: [...answer.reasons],
    citations: [...answer.citations],
    isQuoted: answer.isQuoted,
    ...(answer.choices === undefined ? {} : { choices: [...answer.choices] }),
    timings: { ...answer.timings },
    ...(isExplained ? { explanation: explain(answer) } : {}),
  };
}

async function* toEvents(
  progress: AsyncIterable<AnswerProgress>,
  isExplained: boolean,
): AsyncGenerator<ServerEvent> {
  for await (const part of progress) {
    switch (part.type) {
      case 'step':
        yield { event: 'step', data: { step: part.step } };
        break;
      case 'delta':
        yield { event: 'delta', data: { text: part.text } };
        break;
      case 'final':
        yield { event: 'final', data: answerResponseSchema.parse(toResponse(part.answer, isExplained)) };
    }
  }
}

async function lastOf(progress: AsyncIterable<AnswerProgress>): Promise<FinalAnswer> {
  for await (const part of progress) {
    if (part.type === 'final') return part.answer;
  }
  throw new AppError('internal', 'The answer ended without a result.');
}

/** Answers without a browser: whole, or streamed as server-sent events. */
export function answerRoutes(deps: { sites: Pick<Sites, 'get'>; answers: Answers }): Route[] {
  return [
    route({
      ...plain,
      method: 'post',
      path: '/sites/:site/answers',
      policy: 'console-or-key',
      tag: 'Answers',
      summary: 'Answer a question from the site, with citations, confidence and decision',
      params: siteParams,
      query: z.strictObject({ explain: z.enum(['0', '1']).default('0') }),
      body: jsonBody(answerRequestSchema, 4 * 1024 * 1024),
      response: answerResponseSchema,
      events:
        'With Accept: text/event-stream: `step` {step}, `delta` {text}, and as the last one `final` (the whole answer) or `error` (problem details).',
      handle: async ({ params, query, body }, { signal, wantsEvents }) => {
        const isExplained = query.explain === '1';
        const site = await deps.sites.get(params.site);
        const progress = deps.answers.answer({
          siteId: site.id,
          ...body,
          conversationId: null,
          turnId: null,
          signal,
        });
        if (wantsEvents) return { events: toEvents(progress, isExplained) };
        return { body: toResponse(await lastOf(progress), isExplained) };
      },
    }),
  ];
}
