import { afterAll, describe, expect, it } from 'vitest';
import { AppError } from '../../server/errors.ts';
import { createParsePool, defaultPoolOptions } from './pool.ts';
import type { ParseTask } from './messages.ts';

const pools: ReturnType<typeof createParsePool>[] = [];
function pool(overrides: Partial<typeof defaultPoolOptions> = {}) {
  const made = createParsePool({ ...defaultPoolOptions, processes: 1, ...overrides });
  pools.push(made);
  return made;
}
afterAll(() => Promise.all(pools.map((made) => made.close())));

function task(body: string | Uint8Array, name = 'a.html', contentType: string | null = null): ParseTask {
  return { kind: 'document', bytes: Buffer.from(body), name, url: null, contentType, title: null };
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

describe('parse pool', () => {
  it('parses apart from this process and goes on after a refusal', async () => {
    const own = pool();
    const reply = await own.parse(task('<h1>Returns</h1><p>Within thirty days of the purchase.</p>'));
    expect(reply).toMatchObject({ kind: 'document', title: 'Returns', passages: [{ position: 0 }] });
    expect(await own.parse(task(Buffer.from('\x7fELF....'), 'a.txt'))).toMatchObject({
      kind: 'failure',
      code: 'unsupported-type',
    });
    expect(await own.parse(task('<p>Again</p>'))).toMatchObject({ kind: 'document' });
  });

  it('believes the bytes, not the name or the type', async () => {
    const own = pool();
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    expect(await own.parse(task(png, 'guide.html', 'text/html'))).toMatchObject({ code: 'unsupported-type' });
    expect(await own.parse(task('<!doctype html><p>Hello</p>', 'guide', 'text/plain'))).toMatchObject({
      text: 'Hello',
    });
    expect(await own.parse(task('# Hi\n\nThere', 'guide.md', 'text/plain'))).toMatchObject({ title: 'Hi' });
    expect(await own.parse(task('<svg/>', 'data', 'image/svg+xml'))).toMatchObject({
      code: 'unsupported-type',
    });
  });

  it('kills what takes too long and serves the next one with a new process', async () => {
    const own = pool({ timeoutMs: 1 });
    const error = await errorOf(own.parse(task(`<p>${'slow '.repeat(400_000)}</p>`)));
    expect(error).toMatchObject({ code: 'extract-failed', message: expect.stringContaining('too long') });
    const patient = pool();
    const [first, second] = await Promise.all([
      patient.parse(task('<p>1</p>')),
      patient.parse(task('<p>2</p>')),
    ]);
    expect([first.kind, second.kind]).toEqual(['document', 'document']);
  });

  it('kills what needs too much memory', async () => {
    const own = pool({ maxMemoryMb: 40 });
    const error = await errorOf(own.parse(task(`<p>${'word '.repeat(8_000_000)}</p>`)));
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'extract-failed' });
  });

  it('refuses more than 5 million characters', async () => {
    const reply = await pool().parse(task(`<p>${'word word word word '.repeat(260_000)}</p>`));
    expect(reply).toMatchObject({ kind: 'failure', code: 'too-large' });
  });

  it('stops when told, and refuses after closing', async () => {
    const own = pool();
    const stop = new AbortController();
    const pending = errorOf(own.parse(task(`<p>${'slow '.repeat(900_000)}</p>`), stop.signal));
    stop.abort();
    expect(await pending).toMatchObject({ code: 'fetch-failed' });
    // The process ended with what it was reading, so that the next one is read by another.
    expect(await own.parse(task('<p>next</p>'))).toMatchObject({ kind: 'document', text: 'next' });
    await own.close();
    expect(await errorOf(own.parse(task('<p>late</p>')))).toMatchObject({ code: 'unavailable' });
  });

  it('reads sitemaps', async () => {
    const bytes = Buffer.from('<urlset><url><loc>https://a.example/x</loc></url></urlset>');
    const reply = await pool().parse({ kind: 'sitemap', bytes, url: 'https://a.example/sitemap.xml' });
    expect(reply).toEqual({ kind: 'sitemap', pages: ['https://a.example/x'], sitemaps: [] });
  });
});
