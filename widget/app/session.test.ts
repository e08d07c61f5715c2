import { afterEach, describe, expect, it, vi } from 'vitest';
import { visitorSessionSchema } from '../../server/protocol/http.ts';
import { createOpenSession, readSession } from './session.ts';

const valid = {
  visitorId: '018f4d9e-5f0a-7c3e-9a4b-2b1c3d4e5f60',
  token: 'secret',
  site: { id: 'demo', name: 'Demo', greeting: 'Hello', accentColor: '#1f6f5c' },
  conversationId: null,
};

describe('readSession', () => {
  it('reads what the schema reads', () => {
    expect(readSession(valid)).toEqual(visitorSessionSchema.parse(valid));
    const withConversation = { ...valid, conversationId: valid.visitorId };
    expect(readSession(withConversation)).toEqual(visitorSessionSchema.parse(withConversation));
  });

  it('refuses what lacks a member or has one of another type, as the schema does', () => {
    const paths = [...Object.keys(valid), ...Object.keys(valid.site).map((name) => `site.${name}`)];
    for (const path of paths) {
      for (const broken of [undefined, 7, {}]) {
        const [first = '', second] = path.split('.');
        const value = second
          ? { ...valid, site: { ...valid.site, [second]: broken } }
          : { ...valid, [first]: broken };
        expect(readSession(value), path).toBeNull();
        expect(visitorSessionSchema.safeParse(value).success, path).toBe(false);
      }
    }
    for (const value of [null, undefined, 'x', 1, []]) expect(readSession(value)).toBeNull();
  });
});

describe('createOpenSession', () => {
  afterEach(() => vi.unstubAllGlobals());

  const answer = (body: unknown, status: number) => async () =>
    new Response(JSON.stringify(body), { status });

  it.each([
    [answer(valid, 200), 'open'],
    [answer({ code: 'not-found' }, 404), 'refused'],
    [answer({ code: 'forbidden' }, 403), 'refused'],
    [answer({ code: 'rate-limited' }, 429), 'unreachable'],
    [answer({ code: 'internal' }, 503), 'unreachable'],
    [answer({ some: 'page' }, 200), 'unreachable'],
    [async () => new Response('<html>'), 'unreachable'],
    [() => Promise.reject(new TypeError('network')), 'unreachable'],
  ])('%# gives %j', async (fetching, type) => {
    vi.stubGlobal('fetch', fetching);
    await expect(createOpenSession('https://chat.example/x', 'demo')(null)).resolves.toMatchObject({ type });
  });

  it('sends the site and the token', async () => {
    const fetching = vi.fn(answer(valid, 200));
    vi.stubGlobal('fetch', fetching);
    await createOpenSession('https://chat.example/x', 'demo')('t');
    expect(fetching).toHaveBeenCalledWith(
      'https://chat.example/x',
      expect.objectContaining({ method: 'POST', body: '{"site":"demo","token":"t"}' }),
    );
  });
});
