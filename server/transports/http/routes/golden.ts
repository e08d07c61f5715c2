import { z } from 'zod';
import {
  goldenQuestionSchema,
  goldenQuestionsCreateSchema,
  goldenQuestionsImportSchema,
  goldenRunSchema,
  type GoldenQuestion,
} from '../../../protocol/http-quality.ts';
import type { GoldenQuestions } from '../../../services/golden-questions.ts';
import type { Sites } from '../../../services/sites.ts';
import { done, jsonBody, noContent, plain, route, type Route } from '../route.ts';
import { siteAndIdParams, siteParams } from './shared.ts';

type Known = Awaited<ReturnType<GoldenQuestions['list']>>[number];

const toBody = ({ runAt, ...rest }: Known): GoldenQuestion => ({
  ...rest,
  runAt: runAt?.toISOString() ?? null,
});

const path = '/sites/:site/golden-questions';
const shared = { ...plain, policy: 'owner-or-key', tag: 'Answers', params: siteParams } as const;
const maxImportBytes = 3 * 1024 * 1024;

/** The owner's test questions: kept, run one by one, and counted as the owner's judgements. */
export function goldenRoutes(deps: { sites: Pick<Sites, 'get'>; golden: GoldenQuestions }): Route[] {
  return [...listRoutes(deps), ...singleRoutes(deps.golden)];
}

function listRoutes({ sites, golden }: { sites: Pick<Sites, 'get'>; golden: GoldenQuestions }): Route[] {
  const list = z.array(goldenQuestionSchema);
  const reply = async (found: Promise<readonly Known[]>) => ({ body: (await found).map(toBody) });
  return [
    route({
      ...shared,
      method: 'get',
      path,
      summary: 'List the test questions with their newest results',
      response: list,
      handle: async ({ params }) => reply(golden.list((await sites.get(params.site)).id)),
    }),
    route({
      ...shared,
      method: 'post',
      path,
      summary: 'Add test questions; one with the same text is replaced',
      body: jsonBody(goldenQuestionsCreateSchema, maxImportBytes),
      response: list,
      handle: async ({ params, body }) =>
        reply(golden.add((await sites.get(params.site)).id, body.questions)),
    }),
    route({
      ...shared,
      method: 'post',
      path: `${path}/import`,
      summary:
        'Add test questions from CSV: question, words that a right answer holds (empty: not to be answered)',
      body: jsonBody(goldenQuestionsImportSchema, maxImportBytes),
      response: list,
      handle: async ({ params, body }) =>
        reply(golden.importCsv((await sites.get(params.site)).id, body.csv)),
    }),
  ];
}

function singleRoutes(golden: GoldenQuestions): Route[] {
  return [
    route({
      ...shared,
      method: 'post',
      path: `${path}/:id/run`,
      summary: "Ask a test question; whether it came out right counts as the owner's judgement",
      params: siteAndIdParams,
      response: goldenRunSchema,
      handle: async ({ params }, { signal }) => {
        const { question, answer } = await golden.run(params.site, params.id, signal);
        const { decision, confidence, text } = answer;
        return { body: { question: toBody(question), decision, confidence, answer: text } };
      },
    }),
    route({
      ...shared,
      method: 'delete',
      path: `${path}/:id`,
      summary: 'Remove a test question; what its runs taught stays',
      params: siteAndIdParams,
      status: 204,
      response: noContent,
      handle: ({ params }) => done(golden.remove(params.site, params.id)),
    }),
  ];
}
