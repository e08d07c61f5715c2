import { synonymInputSchema, synonymListSchema, synonymSchema } from '../../../protocol/http-knowledge.ts';
import type { Sites } from '../../../services/sites.ts';
import type { Synonyms } from '../../../services/synonyms.ts';
import { done, jsonBody, noContent, plain, route, type Route } from '../route.ts';
import { siteAndIdParams, siteParams } from './shared.ts';

interface SynonymDeps {
  sites: Pick<Sites, 'get'>;
  synonyms: Synonyms;
}

/** Words that the owner says mean the same. */
export function synonymRoutes(deps: SynonymDeps): Route[] {
  const { sites, synonyms } = deps;
  return [
    route({
      ...plain,
      method: 'get',
      path: '/sites/:site/synonyms',
      policy: 'console-or-key',
      tag: 'Knowledge',
      summary: 'List the words that mean the same on a site',
      params: siteParams,
      response: synonymListSchema,
      handle: async ({ params }) => {
        const { id } = await sites.get(params.site);
        return { body: { synonyms: await synonyms.list(id) } };
      },
    }),
    route({
      ...plain,
      method: 'post',
      path: '/sites/:site/synonyms',
      policy: 'owner-or-key',
      tag: 'Knowledge',
      summary: 'Add words that mean the same; the next search knows them',
      params: siteParams,
      body: jsonBody(synonymInputSchema),
      status: 201,
      response: synonymSchema,
      handle: async ({ params, body }) => {
        const { id } = await sites.get(params.site);
        return { body: await synonyms.add(id, body) };
      },
    }),
    ...entryRoutes(deps),
  ];
}

function entryRoutes({ sites, synonyms }: SynonymDeps): Route[] {
  return [
    route({
      ...plain,
      method: 'patch',
      path: '/sites/:site/synonyms/:id',
      policy: 'owner-or-key',
      tag: 'Knowledge',
      summary: 'Put other words in place of an entry; the next search knows them',
      params: siteAndIdParams,
      body: jsonBody(synonymInputSchema),
      response: synonymSchema,
      handle: async ({ params, body }) => ({
        body: await synonyms.change((await sites.get(params.site)).id, params.id, body),
      }),
    }),
    route({
      ...plain,
      method: 'delete',
      path: '/sites/:site/synonyms/:id',
      policy: 'owner-or-key',
      tag: 'Knowledge',
      summary: 'Remove synonyms; the next search no longer knows them',
      params: siteAndIdParams,
      status: 204,
      response: noContent,
      handle: ({ params }) => done(synonyms.remove(params.site, params.id)),
    }),
  ];
}
