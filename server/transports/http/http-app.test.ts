import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problemSchema } from '../../protocol/http.ts';
import { observeAnswers } from '../../services/answer-observer.ts';
import { lockConversation } from '../../store/conversation-append.ts';
import { insertVisitor } from '../../store/visitor.ts';
import { scriptedAnswer, startHttpApp, type TestHttpApp } from '../../testing/http-app.ts';
import { createHttpMetrics } from './metrics.ts';

let app: TestHttpApp;
let key: Record<string, string>;
const password = 'a long enough password';

beforeAll(async () => {
  app = await startHttpApp();
  await app.access.prepare({ owner: { email: 'owner@shop.example', password }, apiKey: 'dbk_test' });
  key = { authorization: 'Bearer dbk_test' };
});
afterAll(() => app.close());

const json = (method: string, body: unknown, headers: Record<string, string> = key) => ({
  method,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

describe('problems', () => {
  it('are RFC 9457 with a stable code and what to do', async () => {
    const response = await app.request('/api/v1/sites/nowhere', { headers: key });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = problemSchema.parse(await response.json());
    expect(problem).toMatchObject({ code: 'not-found', status: 404 });
    expect(problem.fix).toBeTruthy();
  });

  it('name every faulty field', async () => {
    const response = await app.request('/api/v1/sites', json('POST', { id: 'Not An Id', extra: 1 }));
    const problem = problemSchema.parse(await response.json());
    expect(problem.errors?.map((error) => error.path).sort()).toEqual(['body', 'body.id', 'body.name']);
  });

  it('of unknown routes are problems too', async () => {
    const response = await app.request('/api/v1/nothing-here', { headers: key });
    expect(response.status).toBe(404);
    expect(problemSchema.parse(await response.json()).code).toBe('not-found');
    expect((await app.request('/site/%E0%A4%A')).status).toBe(400);
  });

  it('of unexpected errors tell the caller an id, and the log the error', async () => {
    const failing = await startHttpApp(
      {
        retrieve: async () => {
          throw new Error('the secret reason');
        },
      },
      app.db,
    );
    try {
      await failing.access.prepare({ owner: null, apiKey: 'dbk_test' });
      const response = await failing.request('/api/v1/sites/default/search', json('POST', { query: 'x' }));
      expect(response.status).toBe(500);
      const text = await response.text();
      expect(text).not.toContain('secret');
      const { errorId } = problemSchema.parse(JSON.parse(text));
      const line = failing.lines.find(({ event }) => event === 'request-failed');
      expect(line?.fields).toMatchObject({ errorId });
      expect(String(line?.fields['error'])).toContain('the secret reason');
    } finally {
      await failing.close();
    }
  });
});

describe('bodies', () => {
  it('must be JSON, in UTF-8, and not too large', async () => {
    const send = async (body: BodyInit, type = 'application/json', more: Record<string, string> = {}) => {
      const headers = { ...key, 'content-type': type, ...more };
      return (await app.request('/api/v1/sites', { method: 'POST', headers, body })).status;
    };
    expect(await send('{"id":')).toBe(400);
    expect(await send(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))).toBe(400);
    expect(await send('{}', 'text/plain')).toBe(415);
    expect(await send('{}', 'application/x-www-form-urlencoded')).toBe(415);
    expect(await send('{}', 'application/json', { 'content-encoding': 'gzip' })).toBe(415);
    expect(await send(`"${'x'.repeat(300_000)}"`)).toBe(413);
    const drip = new ReadableStream({
      start(controller) {
        for (let count = 0; count < 10; count += 1) controller.enqueue(Buffer.alloc(64 * 1024, 'x'));
        controller.close();
      },
    });
    const headers = { ...key, 'content-type': 'application/json' };
    const streamed = await app.request('/api/v1/sites', {
      method: 'POST',
      headers,
      body: drip,
      duplex: 'half',
    } as RequestInit);
    expect(streamed.status).toBe(413);
  });
});

describe('sites', () => {
  it('are made, changed and deleted; a taken id is a conflict', async () => {
    const made = await app.request('/api/v1/sites', json('POST', { id: 'shop', name: 'Shop' }));
    expect(made.status).toBe(201);
    expect((await app.request('/api/v1/sites', json('POST', { id: 'shop', name: 'Shop' }))).status).toBe(409);
    const settings = { greeting: 'Hello.' };
    await app.request('/api/v1/sites/shop', json('PATCH', { settings }));
    const changed = await app.request(
      '/api/v1/sites/shop',
      json('PATCH', { settings: { handoffThreshold: 0.7 } }),
    );
    expect(await changed.json()).toMatchObject({
      name: 'Shop',
      settings: { greeting: 'Hello.', handoffThreshold: 0.7 },
    });
    expect((await app.request('/api/v1/sites/shop', { method: 'DELETE', headers: key })).status).toBe(204);
    expect((await app.request('/api/v1/sites/shop', { headers: key })).status).toBe(404);
    expect((await app.request('/api/v1/sites/default', { method: 'DELETE', headers: key })).status).toBe(409);
  });
});

describe('answers', () => {
  it('come whole', async () => {
    const response = await app.request('/api/v1/sites/demo/answers', json('POST', { question: 'Returns?' }));
    expect(await response.json()).toMatchObject({
      answer: 'Within 30 days. [1]',
      decision: 'answer',
      citations: [{ marker: 1, documentId: 'returns' }],
    });
  });

  it('explain themselves when asked, and only then', async () => {
    const path = '/api/v1/sites/demo/answers';
    const plain = z.record(z.string(), z.unknown());
    const asked = plain.parse(
      await (await app.request(`${path}?explain=1`, json('POST', { question: 'x' }))).json(),
    );
    expect(asked['explanation']).toMatchObject({
      standaloneQuery: 'returns of boots',
      signals: { ngramCosine: 0.5 },
      passages: [{ documentId: 'returns', score: 3, lexicalScore: 2, cosine: 0.5, headingPath: ['Returns'] }],
    });
    const unasked = plain.parse(await (await app.request(path, json('POST', { question: 'x' }))).json());
    expect(unasked['explanation']).toBeUndefined();
  });

  it('come as events: step, deltas, and the whole answer last', async () => {
    const headers = { ...key, accept: 'text/event-stream' };
    const response = await app.request(
      '/api/v1/sites/demo/answers',
      json('POST', { question: 'Returns?' }, headers),
    );
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const events = (await response.text()).trim().split('\n\n');
    expect(events.map((event) => event.split('\n')[0])).toEqual([
      'event: step',
      'event: delta',
      'event: delta',
      'event: final',
    ]);
    expect(JSON.parse(events[3]?.split('\ndata: ')[1] ?? '')).toMatchObject({
      answer: 'Within 30 days. [1]',
    });
  });

  it('stop when the caller goes away', async () => {
    let stopped: (() => void) | null = null;
    const gone = new Promise<void>((resolve) => (stopped = resolve));
    const waiting = await startHttpApp(
      {
        answers: {
          async *answer({ signal }) {
            yield { type: 'step', step: 'searching' };
            await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
            stopped?.();
          },
        },
      },
      app.db,
    );
    try {
      await waiting.access.prepare({ owner: null, apiKey: 'dbk_test' });
      const leave = new AbortController();
      const headers = { ...key, accept: 'text/event-stream' };
      const init = { ...json('POST', { question: 'x' }, headers), signal: leave.signal };
      const response = await waiting.request('/api/v1/sites/demo/answers', init);
      await response.body?.getReader().read();
      leave.abort();
      await gone;
    } finally {
      await waiting.close();
    }
  });

  it('that fail half-way end with an error event, not with a cut', async () => {
    const failing = await startHttpApp(
      {
        answers: {
          async *answer() {
            yield { type: 'step', step: 'searching' };
            throw new Error('broken pipe to the model');
          },
        },
      },
      app.db,
    );
    try {
      await failing.access.prepare({ owner: null, apiKey: 'dbk_test' });
      const headers = { ...key, accept: 'text/event-stream' };
      const response = await failing.request(
        '/api/v1/sites/demo/answers',
        json('POST', { question: 'x' }, headers),
      );
      const last = (await response.text()).trim().split('\n\n').at(-1) ?? '';
      expect(last).toMatch(/^event: error\ndata: /);
      expect(last).not.toContain('pipe');
    } finally {
      await failing.close();
    }
  });
});

describe('visitor sessions', () => {
  it('set an HttpOnly cookie and give only the public settings of the site', async () => {
    const response = await app.request('/api/v1/visitor/session', json('POST', { site: 'demo' }, {}));
    expect(response.headers.getSetCookie()[0]).toMatch(/^deskbell-visitor-demo=.+HttpOnly; SameSite=Lax$/);
    const session = z.record(z.string(), z.unknown()).parse(await response.json());
    expect(Object.keys(session).sort()).toEqual(['conversationId', 'site', 'token', 'visitorId']);
    expect(Object.keys(z.record(z.string(), z.unknown()).parse(session['site'])).sort()).toEqual([
      'accentColor',
      'greeting',
      'id',
      'name',
    ]);
  });

  it('use host-only, partitioned cookies behind https', async () => {
    const secure = await startHttpApp({ publicUrl: 'https://help.shop.example' }, app.db);
    try {
      const init = json('POST', { site: 'demo' }, { origin: 'https://help.shop.example' });
      const response = await secure.request('/api/v1/visitor/session', init);
      const cookie = response.headers.getSetCookie()[0] ?? '';
      for (const part of ['__Host-', 'Path=/', 'Secure', 'HttpOnly', 'SameSite=None', 'Partitioned']) {
        expect(cookie).toContain(part);
      }
    } finally {
      await secure.close();
    }
  });
});

describe('answers of the server', () => {
  it('hold what their schema names and nothing that a service gives besides', async () => {
    const session = { visitorId: app.ids.uuid(), token: 't', conversationId: null, passwordHash: 'leak' };
    const open = async () => session;
    const chatty = await startHttpApp({ visitorSessions: { open } }, app.db);
    try {
      const response = await chatty.request('/api/v1/visitor/session', json('POST', { site: 'demo' }, {}));
      expect(response.status).toBe(200);
      expect(await response.text()).not.toContain('leak');
    } finally {
      await chatty.close();
    }
  });
});

describe('openapi.json', () => {
  it('describes every route of the table with its policy', async () => {
    const document = z
      .object({
        paths: z.record(z.string(), z.record(z.string(), z.looseObject({ 'x-policy': z.string() }))),
      })
      .parse(await (await app.request('/api/v1/openapi.json')).json());
    expect(document.paths['/api/v1/sites/{site}/answers']?.['post']?.['x-policy']).toBe('console-or-key');
    expect(Object.keys(document.paths).length).toBeGreaterThan(8);
  });
});

describe('operations', () => {
  it('report live, ready and metrics', async () => {
    expect((await app.request('/livez')).status).toBe(200);
    expect(await (await app.request('/readyz')).json()).toMatchObject({ status: 'ready' });
    expect((await app.request('/metrics')).status).toBe(401);
    const text = await (await app.request('/metrics', { headers: key })).text();
    expect(text).toMatch(/deskbell_http_request_seconds_count\{.*route="\/livez".*status="200"\} 1/);
  });

  it('count answers by decision and time their steps', async () => {
    const metrics = createHttpMetrics(() => 0);
    const answers = observeAnswers({ answer: scriptedAnswer }, metrics.recordAnswer);
    const request = { siteId: 'demo', question: 'x', history: [], conversationId: null, turnId: null };
    for await (const _part of answers.answer({ ...request, signal: new AbortController().signal }));
    const text = await metrics.render();
    expect(text).toContain('deskbell_answers_total{decision="answer"} 1');
    expect(text).toContain('deskbell_answer_step_seconds_sum{step="retrieve"} 0.003');
  });

  it('count conversations by state when they are asked', async () => {
    const text = async () => (await app.request('/metrics', { headers: key })).text();
    expect(await text()).not.toContain('deskbell_conversations{');
    const [id, visitorId, at] = [app.ids.uuid(), app.ids.uuid(), new Date()];
    await insertVisitor(app.db, { id: visitorId, siteId: 'demo', name: 'V', at });
    const owner = { siteId: 'demo', visitorId };
    await app.db.transaction((tx) => lockConversation(tx, { id, clientId: null, owner, epoch: 'e', at }));
    await app.db.execute("update conversation set last_seq = 1, state = 'waiting'");
    expect(await text()).toContain('deskbell_conversations{state="waiting"} 1');
  });

  it('say 503 with the reason when not ready', async () => {
    const checks = { database: { ok: false, detail: 'no answer' } };
    const down = await startHttpApp({ readiness: async () => ({ isReady: false, checks }) }, app.db);
    try {
      const response = await down.request('/readyz');
      expect(response.status).toBe(503);
      expect(await response.json()).toEqual({ status: 'not-ready', checks });
      expect((await down.request('/livez')).status).toBe(200);
    } finally {
      await down.close();
    }
  });
});

describe('pages', () => {
  it('of ours carry no inline script or style, and the headers forbid both', async () => {
    for (const path of ['/', '/docs', '/demo', '/demo/nothing']) {
      const response = await app.request(path);
      const page = await response.text();
      expect(page).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/);
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('x-powered-by')).toBeNull();
    }
  });

  it('on the front show the line to paste, with the address that was asked', async () => {
    const page = await (await app.request('/')).text();
    expect(page).toContain(`src=&quot;${app.url}/widget.js&quot; data-site=&quot;default&quot;`);
  });

  it('of the site and the demo are served with an ETag', async () => {
    const first = await app.request('/site/site.css');
    expect(await first.text()).toBe(readFileSync(new URL('files/site.css', import.meta.url), 'utf8'));
    const etag = first.headers.get('etag') ?? '';
    expect(
      (
        await app.request('/site/site.css', {
          headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' },
        })
      ).status,
    ).toBe(304);
  });

  it('never leave their folders', async () => {
    for (const name of ['..%2fhttp-app.ts', '%2e%2e/http-app.ts', '.hidden', 'a%00b', '..%5chttp-app.ts']) {
      expect([400, 404]).toContain((await app.request(`/site/${name}`)).status);
    }
  });
});
