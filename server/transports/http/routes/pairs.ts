import { z } from 'zod';
import { siteIdSchema } from '../../../protocol/entities.ts';
import { pairSchema, pairUpdateSchema } from '../../../protocol/http-knowledge.ts';
import type { Pairs } from '../../../services/pairs.ts';
import { jsonBody, plain, route, type Route } from '../route.ts';

const described = {
  tag: 'Knowledge',
  path: '/sites/:site/sources/:id/pairs/:pair',
  params: z.strictObject({
    site: siteIdSchema,
    id: z.string().min(1).max(100),
    pair: z.string().min(1).max(1000),
  }),
} as const;

/** Single pairs of lists of questions and answers, by their id in the ledger (percent-encoded in the path). */
export function pairRoutes(pairs: Pairs): Route[] {
  const placeOf = (params: { site: string; id: string; pair: string }) => {
    return { siteId: params.site, sourceId: params.id, locator: params.pair };
  };
  return [
    route({
      ...plain,
      ...described,
      method: 'get',
      policy: 'console-or-key',
      summary: 'Get a question and its answer as they were written',
      response: pairSchema,
      handle: async ({ params }) => ({ body: await pairs.get(placeOf(params)) }),
    }),
    route({
      ...plain,
      ...described,
      method: 'patch',
      policy: 'owner-or-key',
      summary: 'Change a question, its answer, other ways to ask it or its address; the next answer knows it',
      body: jsonBody(pairUpdateSchema),
      response: pairSchema,
      handle: async ({ params, body }) => ({ body: await pairs.update(placeOf(params), body) }),
    }),
  ];
}
