import {
  loginRequestSchema,
  passwordChangeSchema,
  sessionStatusSchema,
  setupRequestSchema,
} from '../../../protocol/http-accounts.ts';
import { AppError } from '../../../errors.ts';
import type { Access, BegunSession } from '../../../services/access.ts';
import type { SessionCookies } from '../cookies.ts';
import { jsonBody, plain, type RequestContext, type Route, route } from '../route.ts';

const setsCookie = (cookies: SessionCookies) => (begun: BegunSession) => ({
  body: { needsSetup: false, account: begun.account },
  cookies: [cookies.console(begun.token)],
});

/** Signing in to the console, and out. */
export function sessionRoutes(access: Access, cookies: SessionCookies): Route[] {
  const signedIn = setsCookie(cookies);
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
    ...passwordRoutes(access, cookies),
  ];
}

function passwordRoutes(access: Access, cookies: SessionCookies): Route[] {
  const signedIn = setsCookie(cookies);
  return [
    route({
      ...plain,
      method: 'post',
      path: '/session/password',
      policy: 'console',
      tag: 'Session',
      summary: 'Change the own password; every other session ends, this one begins anew',
      body: jsonBody(passwordChangeSchema),
      response: sessionStatusSchema,
      handle: async ({ body }, { actor, address }) => {
        if (actor.kind !== 'account') throw new AppError('unauthenticated', 'Sign in first.');
        return signedIn(await access.changePassword(actor.account, body, address));
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
