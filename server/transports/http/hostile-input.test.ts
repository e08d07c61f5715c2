import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpApp, type TestHttpApp } from '../../testing/http-app.ts';
import type { Route } from './route.ts';

/** Cases C4 and C5 of the reliability map: wrong types, smuggled fields, SQL in every string. */
let app: TestHttpApp;
let owner: Record<string, string>;
const key = { authorization: 'Bearer dbk_test' };

beforeAll(async () => {
  app = await startHttpApp();
  const { email, password } = person;
  await app.access.prepare({ owner: { email, password }, apiKey: 'dbk_test' });
  owner = await app.signIn(email, password);
});
afterAll(() => app.close());

const person = { email: 'x@shop.example', name: 'X', password: 'a long enough password' };

/** A body that each route takes; a route without one here fails the first test. */
const validBodies: Record<string, () => Record<string, unknown>> = {
  'post /session': () => ({ email: person.email, password: person.password }),
  'post /session/password': () => ({ current: 'x', next: 'a long enough password' }),
  'patch /agents/:id': () => ({ name: 'X', role: 'agent', password: 'a long enough password' }),
  'post /setup': () => ({ ...person, code: 'code' }),
  'post /agents': () => ({ ...person, email: `${randomUUID()}@shop.example`, role: 'agent' }),
  'post /keys': () => ({ name: 'key' }),
  'post /sites': () => ({ id: `s-${randomUUID()}`, name: 'Site' }),
  'patch /sites/:site': () => ({ name: 'Site', settings: { greeting: 'Hello.' } }),
  'post /sites/:site/sources': () => ({ type: 'website', url: 'https://shop.example', maxPages: 5 }),
  'patch /sites/:site/sources/:id': () => ({ name: 'x', schedule: { everyMinutes: 60 } }),
  'patch /sites/:site/sources/:id/pairs/:pair': () => ({
    question: 'x',
    answer: 'y',
    alternatives: ['z'],
    url: 'https://shop.example',
  }),
  'post /sites/:site/synonyms': () => ({ words: ['refund', 'money back'], means: ['repayment'] }),
  'patch /sites/:site/synonyms/:id': () => ({ words: ['refund', 'money back'], means: ['repayment'] }),
  'patch /sites/:site/documents/:id': () => ({ questions: ['Can I get my money back?'] }),
  'patch /sites/:site/documents/:id/passages/:passage': () => ({ questions: ['Can I get my money back?'] }),
  'post /sites/:site/questions/import': () => ({
    questions: [{ document: 'x', question: 'Is it free?', place: { headingPath: ['z'], text: 'z' } }],
  }),
  'post /sites/:site/search': () => ({ query: 'x', k: 3, history: [{ role: 'user', text: 'y' }] }),
  'post /sites/:site/answers': () => ({ question: 'x', history: [{ role: 'user', text: 'y' }] }),
  'post /sites/:site/answers/:id/judgement': () => ({ isRight: true }),
  'post /sites/:site/golden-questions': () => ({ questions: [{ question: 'x', expected: 'y' }] }),
  'post /sites/:site/golden-questions/import': () => ({ csv: 'x,y' }),
  'post /visitor/session': () => ({ site: 'default', token: null }),
};

const hostileValues: unknown[] = [
  {},
  [],
  [[]],
  { $ne: 1 },
  { $gt: '' },
  { lc: 1, type: 'secret', id: ['DATABASE_URL'] },
  { lc: 1, type: 'constructor', id: ['langchain', 'x'], kwargs: {} },
  { toString: 'x', valueOf: 'y' },
  { length: 1, 0: 'a' },
  ['default'],
  true,
  -1e308,
  JSON.parse('{"__proto__": {"polluted": true}}'),
];

const jsonRoutes = (): Route[] => app.tables.api.filter(({ body }) => body.type === 'json');
const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

async function send(target: Route, body: string): Promise<Response> {
  return app.request(
    `/api/v1${target.path.replace(':site', 'default').replace(':id', randomUUID()).replace(':passage', '1')}`,
    {
      method: target.method.toUpperCase(),
      headers: { ...(target.policy === 'console' ? owner : key), 'content-type': 'application/json' },
      body,
    },
  );
}

/** All ways to put one of `values` in the place of one member, at any depth. */
function* replaceEach(value: unknown, values: readonly unknown[]): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    const withMember = (member: unknown): unknown =>
      Array.isArray(value) ? value.with(Number(name), member) : { ...value, [name]: member };
    for (const hostile of values) {
      // a list of texts where one belongs is no attack, nor is an empty one
      if (Array.isArray(inner) && Array.isArray(hostile) && isListLike(inner, hostile)) continue;
      if (typeof inner === 'boolean' && typeof hostile === 'boolean') continue;
      yield withMember(hostile);
    }
    for (const deeper of replaceEach(inner, values)) yield withMember(deeper);
  }
}

const isListLike = (own: readonly unknown[], other: readonly unknown[]): boolean =>
  other.length === 0 || [...own, ...other].every((member) => typeof member === 'string');

describe('every JSON route', () => {
  it('has a valid body here, and takes it', async () => {
    const missing = jsonRoutes().filter((target) => validBodies[nameOf(target)] === undefined);
    expect(missing.map(nameOf)).toEqual([]);
    for (const target of jsonRoutes()) {
      const response = await send(target, JSON.stringify(validBodies[nameOf(target)]?.()));
      expect(response.status, nameOf(target)).not.toBe(400);
    }
  });

  it('refuses any other type in any place', async () => {
    const wrong: string[] = [];
    for (const target of jsonRoutes()) {
      for (const body of replaceEach(validBodies[nameOf(target)]?.(), hostileValues)) {
        const text = JSON.stringify(body);
        const { status } = await send(target, text);
        // an empty object is a change of nothing
        const isNoChange = target.method === 'patch' && text.includes('"settings":{}');
        if (status !== 400 && !isNoChange) wrong.push(`${nameOf(target)} ${status} ${text.slice(0, 120)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  it('refuses fields that it does not know', async () => {
    const smuggled = [
      '{"__proto__":1}',
      '{"constructor":{"prototype":{}}}',
      '{"tenant_id":"x"}',
      '{"id":"x","isAdmin":true}',
      '{"created_at":"x"}',
    ];
    for (const target of jsonRoutes()) {
      const base = JSON.stringify(validBodies[nameOf(target)]?.()).slice(0, -1);
      for (const extra of smuggled) {
        const { status } = await send(target, `${base},${extra.slice(1)}`);
        expect(status, `${nameOf(target)} ${extra}`).toBe(400);
      }
    }
  });

  it('refuses whole bodies of any other kind, and nesting without end', async () => {
    const bodies = [
      'null',
      '1',
      '"x"',
      '[]',
      'true',
      '',
      '{',
      '\u0000',
      `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
    ];
    bodies.push(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`);
    for (const target of jsonRoutes()) {
      for (const body of bodies) {
        const { status } = await send(target, body);
        expect([400, 413], `${nameOf(target)} ${body.slice(0, 20)}`).toContain(status);
      }
    }
  });
});

const sqlPayloads = [
  "'",
  "''",
  "' or '1'='1",
  "'; drop table site; --",
  '1; delete from document',
  "\\'; select pg_sleep(10); --",
  "') union select password_hash from agent --",
  '" or ""="',
  '$$; drop table agent; $$',
  '1 or 1=1',
  '%27%20or%201=1',
  '/**/or/**/1=1',
  "admin'--",
  '%',
  '_',
  '\\',
  '\u0000',
  '\ud800',
  "x' and extractvalue(1, concat(0x7e, version())) --",
  '${7*7}',
  '{{7*7}}',
  '../../etc/passwd',
  '-1',
  '9'.repeat(400),
  'NaN',
  '1e400',
];

describe('SQL and other languages in strings', () => {
  const addresses = (payload: string): string[] => {
    const text = encodeURIComponent(payload.toWellFormed());
    return [
      `/sites/${text}`,
      `/sites/default/documents?after=${text}`,
      `/sites/default/documents?limit=${text}`,
      `/sites/default/documents?sort=${text}`,
      `/sites/default/documents/${text}`,
      `/sites/default/sources/${text}`,
      `/sites/default/sources/${randomUUID()}?after=${text}`,
    ];
  };

  it('in addresses are ids of nothing, or refused', async () => {
    const wrong: string[] = [];
    for (const payload of sqlPayloads) {
      for (const address of addresses(payload)) {
        const { status } = await app.request(`/api/v1${address}`, { headers: key });
        if (![400, 404].includes(status)) wrong.push(`${status} ${address}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('in bodies are text', async () => {
    for (const payload of sqlPayloads) {
      for (const path of ['search', 'answers']) {
        const body = JSON.stringify(path === 'search' ? { query: payload } : { question: payload });
        const response = await app.request(`/api/v1/sites/default/${path}`, {
          method: 'POST',
          headers: { ...key, 'content-type': 'application/json' },
          body,
        });
        expect([200, 400]).toContain(response.status);
      }
      const named = await app.request('/api/v1/keys', {
        method: 'POST',
        headers: { ...key, 'content-type': 'application/json' },
        body: JSON.stringify({ name: payload }),
      });
      expect([201, 400], JSON.stringify(payload)).toContain(named.status);
    }
    expect((await app.sites.list()).length).toBeGreaterThan(1);
  });
});

describe('sign-in cookies and keys that are no secrets', () => {
  it.each(['x', "' or 1=1 --", 'a'.repeat(5000), '%00', 'null', '[object Object]'])(
    '%j are nobody',
    async (value) => {
      const cookie = await app.request('/api/v1/sites', {
        headers: { cookie: `deskbell-console=${encodeURIComponent(value)}` },
      });
      expect(cookie.status).toBe(401);
      const bearer = await app.request('/api/v1/sites', {
        headers: { authorization: `Bearer ${value.slice(0, 600)}` },
      });
      expect(bearer.status).toBe(401);
    },
  );
});
