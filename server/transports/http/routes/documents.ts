import { z } from 'zod';
import { siteIdSchema } from '../../../protocol/entities.ts';
import {
  documentQuestionsSchema,
  documentSchema,
  documentSummarySchema,
  sourceAcceptedSchema,
} from '../../../protocol/http-knowledge.ts';
import type { Documents } from '../../../services/documents.ts';
import type { Sites } from '../../../services/sites.ts';
import type { Sources } from '../../../services/sources.ts';
import { done, jsonBody, noContent, plain, route, streamBody, type Route } from '../route.ts';
import { pageQuery, siteParams } from './shared.ts';

const documentParams = z.strictObject({ site: siteIdSchema, id: z.string().min(1).max(2000) });

/** Documents by their caller's id (percent-encoded in the path where it is a URL). */
export function documentRoutes(deps: {
  sites: Pick<Sites, 'get'>;
  documents: Documents;
  sources: Pick<Sources, 'createDocuments'>;
}): Route[] {
  const { sites, documents, sources } = deps;
  return [
    route({
      ...plain,
      method: 'post',
      path: '/sites/:site/documents',
      policy: 'owner-or-key',
      tag: 'Knowledge',
      summary: 'Take documents; accepted when all lines are stored, then read in the background',
      params: siteParams,
      query: z.strictObject({ name: z.string().trim().min(1).max(200).default('Documents') }),
      body: streamBody(
        'application/x-ndjson',
        'One JSON object per line: {id, title?, url?} with exactly one of text, html and markdown. The same id again replaces; an unchanged document is skipped. A faulty line becomes a failed item with its reason.',
      ),
      status: 202,
      response: sourceAcceptedSchema,
      handle: async ({ params, query }, { stream }) => ({
        body: { sourceId: await sources.createDocuments(params.site, query.name, stream) },
      }),
    }),
    ...storedRoutes(sites, documents),
  ];
}

function storedRoutes(sites: Pick<Sites, 'get'>, documents: Documents): Route[] {
  return [
    route({
      ...plain,
      method: 'get',
      path: '/sites/:site/documents',
      policy: 'console-or-key',
      tag: 'Knowledge',
      summary: 'List documents, page by page: next goes into after',
      params: siteParams,
      query: pageQuery,
      response: z.object({ documents: z.array(documentSummarySchema), next: z.string().nullable() }),
      handle: async ({ params, query }) => {
        const site = await sites.get(params.site);
        const page = { after: query.after ?? null, limit: query.limit };
        return { body: await documents.list(site.id, page) };
      },
    }),
    route({
      ...plain,
      method: 'get',
      path: '/sites/:site/documents/:id',
      policy: 'console-or-key',
      tag: 'Knowledge',
      summary: 'Get a document with its text and passages',
      params: documentParams,
      response: documentSchema,
      handle: async ({ params }) => ({ body: await documents.get(params.site, params.id) }),
    }),
    route({
      ...plain,
      method: 'patch',
      path: '/sites/:site/documents/:id',
      policy: 'owner-or-key',
      tag: 'Knowledge',
      summary: 'Say other ways to ask for a document; they outlive its versions',
      params: documentParams,
      body: jsonBody(documentQuestionsSchema),
      response: documentQuestionsSchema,
      handle: async ({ params, body }) => ({
        body: { questions: await documents.setQuestions(params.site, params.id, body.questions) },
      }),
    }),
    route({
      ...plain,
      method: 'delete',
      path: '/sites/:site/documents/:id',
      policy: 'owner-or-key',
      tag: 'Knowledge',
      summary: 'Delete a document; no search finds it from then on',
      params: documentParams,
      status: 204,
      response: noContent,
      handle: ({ params }) => done(documents.remove(params.site, params.id)),
    }),
  ];
}
