import { z } from 'zod';
import { accountSchema, agentCreateSchema, agentUpdateSchema } from '../../../protocol/http-accounts.ts';
import type { Agents } from '../../../services/access-agents.ts';
import { done, jsonBody, noContent, plain, type Route, route } from '../route.ts';
import { idParams } from './shared.ts';

/** The people who may sign in. */
export function agentRoutes(agents: Agents): Route[] {
  return [
    route({
      ...plain,
      method: 'get',
      path: '/agents',
      policy: 'console-or-key',
      tag: 'Agents',
      summary: 'List agents and owners',
      response: z.array(accountSchema),
      handle: async () => ({ body: await agents.list() }),
    }),
    route({
      ...plain,
      method: 'post',
      path: '/agents',
      policy: 'owner-or-key',
      tag: 'Agents',
      summary: 'Add an agent or owner',
      body: jsonBody(agentCreateSchema),
      status: 201,
      response: accountSchema,
      handle: async ({ body }) => ({ body: await agents.add(body) }),
    }),
    route({
      ...plain,
      method: 'patch',
      path: '/agents/:id',
      policy: 'owner-or-key',
      tag: 'Agents',
      summary: 'Change name, role or password; a new role or password ends the sessions',
      params: idParams,
      body: jsonBody(agentUpdateSchema),
      response: accountSchema,
      handle: async ({ params, body }) => ({ body: await agents.update(params.id, body) }),
    }),
    route({
      ...plain,
      method: 'delete',
      path: '/agents/:id',
      policy: 'owner-or-key',
      tag: 'Agents',
      summary: 'Remove an agent: sessions and sockets end at once',
      params: idParams,
      status: 204,
      response: noContent,
      handle: ({ params }) => done(agents.remove(params.id)),
    }),
  ];
}
