import { z } from 'zod';
import { siteCreateSchema, siteSchema, siteUpdateSchema } from '../../../protocol/http.ts';
import type { Sites } from '../../../services/sites.ts';
import { done, jsonBody, noContent, plain, type Route, route } from '../route.ts';
import { siteParams } from './shared.ts';

/** Sites: one chatbot each. */
export function siteRoutes(sites: Sites): Route[] {
  return [
    route({
      ...plain,
      method: 'get',
      path: '/sites',
      policy: 'console-or-key',
      tag: 'Sites',
      summary: 'List sites',
      response: z.array(siteSchema),
      handle: async () => ({ body: await sites.list() }),
    }),
    route({
      ...plain,
      method: 'post',
      path: '/sites',
      policy: 'owner-or-key',
      tag: 'Sites',
      summary: 'Create a site',
      body: jsonBody(siteCreateSchema),
      status: 201,
      response: siteSchema,
      handle: async ({ body }) => ({ body: await sites.create(body) }),
    }),
    ...oneSiteRoutes(sites),
  ];
}

function oneSiteRoutes(sites: Sites): Route[] {
  return [
    route({
      ...plain,
      method: 'get',
      path: '/sites/:site',
      policy: 'console-or-key',
      tag: 'Sites',
      summary: 'Get a site and its settings',
      params: siteParams,
      response: siteSchema,
      handle: async ({ params }) => ({ body: await sites.get(params.site) }),
    }),
    route({
      ...plain,
      method: 'patch',
      path: '/sites/:site',
      policy: 'owner-or-key',
      tag: 'Sites',
      summary: 'Change a site; what is left out stays as it is',
      params: siteParams,
      body: jsonBody(siteUpdateSchema),
      response: siteSchema,
      handle: async ({ params, body }) => ({ body: await sites.update(params.site, body) }),
    }),
    route({
      ...plain,
      method: 'delete',
      path: '/sites/:site',
      policy: 'owner-or-key',
      tag: 'Sites',
      summary: 'Delete a site with its knowledge and conversations',
      params: siteParams,
      status: 204,
      response: noContent,
      handle: ({ params }) => done(sites.remove(params.site)),
    }),
  ];
}
