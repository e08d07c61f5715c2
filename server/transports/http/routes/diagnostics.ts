import { diagnosisSchema } from '../../../protocol/http.ts';
import type { Diagnostics } from '../../../services/diagnostics.ts';
import { plain, route, type Route } from '../route.ts';

/** What the server stands on, for `deskbell doctor` and the console. */
export function diagnosticsRoutes(diagnostics: Diagnostics): Route[] {
  return [
    route({
      ...plain,
      method: 'get',
      path: '/diagnostics',
      policy: 'owner-or-key',
      tag: 'Operations',
      summary: 'Try the database, its vectors, the messages between instances and the search index',
      response: diagnosisSchema,
      handle: async () => ({ body: { checks: await diagnostics.run() } }),
    }),
  ];
}
