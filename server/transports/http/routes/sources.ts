import { z } from 'zod';
import {
  ledgerFilterSchema,
  sourceAcceptedSchema,
  sourceCreateSchema,
  sourceDetailSchema,
  sourceSchema,
  sourceUpdateSchema,
} from '../../../protocol/http-knowledge.ts';
import { defaultQaName } from '../../../services/source-qa.ts';
import type { Sources } from '../../../services/sources.ts';
import { readMultipart } from '../multipart.ts';
import { done, jsonBody, noContent, plain, route, streamBody, type Route } from '../route.ts';
import { pageQuery, siteAndIdParams, siteParams } from './shared.ts';

/** A question-and-answer list of 5,000 pairs fits. */
const maxSourceBytes = 64 * 1024 * 1024;

const described = { policy: 'owner-or-key', tag: 'Knowledge', params: siteParams } as const;

function createFromJson(
  sources: Sources,
  siteId: string,
  body: z.output<typeof sourceCreateSchema>,
): Promise<string> {
  switch (body.type) {
    case 'website':
      return sources.createWebsite(siteId, body);
    case 'pages':
      return sources.createPages(siteId, body);
    case 'qa':
      return sources.createQa(siteId, body);
  }
}

const nameQuery = (fallback: string) =>
  z.strictObject({ name: z.string().trim().min(1).max(200).default(fallback) });

function createRoutes(sources: Sources): Route[] {
  const accepted = { method: 'post', path: '/sites/:site/sources', status: 202 } as const;
  return [
    route({
      ...plain,
      ...described,
      ...accepted,
      summary: 'Read a website or single pages, or take questions and answers',
      body: jsonBody(sourceCreateSchema, maxSourceBytes),
      response: sourceAcceptedSchema,
      handle: async ({ params, body }) => {
        return { body: { sourceId: await createFromJson(sources, params.site, body) } };
      },
    }),
    route({
      ...plain,
      ...described,
      ...accepted,
      summary: 'Upload files',
      query: nameQuery('Files'),
      body: streamBody(
        'multipart/form-data',
        'Files, ZIP archives of them and lists of documents (NDJSON, JSON); other fields are ignored. 50 MB each, 5,000 at most.',
      ),
      response: sourceAcceptedSchema,
      handle: async ({ params, query }, { stream, headers }) => {
        const files = readMultipart(headers, stream);
        return { body: { sourceId: await sources.createUpload(params.site, query.name, files) } };
      },
    }),
    route({
      ...plain,
      ...described,
      ...accepted,
      summary: 'Take questions and answers from CSV',
      query: nameQuery(defaultQaName),
      body: streamBody(
        'text/csv',
        'Columns question, answer, url and any that begin with alternative; several alternatives in a cell stand on lines of their own or between bars. 4 MB, 5,000 rows at most.',
      ),
      response: sourceAcceptedSchema,
      handle: async ({ params, query }, { stream }) => ({
        body: { sourceId: await sources.createQaFromCsv(params.site, query.name, stream) },
      }),
    }),
  ];
}

function readRoutes(sources: Sources): Route[] {
  return [
    route({
      ...plain,
      ...described,
      method: 'get',
      path: '/sites/:site/sources',
      policy: 'console-or-key',
      summary: 'List sources, newest first',
      response: z.array(sourceSchema),
      handle: async ({ params }) => ({ body: await sources.list(params.site) }),
    }),
    route({
      ...plain,
      ...described,
      method: 'get',
      path: '/sites/:site/sources/:id',
      policy: 'console-or-key',
      summary: 'Get a source and what became of each page or file, page by page',
      params: siteAndIdParams,
      query: pageQuery.extend({ show: ledgerFilterSchema.optional() }),
      response: sourceDetailSchema,
      handle: async ({ params, query }) => {
        const page = { after: query.after ?? null, limit: query.limit, show: query.show ?? null };
        return { body: await sources.get(params.site, params.id, page) };
      },
    }),
  ];
}

/** What an owner does with a source that is there: each answers with the source as it is then. */
function controlRoutes(sources: Sources): Route[] {
  const controls = {
    rerun: 'Read a source again, what was handed over too; what did not change stays as it is',
    pause: 'Halt the reading; what is stored stays',
    resume: 'Go on with a paused reading',
    cancel: 'Stop reading; what is stored stays',
  } as const;
  const names = ['rerun', 'pause', 'resume', 'cancel'] as const;
  return names.map((name) =>
    route({
      ...plain,
      ...described,
      method: 'post',
      path: `/sites/:site/sources/:id/${name}`,
      summary: controls[name],
      params: siteAndIdParams,
      response: sourceSchema,
      handle: async ({ params }) => ({ body: await sources[name](params.site, params.id) }),
    }),
  );
}

/** Sources: what comes in, and what became of it. */
export function sourceRoutes(sources: Sources): Route[] {
  return [
    ...createRoutes(sources),
    ...readRoutes(sources),
    ...controlRoutes(sources),
    route({
      ...plain,
      ...described,
      method: 'patch',
      path: '/sites/:site/sources/:id',
      summary: 'Rename a source, have it read on a schedule, or change how a website is read',
      params: siteAndIdParams,
      body: jsonBody(sourceUpdateSchema),
      response: sourceSchema,
      handle: async ({ params, body }) => ({ body: await sources.update(params.site, params.id, body) }),
    }),
    route({
      ...plain,
      ...described,
      method: 'delete',
      path: '/sites/:site/sources/:id',
      summary: 'Delete a source with its documents',
      params: siteAndIdParams,
      status: 204,
      response: noContent,
      handle: ({ params }) => done(sources.remove(params.site, params.id)),
    }),
  ];
}
