import { loginRequestSchema, sessionStatusSchema, setupRequestSchema } from '../../../protocol/http.ts';
import type { Access, BegunSession } from '../../../services/access.ts';
import type { SessionCookies } from '../cookies.ts';
import { jsonBody, plain, type RequestContext, type Route, route } from '../route.ts';

/** Signing in to the console, and out. */
export function sessionRoutes(access: Access, cookies: SessionCookies): Route[] {
  const signedIn = ({ token, account }: BegunSession) => ({
    body: { needsSetup: false, account },
    cookies: [cookies.console(token)],
  });
  const status = async ({ actor }: RequestContext) => ({
    needsSetup: await access.needsSetup(),
    account: actor.kind === 'account' ? actor.account : null,
  });

  return [
    route({
      ...plain,
      method: 'get',
      path: '/session',
      policy: 'public',
      tag: 'Session',
      summary: 'Whether to set up, to sign in, or who is signed in',
      response: sessionStatusSchema,
      handle: async (_input, context) => ({ body: await status(context) }),
    }),
    route({
      ...plain,
      method: 'post',
      path: '/session',
      policy: 'public',
      tag: 'Session',
      summary: 'Sign in; sets the session cookie',
      body: jsonBody(loginRequestSchema),
      response: sessionStatusSchema,
      handle: async ({ body }, context) => signedIn(await access.login(body, context.address)),
    }),
    route({
      ...plain,
      method: 'delete',
      path: '/session',
      policy: 'console',
      tag: 'Session',
      summary: 'Sign out',
      response: sessionStatusSchema,
      handle: async (_input, { actor }) => {
        if (actor.kind === 'account') await access.logout(actor.token);
        return { body: { needsSetup: false, account: null }, cookies: [cookies.console(null)] };
      },
    }),
    route({
      ...plain,
      method: 'post',
      path: '/setup',
      policy: 'public',
      tag: 'Session',
      summary: 'Create the first owner with the one-time code from the log, and sign in',
      body: jsonBody(setupRequestSchema),
      status: 201,
      response: sessionStatusSchema,
      handle: async ({ body }, context) => signedIn(await access.setup(body, context.address)),
    }),
  ];
}
