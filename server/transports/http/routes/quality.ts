import { z } from 'zod';
import { answerReportSchema, judgementSchema, thresholdCurveSchema } from '../../../protocol/http-quality.ts';
import type { AnswerQuality } from '../../../services/answer-quality.ts';
import type { AnswerReports } from '../../../services/answer-report.ts';
import type { Sites } from '../../../services/sites.ts';
import { done, jsonBody, noContent, plain, route, type Actor, type Route } from '../route.ts';
import { siteAndIdParams, siteParams } from './shared.ts';

/** A key may do what an owner may, so its word counts as the owner's. */
function judgeOf(actor: Actor): 'owner' | 'agent' {
  return actor.kind === 'account' ? actor.account.role : 'owner';
}

/** How good the answers are, and what the threshold makes of it. */
export function qualityRoutes(deps: {
  sites: Pick<Sites, 'get'>;
  quality: Pick<AnswerQuality, 'judge' | 'curve'>;
  reports: AnswerReports;
}): Route[] {
  const { sites, quality, reports } = deps;
  return [
    route({
      ...plain,
      method: 'post',
      path: '/sites/:site/answers/:id/judgement',
      policy: 'console-or-key',
      tag: 'Answers',
      summary: "Say whether an answer was right; the site's confidence learns from it",
      params: siteAndIdParams,
      body: jsonBody(judgementSchema),
      status: 204,
      response: noContent,
      handle: ({ params: { site: siteId, id: answerId }, body: { isRight } }, { actor }) =>
        done(quality.judge({ siteId, answerId, judgedBy: judgeOf(actor), isRight })),
    }),
    route({
      ...plain,
      method: 'get',
      path: '/sites/:site/answers/curve',
      policy: 'console-or-key',
      tag: 'Answers',
      summary: 'What each threshold would mean: share answered by the AI, share of those wrong',
      params: siteParams,
      query: z.strictObject({ maxWrong: z.coerce.number().min(0).max(1).optional() }),
      response: thresholdCurveSchema,
      handle: async ({ params, query: { maxWrong } }) => {
        const { id } = await sites.get(params.site);
        return { body: await quality.curve(id, maxWrong ?? null) };
      },
    }),
    route({
      ...plain,
      method: 'get',
      path: '/sites/:site/answers/report',
      policy: 'console-or-key',
      tag: 'Answers',
      summary: 'What the model cost in the last 30 days, and what checking its sentences caught',
      params: siteParams,
      response: answerReportSchema,
      handle: async ({ params }) => {
        const { currency, days, caught } = await reports.report((await sites.get(params.site)).id);
        const found = caught.map((one) => ({ ...one, createdAt: one.createdAt.toISOString() }));
        return { body: { currency, days, caught: found } };
      },
    }),
  ];
}
