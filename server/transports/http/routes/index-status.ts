import { indexStatusSchema } from '../../../protocol/http-knowledge.ts';
import type { IndexStatuses } from '../../../services/index-status.ts';
import type { Sites } from '../../../services/sites.ts';
import { plain, route, type Route } from '../route.ts';
import { siteParams } from './shared.ts';

/** Which vectors search reads, and how far another embedder's are. */
export function indexStatusRoutes(deps: {
  sites: Pick<Sites, 'get'>;
  indexStatuses: IndexStatuses;
}): Route[] {
  return [
    route({
      ...plain,
      method: 'get',
      path: '/sites/:site/index',
      policy: 'owner-or-key',
      tag: 'Knowledge',
      summary: 'Which vectors search reads, and how far those of another embedding model are',
      params: siteParams,
      response: indexStatusSchema,
      handle: async ({ params }) => {
        const { id } = await deps.sites.get(params.site);
        return { body: await deps.indexStatuses.get(id) };
      },
    }),
  ];
}
