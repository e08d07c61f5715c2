import { z } from 'zod';
import type { HttpMetrics } from '../metrics.ts';
import { plain, type Route, route } from '../route.ts';

/** How the server is: `isReady` says whether requests can be served, the checks say what is amiss. */
export interface Readiness {
  isReady: boolean;
  checks: Readonly<Record<string, { ok: boolean; detail: string }>>;
}

const readinessSchema = z.object({
  status: z.enum(['ready', 'not-ready']),
  checks: z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string() })),
});

/** Outside `/api`: for load balancers and monitoring. */
export function opsRoutes(deps: { readiness: () => Promise<Readiness>; metrics: HttpMetrics }): Route[] {
  return [
    route({
      ...plain,
      method: 'get',
      path: '/livez',
      policy: 'public',
      tag: 'Operations',
      summary: 'The process answers',
      response: z.object({ status: z.literal('live') }),
      handle: async () => ({ body: { status: 'live' as const } }),
    }),
    route({
      ...plain,
      method: 'get',
      path: '/readyz',
      policy: 'public',
      tag: 'Operations',
      summary: 'Requests can be served (200) or not (503), and why',
      response: readinessSchema,
      handle: async () => {
        const { isReady, checks } = await deps.readiness();
        return {
          status: isReady ? 200 : 503,
          body: { status: isReady ? ('ready' as const) : ('not-ready' as const), checks: { ...checks } },
        };
      },
    }),
    route({
      ...plain,
      method: 'get',
      path: '/metrics',
      policy: 'key',
      tag: 'Operations',
      summary: "Counts and times in Prometheus' text format",
      response: z.string(),
      handle: async () => ({ text: await deps.metrics.render(), contentType: deps.metrics.contentType }),
    }),
  ];
}
