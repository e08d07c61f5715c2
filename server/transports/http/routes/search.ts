import { searchRequestSchema, searchResponseSchema } from '../../../protocol/http.ts';
import type { HistoryTurn } from '../../../protocol/entities.ts';
import type { Retrieval } from '../../../domain/knowledge.ts';
import type { Sites } from '../../../services/sites.ts';
import { jsonBody, plain, type Route, route } from '../route.ts';
import { siteParams } from './shared.ts';

/** Finds passages for a question. */
export type Retrieve = (request: {
  siteId: string;
  query: string;
  k: number;
  history: readonly HistoryTurn[];
  signal?: AbortSignal;
}) => Promise<Retrieval>;

/** What the search had to do without; that there was nothing to put in order is no problem. */
function problemsOf({ reranking }: Retrieval): { problems?: string[] } {
  const isMissing = reranking?.outcome === 'failed' || reranking?.outcome === 'timed-out';
  return isMissing && reranking.reason !== null ? { problems: [reranking.reason] } : {};
}

/** Search over a site's passages. */
export function searchRoutes(deps: { sites: Pick<Sites, 'get'>; retrieve: Retrieve }): Route[] {
  return [
    route({
      ...plain,
      method: 'post',
      path: '/sites/:site/search',
      policy: 'console-or-key',
      tag: 'Answers',
      summary: 'Find the passages that fit a question, best first',
      params: siteParams,
      body: jsonBody(searchRequestSchema, 4 * 1024 * 1024),
      response: searchResponseSchema,
      handle: async ({ params, body }, { signal }) => {
        const site = await deps.sites.get(params.site);
        const found = await deps.retrieve({ siteId: site.id, ...body, signal });
        const passages = found.passages.map((passage) => ({
          documentId: passage.externalId,
          title: passage.title,
          url: passage.url,
          text: passage.text,
          score: passage.score,
        }));
        return { body: { passages, timings: { ...found.timings }, ...problemsOf(found) } };
      },
    }),
  ];
}
