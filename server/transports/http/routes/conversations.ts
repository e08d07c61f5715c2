import { z } from 'zod';
import { conversationSummarySchema } from '../../../protocol/agent.ts';
import { conversationStateSchema, eventSchema } from '../../../protocol/entities.ts';
import type { Conversations } from '../../../services/conversations.ts';
import type { Sites } from '../../../services/sites.ts';
import { writeTranscript } from '../../../services/transcript.ts';
import { plain, route, type Route } from '../route.ts';
import { pageQuery, siteAndIdParams, siteParams } from './shared.ts';

const described = { policy: 'console-or-key', tag: 'Conversations', method: 'get' } as const;

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Conversations to look back at. What is happening now is the sockets' matter. */
export function conversationRoutes(deps: {
  sites: Pick<Sites, 'get'>;
  conversations: Conversations;
}): Route[] {
  const { sites, conversations } = deps;
  return [
    route({
      ...plain,
      ...described,
      path: '/sites/:site/conversations',
      summary: 'List conversations, newest first, page by page',
      params: siteParams,
      query: pageQuery.extend({ state: conversationStateSchema.optional() }),
      response: z.object({
        conversations: z.array(conversationSummarySchema),
        next: z.string().nullable(),
      }),
      handle: async ({ params, query: { after = null, limit, state = null } }) => {
        const { id: siteId } = await sites.get(params.site);
        return { body: await conversations.list({ siteId, state, after, limit }) };
      },
    }),
    route({
      ...plain,
      ...described,
      path: '/sites/:site/conversations/:id',
      summary: 'Get a conversation with its whole log',
      params: siteAndIdParams,
      response: conversationSummarySchema.extend({ events: z.array(eventSchema) }),
      handle: async ({ params }) => {
        const summary = await conversations.get(params.site, params.id);
        const events = await collect(conversations.events(params.site, params.id));
        return { body: { ...summary, events } };
      },
    }),
    route({
      ...plain,
      ...described,
      path: '/sites/:site/conversations/:id/transcript',
      summary: 'A conversation as Markdown',
      params: siteAndIdParams,
      response: z.string(),
      handle: async ({ params }) => {
        const summary = await conversations.get(params.site, params.id);
        const written = writeTranscript(summary, conversations.events(params.site, params.id));
        const text = (await collect(written)).join('');
        return { text, contentType: 'text/markdown; charset=utf-8' };
      },
    }),
  ];
}
