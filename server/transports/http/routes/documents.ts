import { z } from 'zod';
import { siteIdSchema } from '../../../protocol/entities.ts';
import {
  documentSchema,
  documentSummarySchema,
  sourceAcceptedSchema,
} from '../../../protocol/http-knowledge.ts';
import {
  documentQuestionsSchema,
  movedQuestionsSchema,
  questionsImportSchema,
  questionsTakenSchema,
} from '../../../protocol/http-questions.ts';
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
    ...askRoutes(documents),
    ...questionRoutes(sites, documents),
  ];
}

/** Ways to ask for a document or a passage. */
function askRoutes(documents: Documents): Route[] {
  return [
    route({
      ...plain,
      method: 'patch',
      path: '/sites/:site/documents/:id',
      policy: 'owner-or-key',
      tag: 'Knowledge',
      summary: 'Say other ways to ask for a document; they outlive its versions',
      params: documentParams,
      body: jsonBody(documentQuestionsSchema),
      response: documentSchema,
      handle: async ({ params: { site: siteId, id: externalId }, body }) => ({
        body: await documents.setQuestions({ siteId, externalId }, body.questions),
      }),
    }),
    route({
      ...plain,
      method: 'patch',
      path: '/sites/:site/documents/:id/passages/:passage',
      policy: 'owner-or-key',
      tag: 'Knowledge',
      summary: 'Say other ways to ask for one passage; they follow it through the versions of its document',
      params: documentParams.extend({ passage: z.string().min(1).max(20) }),
      body: jsonBody(documentQuestionsSchema),
      response: documentSchema,
      handle: async ({ params: { site: siteId, id: externalId, passage: passageId }, body }) => ({
        body: await documents.setQuestions({ siteId, externalId, passageId }, body.questions),
      }),
    }),
  ];
}

/** Ways to ask, carried from site to site. */
function questionRoutes(sites: Pick<Sites, 'get'>, { questions }: Pick<Documents, 'questions'>): Route[] {
  const shared = { ...plain, policy: 'owner-or-key', tag: 'Knowledge', params: siteParams } as const;
  return [
    route({
      ...shared,
      method: 'get',
      path: '/sites/:site/questions',
      summary: 'List all other ways to ask for documents and passages, as the import takes them',
      query: z.strictObject({ format: z.enum(['json', 'csv']).default('json') }),
      response: movedQuestionsSchema,
      handle: async ({ params, query }) => {
        const { id } = await sites.get(params.site);
        if (query.format === 'json') return { body: { questions: await questions.list(id) } };
        return { text: await questions.listCsv(id), contentType: 'text/csv; charset=utf-8' };
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/sites/:site/questions/import',
      summary: 'Add other ways to ask; those of documents that are not there yet wait for them',
      body: jsonBody(questionsImportSchema, 64 * 1024 * 1024),
      response: questionsTakenSchema,
      handle: async ({ params, body }) => {
        const { id } = await sites.get(params.site);
        return {
          body: await ('csv' in body ? questions.takeCsv(id, body.csv) : questions.take(id, body.questions)),
        };
      },
    }),
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
