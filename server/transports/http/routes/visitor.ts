import { visitorSessionRequestSchema, visitorSessionSchema } from '../../../protocol/http.ts';
import type { Clock } from '../../../ports.ts';
import { createAttemptLimit } from '../../../services/access-limits.ts';
import type { Sites } from '../../../services/sites.ts';
import type { SessionCookies } from '../cookies.ts';
import { jsonBody, plain, type Route, route } from '../route.ts';

/** A visitor's session on a site. */
export interface VisitorSessions {
  /** Continues the session of `token`, or begins one where it is null or unknown. */
  open(request: { siteId: string; token: string | null }): Promise<{
    visitorId: string;
    token: string;
    conversationId: string | null;
  }>;
}

/** What the widget calls before anything else. */
export function visitorRoutes(deps: {
  sites: Pick<Sites, 'get'>;
  visitorSessions: VisitorSessions;
  cookies: SessionCookies;
  clock: Clock;
}): Route[] {
  // generous: a whole office may share an address
  const limit = createAttemptLimit(deps.clock, { burst: 120, refillMs: 500 });
  return [
    route({
      ...plain,
      method: 'post',
      path: '/visitor/session',
      policy: 'public-visitor',
      tag: 'Visitors',
      summary: 'Begin or continue a visitor session; sets the visitor cookie',
      body: jsonBody(visitorSessionRequestSchema, 4096),
      response: visitorSessionSchema,
      handle: async ({ body }, { cookies, address }) => {
        limit.take(address);
        const site = await deps.sites.get(body.site);
        const token = cookies[deps.cookies.visitorName(site.id)] ?? body.token;
        const session = await deps.visitorSessions.open({ siteId: site.id, token });
        const { greeting, accentColor } = site.settings;
        return {
          body: { ...session, site: { id: site.id, name: site.name, greeting, accentColor } },
          cookies: [deps.cookies.visitor(site.id, session.token)],
        };
      },
    }),
  ];
}
