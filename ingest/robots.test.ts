import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../server/errors.ts';
import type { Outbound } from '../server/ports.ts';
import { startTestSite, type TestPage, type TestSite } from '../server/testing/web-site.ts';
import { createOutbound } from './fetch.ts';
import { fetchRobots, readRobots } from './robots.ts';

const origin = 'https://shop.example';
const read = (text: string) => readRobots(Buffer.from(text), `${origin}/robots.txt`);
const allowed = (text: string, path: string) => read(text).isAllowed(`${origin}${path}`);

describe('D6: robots.txt rules (RFC 9309)', () => {
  it.each([
    ['User-agent: *\nDisallow: /', '/a', false],
    ['User-agent: *\nDisallow:', '/a', true],
    ['', '/a', true],
    ['Disallow: /', '/a', true],
    ['User-agent: other\nDisallow: /', '/a', true],
    ['User-agent: deskbell\nDisallow: /a\n\nUser-agent: *\nDisallow: /', '/b', true],
    ['User-agent: Deskbell/2.0\nDisallow: /a', '/a', false],
    ['User-agent: *\nDisallow: /p\nAllow: /page', '/page', true],
    ['User-agent: *\nAllow: /page\nDisallow: /page', '/page', true],
    ['User-agent: *\nAllow: /p\nDisallow: /*.html', '/page.html', false],
    ['User-agent: *\nDisallow: /*.php$', '/a.php', false],
    ['User-agent: *\nDisallow: /*.php$', '/a.php?x=1', true],
    ['User-agent: *\nDisallow: /fish*', '/fishheads/y', false],
    ['User-agent: *\nDisallow: /fish', '/Fish', true],
    ['User-agent: *\nDisallow: /a%3cd.html', '/a%3Cd.html', false],
    ['User-agent: *\nDisallow: /ä', '/%C3%A4', false],
    ['User-agent: *\nDisallow: /%7Ejoe', '/~joe/x', false],
    ['User-agent: *\nDisallow: /?q=', '/?q=1', false],
    ['User-agent: a\nUser-agent: Deskbell\nDisallow: /x', '/x', false],
    [
      'User-agent: Deskbell\nDisallow: /x\n\nUser-agent: b\nDisallow: /\n\nUser-agent: Deskbell\nDisallow: /y',
      '/y',
      false,
    ],
    ['User-agent: a\nSitemap: https://s.example/s.xml\nUser-agent: Deskbell\nDisallow: /x', '/x', false],
    ['\ufeffUser-agent: *\nDisallow: /x', '/x', false],
    ['user-agent: * # all\r\ndisallow: /x # secret\r\n', '/x', false],
    ['User-agent: *\nDisallow: /', '/robots.txt', true],
  ])('%j: %s is allowed: %s', (text, path, isAllowed) => {
    expect(allowed(text, path)).toBe(isAllowed);
  });

  it('is quick with patterns made to be slow', () => {
    const text = `User-agent: *\nDisallow: /${'*a'.repeat(2000)}b`;
    expect(allowed(text, `/${'a'.repeat(5000)}`)).toBe(true);
  });

  it('reads the delay, capped, and the sitemaps', () => {
    const robots = read(
      'User-agent: *\nCrawl-delay: 600\nSitemap: /s.xml\nsitemap: https://cdn.example/t.xml',
    );
    expect(robots.delayMs).toBe(10_000);
    expect(robots.sitemaps).toEqual([`${origin}/s.xml`, 'https://cdn.example/t.xml']);
  });

  it('ignores what lies behind the first 500 KiB, and reads what lies before', () => {
    const filler = `#${'x'.repeat(1000)}\n`;
    const early = `${filler.repeat(500)}User-agent: *\nDisallow: /x`;
    const late = `${filler.repeat(600)}User-agent: *\nDisallow: /x`;
    expect(allowed(early, '/x')).toBe(false);
    expect(allowed(late, '/x')).toBe(true);
  });
});

describe('D6: fetching robots.txt', () => {
  const answering = (status: number, body = ''): Outbound => ({
    get: (url) => Promise.resolve({ url, status, headers: {}, body: Buffer.from(body), redirects: 0 }),
  });
  const fetchFrom = (outbound: Outbound) => fetchRobots(outbound, origin, new AbortController().signal);

  it.each([400, 401, 403, 404, 410, 429])('takes %i for leave to read everything', async (status) => {
    expect((await fetchFrom(answering(status))).isAllowed(`${origin}/a`)).toBe(true);
  });

  it.each([500, 502, 503])('takes %i for a ban', async (status) => {
    const robots = await fetchFrom(answering(status));
    expect(robots.isAllowed(`${origin}/a`)).toBe(false);
    expect(robots.problem).toContain(String(status));
  });

  it('takes an unreachable file for a ban, with the cause', async () => {
    const failing: Outbound = {
      get: () => Promise.reject(new AppError('fetch-failed', 'It did not answer.')),
    };
    const robots = await fetchFrom(failing);
    expect(robots.isAllowed(`${origin}/a`)).toBe(false);
    expect(robots.problem).toBe('It did not answer.');
  });
});

describe('D6: a robots.txt over a real line', () => {
  const outbound = createOutbound({ allowRanges: ['127.0.0.0/8'], allowOrigins: [] });
  /** The same client in a hurry, so that a silent server is given up soon. */
  const hasty: Outbound = { get: (url, options) => outbound.get(url, { ...options, timeoutMs: 300 }) };
  let site: TestSite | null = null;
  afterEach(() => site?.close());

  async function rulesOf(pages: Record<string, TestPage>, by: Outbound = outbound) {
    site = await startTestSite(pages);
    const robots = await fetchRobots(by, site.origin, new AbortController().signal);
    const may = (path: string) => robots.isAllowed(`${site?.origin ?? ''}${path}`);
    return { open: may('/open'), shut: may('/shut'), problem: robots.problem };
  }
  const rules = 'User-agent: *\nDisallow: /shut';
  const asWritten = { open: true, shut: false, problem: null };
  const redirects = (hops: number) =>
    Object.fromEntries(
      Array.from({ length: hops }, (_, hop): [string, TestPage] => [
        hop === 0 ? '/robots.txt' : `/hop${String(hop)}`,
        { status: 301, headers: { location: `/hop${String(hop + 1)}` } },
      ]),
    );

  it('counts as it is written: with a byte order mark, after five redirects, in its first half of a megabyte', async () => {
    expect(await rulesOf({ '/robots.txt': { body: `\ufeff${rules}` } })).toEqual(asWritten);
    expect(await rulesOf({ ...redirects(5), '/hop5': { body: rules } })).toEqual(asWritten);
    const megabyte = `${rules}\n${`# ${'x'.repeat(98)}\n`.repeat(10_000)}Disallow: /open`;
    expect(await rulesOf({ '/robots.txt': { body: megabyte } })).toEqual(asWritten);
  });

  it('forbids everything, with the cause, after six redirects, an error and a silence', async () => {
    const banned = { open: false, shut: false };
    const lost = await rulesOf({ ...redirects(6), '/hop6': { body: rules } });
    expect(lost).toEqual({ ...banned, problem: expect.stringContaining('redirects') });
    const silent = await rulesOf({ '/robots.txt': () => {} }, hasty);
    expect(silent).toEqual({ ...banned, problem: expect.stringContaining('in time') });
    const broken = await rulesOf({ '/robots.txt': { status: 503 } });
    expect(broken).toEqual({ ...banned, problem: expect.stringContaining('503') });
  });

  it('allows everything when there is none, or none for us', async () => {
    for (const status of [403, 404])
      expect(await rulesOf({ '/robots.txt': { status } })).toEqual({ open: true, shut: true, problem: null });
  });
});
