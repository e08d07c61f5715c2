import { z } from 'zod';
import { apiKeyCreatedSchema, apiKeyCreateSchema, apiKeySchema } from '../../../protocol/http-accounts.ts';
import type { ApiKeys } from '../../../services/access-keys.ts';
import { done, jsonBody, noContent, plain, type Route, route } from '../route.ts';
import { idParams } from './shared.ts';

/** API keys of scripts. */
export function keyRoutes(keys: ApiKeys): Route[] {
  return [
    route({
      ...plain,
      method: 'get',
      path: '/keys',
      policy: 'owner-or-key',
      tag: 'API keys',
      summary: 'List API keys',
      response: z.array(apiKeySchema),
      handle: async () => ({ body: await keys.list() }),
    }),
    route({
      ...plain,
      method: 'post',
      path: '/keys',
      policy: 'owner-or-key',
      tag: 'API keys',
      summary: 'Create an API key; the key is shown once, here',
      body: jsonBody(apiKeyCreateSchema),
      status: 201,
      response: apiKeyCreatedSchema,
      handle: async ({ body }) => ({ body: await keys.create(body.name) }),
    }),
    route({
      ...plain,
      method: 'delete',
      path: '/keys/:id',
      policy: 'owner-or-key',
      tag: 'API keys',
      summary: 'Revoke an API key at once',
      params: idParams,
      status: 204,
      response: noContent,
      handle: ({ params }) => done(keys.revoke(params.id)),
    }),
  ];
}
