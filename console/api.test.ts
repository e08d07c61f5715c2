import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ApiError, createApi } from './api.ts';

const create = (answer: () => Response | Promise<Response>) => {
  const requests: { url: string; init: RequestInit | undefined }[] = [];
  let signedOut = 0;
  const api = createApi({
    fetch: async (url, init) => {
      requests.push({ url: String(url), init });
      return answer();
    },
    onSignedOut: () => (signedOut += 1),
  });
  return { api, requests, signedOut: () => signedOut };
};
const problem = (status: number, given: object) =>
  new Response(
    JSON.stringify({ type: 'about:blank', title: 'T', status, code: 'c', detail: 'It failed.', ...given }),
    { status },
  );
const caught = async (work: Promise<unknown>): Promise<ApiError> => {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (error instanceof ApiError) return error;
  throw new Error('It did not fail as expected.');
};

describe('api', () => {
  it('sends the console header and JSON, and parses the answer', async () => {
    const { api, requests } = create(() => new Response('{"id":"a"}'));
    expect(await api.send('PATCH', '/sites/a', { name: 'x' }, z.object({ id: z.string() }))).toEqual({
      id: 'a',
    });
    expect(requests[0]?.url).toBe('/api/v1/sites/a');
    expect(requests[0]?.init).toMatchObject({
      method: 'PATCH',
      body: '{"name":"x"}',
      headers: { 'x-deskbell-console': '1', 'content-type': 'application/json' },
    });
  });

  it('turns problem details into words, a fix and messages by field', async () => {
    const { api } = create(() =>
      problem(400, { fix: 'Do this.', errors: [{ path: 'settings.accentColor', message: 'No colour.' }] }),
    );
    const error = await caught(api.get('/sites', z.unknown()));
    expect(error).toMatchObject({
      message: 'It failed.',
      fix: 'Do this.',
      status: 400,
      fields: { 'settings.accentColor': 'No colour.' },
    });
  });

  it('names the log line of an unexpected error', async () => {
    const { api } = create(() => problem(500, { errorId: 'e-1' }));
    expect((await caught(api.get('/sites', z.unknown()))).fix).toContain('e-1');
  });

  it('leads to the login when the session has ended, but not while signing in', async () => {
    const { api, signedOut } = create(() => problem(401, {}));
    await caught(api.send('POST', '/session', {}, z.unknown()));
    expect(signedOut()).toBe(0);
    await caught(api.get('/sites', z.unknown()));
    expect(signedOut()).toBe(1);
  });

  it.each([
    ['an HTML error page', () => new Response('<h1>Bad gateway</h1>', { status: 502 }), 'unreadable'],
    ['an answer of another shape', () => new Response('{"id":1}'), 'unexpected-answer'],
    ['no connection', () => Promise.reject(new TypeError('Failed to fetch')), 'offline'],
  ])('says what to do at %s', async (_name, answer, code) => {
    const { api } = create(answer);
    const error = await caught(api.get('/sites', z.object({ id: z.string() })));
    expect(error.code).toBe(code);
    expect(error.fix).not.toBeNull();
  });

  it('accepts an empty answer where nothing is expected', async () => {
    const { api } = create(() => new Response(null, { status: 204 }));
    await expect(api.send('DELETE', '/keys/1', null, z.unknown())).resolves.toBeNull();
  });
});
