import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problemSchema } from '../../protocol/http.ts';
import { sourceAcceptedSchema, sourceDetailSchema, sourceSchema } from '../../protocol/http-knowledge.ts';
import { startHttpApp, type TestHttpApp } from '../../testing/http-app.ts';

let app: TestHttpApp;
const key = { authorization: 'Bearer dbk_test' };

beforeAll(async () => {
  app = await startHttpApp();
  await app.access.prepare({ owner: null, apiKey: 'dbk_test' });
});
afterAll(() => app.close());

async function accepted(response: Response): Promise<string> {
  expect(response.status).toBe(202);
  return sourceAcceptedSchema.parse(await response.json()).sourceId;
}

async function source(id: string, query = '') {
  const response = await app.request(`/api/v1/sites/default/sources/${id}${query}`, { headers: key });
  return sourceDetailSchema.parse(await response.json());
}

function postLines(body: BodyInit, type = 'application/x-ndjson') {
  return app.request('/api/v1/sites/default/documents', {
    method: 'POST',
    headers: { ...key, 'content-type': type },
    body,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  } as RequestInit);
}

describe('documents', () => {
  it('are accepted line by line as they arrive; a faulty line fails alone', async () => {
    const stream = new ReadableStream({
      start(controller) {
        for (const text of ['{"id":"a","te', 'xt":"one"}\n{"id":"b"}\n', '\n{"id":"c","text":"three"}'])
          controller.enqueue(Buffer.from(text));
        controller.close();
      },
    });
    const { items, counts } = await source(await accepted(await postLines(stream)));
    expect(items.map(({ id, state }) => [id, state])).toEqual([
      ['a', 'found'],
      ['line 2', 'failed'],
      ['c', 'found'],
    ]);
    expect(counts['total']).toBe(3);
  });

  it('with nothing in them, or of another type, are refused', async () => {
    expect((await postLines('\n\n')).status).toBe(400);
    const wrong = await postLines('{}', 'application/json');
    expect(wrong.status).toBe(415);
    expect(problemSchema.parse(await wrong.json()).fix).toContain('application/x-ndjson');
  });

  it('that break off leave nothing behind', async () => {
    const before = (await app.sites.list()).length;
    const sources = async () =>
      (await (await app.request('/api/v1/sites/default/sources', { headers: key })).json()) as unknown[];
    const count = (await sources()).length;
    const cut = new AbortController();
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(Buffer.from('{"id":"x","text":"one"}\n'));
        queueMicrotask(() => cut.abort());
      },
    });
    await app
      .request('/api/v1/sites/default/documents', {
        method: 'POST',
        headers: { ...key, 'content-type': 'application/x-ndjson' },
        body: stream,
        duplex: 'half',
        signal: cut.signal,
      } as RequestInit)
      .catch(() => null);
    await expect.poll(async () => (await sources()).length).toBe(count);
    expect((await app.sites.list()).length).toBe(before);
  });

  it('have ids that may be addresses, encoded in the path', async () => {
    const id = 'https://shop.example/a/b?c=d e';
    const response = await app.request(`/api/v1/sites/default/documents/${encodeURIComponent(id)}`, {
      headers: key,
    });
    expect(problemSchema.parse(await response.json())).toMatchObject({
      code: 'not-found',
      detail: expect.stringContaining('document'),
    });
  });

  it('of a site that does not exist are not found', async () => {
    for (const path of ['documents', 'sources']) {
      expect((await app.request(`/api/v1/sites/nowhere/${path}`, { headers: key })).status).toBe(404);
    }
  });
});

describe('sources', () => {
  const post = (body: unknown) =>
    app.request('/api/v1/sites/default/sources', {
      method: 'POST',
      headers: { ...key, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('are websites, with their settings checked', async () => {
    const id = await accepted(await post({ type: 'website', url: 'https://shop.example/help', maxPages: 5 }));
    expect(await source(id)).toMatchObject({
      type: 'website',
      state: 'queued',
      url: 'https://shop.example/help',
    });
    for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'gopher://x', 'shop.example']) {
      expect((await post({ type: 'website', url })).status, url).toBe(400);
    }
    expect((await post({ type: 'website', url: 'https://shop.example', surprise: true })).status).toBe(400);
  });

  it('are questions and answers', async () => {
    const pairs = [{ question: 'When do you open?', answer: 'At nine.' }];
    const { items } = await source(await accepted(await post({ type: 'qa', pairs })));
    expect(items.map(({ id }) => id)).toEqual(['When do you open?']);
  });

  it('are single pages', async () => {
    const urls = ['https://shop.example/terms', 'https://other.example/returns'];
    const id = await accepted(await post({ type: 'pages', urls, delayMs: 500 }));
    expect(await source(id)).toMatchObject({ type: 'pages', name: '2 pages', url: urls[0] });
    for (const wrong of [[], ['file:///etc/passwd'], 'https://shop.example']) {
      expect((await post({ type: 'pages', urls: wrong })).status).toBe(400);
    }
  });

  it('are questions and answers from CSV', async () => {
    const send = (body: string, query = '') =>
      app.request(`/api/v1/sites/default/sources${query}`, {
        method: 'POST',
        headers: { ...key, 'content-type': 'text/csv' },
        body,
      });
    const id = await accepted(await send('question,answer\nWhen?,At nine.\n,x\n', '?name=Hours'));
    const { items, name } = await source(id);
    expect(name).toBe('Hours');
    expect(items.map((item) => [item.id, item.state])).toEqual([
      ['When?', 'found'],
      ['row 3', 'failed'],
    ]);
    expect(problemSchema.parse(await (await send('question,answer\n,\n')).json()).fix).toContain('columns');
    expect((await send('x'.repeat(4_100_000))).status).toBe(413);
  });

  it('have settings that can be changed one by one, when they are websites', async () => {
    const id = await accepted(
      await post({ type: 'website', url: 'https://shop.example/s', maxPages: 5, delayMs: 300 }),
    );
    const change = (sourceId: string, settings: unknown) =>
      app.request(`/api/v1/sites/default/sources/${sourceId}`, {
        method: 'PATCH',
        headers: { ...key, 'content-type': 'application/json' },
        body: JSON.stringify({ settings }),
      });
    const changed = sourceSchema.parse(await (await change(id, { maxPages: 9, exclude: ['/x/**'] })).json());
    expect(changed.settings).toEqual({
      maxPages: 9,
      maxDepth: 20,
      include: [],
      exclude: ['/x/**'],
      delayMs: 300,
      concurrency: 4,
    });
    for (const wrong of [{ maxPages: 0 }, { concurrency: 99 }, { delayMs: -1 }, { url: 'https://a.example' }])
      expect((await change(id, wrong)).status).toBe(400);
    const pages = await accepted(await post({ type: 'pages', urls: ['https://shop.example/t'] }));
    expect((await change(pages, { maxPages: 9 })).status).toBe(409);
  });

  it('are files', async () => {
    const form = new FormData();
    form.append('files', new Blob(['# Hours']), 'sub/hours.md');
    form.append('files', new Blob(['<p>Parking']), 'parking.html');
    form.append('note', 'not a file');
    const response = await app.request('/api/v1/sites/default/sources?name=Handbook', {
      method: 'POST',
      headers: key,
      body: form,
    });
    const { items, name } = await source(await accepted(response));
    expect(name).toBe('Handbook');
    expect(items.map(({ id }) => id)).toEqual(['sub/hours.md', 'parking.html']);
  });

  it('are listed a page at a time', async () => {
    const lines = Array.from({ length: 7 }, (_, index) => `{"id":"p${index}","text":"x"}`).join('\n');
    const id = await accepted(await postLines(lines));
    const seen: string[] = [];
    let after = '';
    do {
      const page = await source(id, `?limit=3${after}`);
      seen.push(...page.items.map((item) => item.id));
      after = page.next === null ? '' : `&after=${page.next}`;
    } while (after !== '');
    expect(seen).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6']);
  });

  it('are cancelled and deleted', async () => {
    const id = await accepted(await post({ type: 'website', url: 'https://shop.example/x' }));
    const path = `/api/v1/sites/default/sources/${id}`;
    const cancelled = await app.request(`${path}/cancel`, { method: 'POST', headers: key });
    expect(await cancelled.json()).toMatchObject({ state: 'cancelled' });
    expect((await app.request(path, { method: 'DELETE', headers: key })).status).toBe(204);
    expect((await app.request(path, { headers: key })).status).toBe(404);
  });

  it('are paused, resumed, read again, renamed and scheduled', async () => {
    const id = await accepted(await post({ type: 'website', url: 'https://shop.example/z' }));
    const path = `/api/v1/sites/default/sources/${id}`;
    const control = async (name: string) => {
      const response = await app.request(`${path}/${name}`, { method: 'POST', headers: key });
      return [response.status, z.object({ state: z.string().optional() }).parse(await response.json()).state];
    };
    expect(await control('pause')).toEqual([200, 'paused']);
    expect(await control('resume')).toEqual([200, 'queued']);
    expect((await control('resume'))[0]).toBe(409);
    expect((await control('rerun'))[0]).toBe(409);
    expect(await control('cancel')).toEqual([200, 'cancelled']);
    expect(await control('rerun')).toEqual([200, 'queued']);
    const change = (body: unknown) =>
      app.request(path, {
        method: 'PATCH',
        headers: { ...key, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect(await (await change({ name: 'Help' })).json()).toMatchObject({ name: 'Help', schedule: null });
    const scheduled = sourceSchema.parse(await (await change({ schedule: { cron: '0 3 * * *' } })).json());
    expect(scheduled).toMatchObject({ name: 'Help', schedule: { cron: '0 3 * * *' } });
    expect(new Date(scheduled.nextRunAt ?? 0).getTime()).toBeGreaterThan(app.clock.now());
    expect((await change({ schedule: { cron: '* * * * *' } })).status).toBe(400);
    expect(await (await change({ schedule: null })).json()).toMatchObject({
      schedule: null,
      nextRunAt: null,
    });
  });

  it('of another site are not found, though the id is known', async () => {
    const id = await accepted(await post({ type: 'website', url: 'https://shop.example/y' }));
    const other = `/api/v1/sites/demo/sources/${id}`;
    expect((await app.request(other, { headers: key })).status).toBe(404);
    expect((await app.request(`${other}/cancel`, { method: 'POST', headers: key })).status).toBe(404);
    expect((await app.request(other, { method: 'DELETE', headers: key })).status).toBe(404);
    expect((await source(id)).state).toBe('queued');
    expect((await app.request(`/api/v1/sites/demo/sources/${randomUUID()}`, { headers: key })).status).toBe(
      404,
    );
  });
});
