import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problemSchema } from '../../protocol/http.ts';
import { sessionLifeMs } from '../../services/access.ts';
import { startHttpApp, type TestHttpApp } from '../../testing/http-app.ts';
import { consoleHeader } from './origin.ts';
import { mountRoutes } from './mount.ts';
import { plain, route, type Policy, type Route } from './route.ts';

const callers = [
  'anonymous',
  'visitor',
  'agent',
  'owner',
  'key',
  'wrong key',
  'removed agent',
  'expired session',
  'signed-out owner',
] as const;
type Caller = (typeof callers)[number];

function all(verdict: 'in' | 401): Record<Caller, 'in' | 401 | 403> {
  return Object.fromEntries(callers.map((caller) => [caller, verdict])) as Record<Caller, 'in' | 401>;
}

/** What each caller may expect of a route with each policy: to get in, or the status that keeps them out. */
const expected: Record<Policy, Record<Caller, 'in' | 401 | 403>> = {
  public: all('in'),
  'public-visitor': all('in'),
  console: { ...all(401), agent: 'in', owner: 'in' },
  'console-or-key': { ...all(401), agent: 'in', owner: 'in', key: 'in' },
  'owner-or-key': { ...all(401), agent: 403, owner: 'in', key: 'in' },
  key: { ...all(401), key: 'in' },
};

let app: TestHttpApp;
let table: readonly Route[];
const headersOf = new Map<Caller, Record<string, string>>();
const password = 'a long enough password';

beforeAll(async () => {
  app = await startHttpApp();
  table = [...app.tables.api, ...app.tables.ops];
  await prepareCallers();
});
afterAll(() => app.close());

async function addAgent(name: string, role: 'owner' | 'agent'): Promise<{ id: string; email: string }> {
  return app.access.agents.add({ email: `${name}@shop.example`, name, role, password });
}

async function prepareCallers(): Promise<void> {
  const console = { origin: app.url, [consoleHeader]: '1' };
  headersOf.set('anonymous', console);
  const visitor = await app.request('/api/v1/visitor/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"site":"default"}',
  });
  headersOf.set('visitor', { ...console, cookie: visitor.headers.getSetCookie()[0]?.split(';')[0] ?? '' });

  const expiring = await addAgent('expiring', 'owner');
  headersOf.set('expired session', await app.signIn(expiring.email, password));
  app.clock.advance(sessionLifeMs + 1000);

  const removed = await addAgent('removed', 'agent');
  headersOf.set('removed agent', await app.signIn(removed.email, password));
  await app.access.agents.remove(removed.id);
  const owner = await addAgent('owner', 'owner');
  headersOf.set('owner', await app.signIn(owner.email, password));
  const left = await app.signIn(owner.email, password);
  await app.request('/api/v1/session', { method: 'DELETE', headers: left });
  headersOf.set('signed-out owner', left);
  const agent = await addAgent('agent', 'agent');
  headersOf.set('agent', await app.signIn(agent.email, password));
  headersOf.set('key', { authorization: `Bearer ${(await app.access.keys.create('test')).key}` });
  headersOf.set('wrong key', { authorization: 'Bearer dbk_wrong' });
}

/** The path with ids that lead nowhere, so that whoever gets in changes nothing. */
function addressOf({ path }: Route): string {
  const filled = path.replace(':site', 'no-such-site').replaceAll(/:\w+/g, randomUUID());
  return /^\/(livez|readyz|metrics)$/.test(path) ? filled : `/api/v1${filled}`;
}

async function statusFor(target: Route, caller: Caller): Promise<number> {
  const headers: Record<string, string> = { ...headersOf.get(caller) };
  // a body that no schema takes: whoever gets in is refused with 400 and not before
  const { body } = target;
  if (body.type === 'json') headers['content-type'] = 'application/json';
  if (body.type === 'stream') headers['content-type'] = body.contentType;
  const response = await app.request(addressOf(target), {
    method: target.method.toUpperCase(),
    headers,
    ...(body.type === 'none' ? {} : { body: '[]' }),
  });
  await response.arrayBuffer();
  return response.status;
}

describe('every route, for every caller, does what its policy says', () => {
  it('has a table to check', () => {
    expect(table.length).toBeGreaterThan(20);
  });

  for (const caller of callers) {
    it(`${caller}`, async () => {
      const wrong: string[] = [];
      for (const target of table) {
        // signing out would end the sessions that the other cells need
        if (target.path === '/session' && target.method === 'delete' && ['agent', 'owner'].includes(caller))
          continue;
        const status = await statusFor(target, caller);
        const verdict = status === 401 || status === 403 ? status : 'in';
        if (verdict !== expected[target.policy][caller]) {
          wrong.push(`${target.method} ${target.path} (${target.policy}): ${status}`);
        }
      }
      expect(wrong).toEqual([]);
    });
  }
});

describe('a route that declares no policy, or declares itself twice', () => {
  const deps = { access: null, ids: null, logger: null, publicUrl: null, consoleCookie: 'c' } as never;
  const open = route({
    ...plain,
    method: 'get',
    path: '/open',
    policy: 'public',
    tag: 'Test',
    summary: 'Test',
    response: z.object({}),
    handle: async () => ({ body: {} }),
  });

  it('cannot be mounted', () => {
    expect(() => mountRoutes([open], deps)).not.toThrow();
    expect(() => mountRoutes([{ ...open, policy: undefined as never }], deps)).toThrow(/no policy/);
    expect(() => mountRoutes([open, { ...open, policy: 'key' }], deps)).toThrow(/twice/);
    expect(() => mountRoutes([open, open], deps)).toThrow(/twice/);
  });
});

describe('a change with the console cookie', () => {
  const change = (headers: Record<string, string>, path = '/api/v1/sites') =>
    app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ id: `s-${randomUUID().slice(0, 8)}`, name: 'S' }),
    });

  it('is taken from our own pages only', async () => {
    const own = headersOf.get('owner') ?? {};
    expect((await change(own)).status).toBe(201);
    const host = new URL(app.url).host;
    const foreign = [
      'https://evil.example',
      'null',
      `https://${host}.evil.example`,
      `https://evil-${host}`,
      `http://${host.replace(/:\d+$/, ':1')}`,
      `ftp://${host}`,
      `http://user@${host}/../evil`.replace(host, `evil.example`),
      '',
    ];
    for (const origin of foreign) {
      const response = await change({ ...own, origin });
      expect(response.status, origin).toBe(403);
      expect(problemSchema.parse(await response.json()).code).toBe('origin-refused');
    }
    const { origin: _origin, ...withoutOrigin } = own;
    expect((await change(withoutOrigin)).status).toBe(403);
    expect((await change({ ...own, [consoleHeader]: '0' })).status).toBe(403);
  });

  it('cannot be made by a form or an image', async () => {
    const { cookie = '' } = headersOf.get('owner') ?? {};
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const response = await app.request('/api/v1/sites', {
        method: 'POST',
        headers: { cookie, 'content-type': type, origin: 'https://evil.example' },
        body: '{"id":"evil","name":"Evil"}',
      });
      expect(response.status).toBe(403);
    }
    await app.request('/api/v1/session', { method: 'GET', headers: { cookie } });
    expect(await app.sites.get('evil').catch((error: { code: string }) => error.code)).toBe('not-found');
  });

  it('over https is taken from PUBLIC_URL exactly', async () => {
    const secure = await startHttpApp({ publicUrl: 'https://help.shop.example' }, app.db);
    try {
      const attempt = async (origin: string) => {
        const init = { method: 'POST', headers: { origin, 'content-type': 'application/json' }, body: '{}' };
        return (await secure.request('/api/v1/session', init)).status;
      };
      expect(await attempt('https://help.shop.example')).toBe(400);
      expect(await attempt('http://help.shop.example')).toBe(403);
      expect(await attempt('https://help.shop.example:8443')).toBe(403);
      expect(await attempt(secure.url)).toBe(403);
    } finally {
      await secure.close();
    }
  });
});

describe('other origins', () => {
  it('are never allowed to read answers: no Access-Control headers, preflight included', async () => {
    const origin = 'https://evil.example';
    const probes = [
      app.request('/api/v1/session', { headers: { origin, ...headersOf.get('owner') } }),
      app.request('/api/v1/sites', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      }),
      app.request('/widget.js', { headers: { origin } }),
    ];
    for (const response of await Promise.all(probes)) {
      const names = [...response.headers.keys()].filter((name) => name.startsWith('access-control'));
      expect(names).toEqual([]);
    }
  });

  it('cannot sign anybody in or begin a visitor session', async () => {
    for (const path of ['/api/v1/session', '/api/v1/setup', '/api/v1/visitor/session']) {
      const response = await app.request(path, {
        method: 'POST',
        headers: { origin: 'https://evil.example', 'content-type': 'application/json' },
        body: '{}',
      });
      expect(response.status).toBe(403);
    }
  });
});
