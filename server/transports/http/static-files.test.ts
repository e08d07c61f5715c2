import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../testing/database.ts';
import { startHttpApp, type TestHttpApp } from '../../testing/http-app.ts';
import type { Database } from '../../ports.ts';

let folder: string;
let db: Database;
let app: TestHttpApp;
const loader = `console.log('loader');${' '.repeat(2000)}`;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'deskbell-static-'));
  await mkdir(path.join(folder, 'widget/assets'), { recursive: true });
  await mkdir(path.join(folder, 'console/assets'), { recursive: true });
  const put = (name: string, text: string | Buffer) => writeFile(path.join(folder, name), text);
  await put('widget/widget.js', loader);
  await put('widget/widget.js.br', brotliCompressSync(loader));
  await put('widget/widget.js.gz', gzipSync(loader));
  await put('widget/frame.html', '<!doctype html><title>Chat</title>');
  await put('widget/assets/chat-1a2b3c.js', 'export {};');
  await put('console/index.html', '<!doctype html><title>Console</title>');
  await put('console/icon.svg', '<svg/>');
  await put('console/assets/app-1a2b3c.js', 'export {};');
  await put('secret.txt', 'the moon is hollow');
  db = await createTestDatabase();
  app = await startHttpApp(
    {
      folders: {
        widget: path.join(folder, 'widget'),
        console: path.join(folder, 'console'),
        docs: path.join(folder, 'console'),
        demo: path.join(folder, 'console'),
        site: path.join(folder, 'console'),
      },
    },
    db,
  );
});
afterAll(async () => {
  await app.close();
  await db.close();
  await rm(folder, { recursive: true, force: true });
});

const header = async (address: string, name: string, init: RequestInit = {}) =>
  (await app.request(address, init)).headers.get(name);

describe('the loader', () => {
  it('is sent compressed to those who take it, and says that it varies', async () => {
    for (const [accept, encoding] of [
      ['br, gzip', 'br'],
      ['gzip', 'gzip'],
      ['identity', null],
      ['br;q=0, gzip;q=0', null],
    ] as const) {
      const response = await app.request('/widget.js', { headers: { 'accept-encoding': accept } });
      expect(response.headers.get('content-encoding'), accept).toBe(encoding);
      expect(response.headers.get('vary')).toBe('Accept-Encoding');
      expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
      expect(await response.text()).toBe(loader);
    }
  });

  it('may be used by any page, is kept for minutes and then asked for by its ETag', async () => {
    expect(await header('/widget.js', 'cross-origin-resource-policy')).toBe('cross-origin');
    expect(await header('/widget.js', 'cache-control')).toMatch(/^public, max-age=300/);
    const etag = (await header('/widget.js', 'etag')) ?? '';
    const headers = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
    expect((await app.request('/widget.js', { headers })).status).toBe(304);
  });

  it('answers HEAD', async () => {
    const response = await app.request('/widget.js', {
      method: 'HEAD',
      headers: { 'accept-encoding': 'identity' },
    });
    expect([response.status, response.headers.get('content-length')]).toEqual([200, String(loader.length)]);
  });
});

describe('assets with a hash in their name', () => {
  it('are kept for ever; those that are missing are not found, and not the app', async () => {
    for (const address of ['/widget/assets/chat-1a2b3c.js', '/console/assets/app-1a2b3c.js']) {
      expect(await header(address, 'cache-control')).toBe('public, max-age=31536000, immutable');
    }
    for (const address of [
      '/widget/assets/chat-old.js',
      '/console/assets/app-old.js',
      '/console/missing.png',
    ]) {
      expect((await app.request(address)).status).toBe(404);
    }
  });
});

describe('the console', () => {
  it('is one document for every screen, never kept, never framed', async () => {
    for (const address of ['/console', '/console/', '/console/inbox/1234', '/console/knowledge']) {
      const response = await app.request(address);
      expect(await response.text()).toContain('<title>Console</title>');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(response.headers.get('x-frame-options')).toBe('DENY');
    }
    expect(await header('/console/icon.svg', 'content-type')).toBe('image/svg+xml');
  });
});

describe('the frame of the chat', () => {
  const policy = async (site: string) =>
    (await header(`/widget/frame?site=${site}`, 'content-security-policy')) ?? '';

  it('may be framed by anybody until the owner names origins, then by those only', async () => {
    expect(await policy('demo')).toContain('frame-ancestors *;');
    const allowedOrigins = ['https://shop.example', 'https://*.shop.example'];
    await app.sites.update('demo', { settings: { allowedOrigins } });
    expect(await policy('demo')).toContain('frame-ancestors https://shop.example https://*.shop.example;');
    expect(await header('/widget/frame?site=demo', 'x-frame-options')).toBeNull();
  });

  it('may load nothing but our own, and connect to our own socket', async () => {
    const { host } = new URL(app.url);
    expect(await policy('default')).toBe(
      [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        `connect-src 'self' ws://${host}`,
        'frame-ancestors *',
        "base-uri 'none'",
        "form-action 'none'",
      ].join('; '),
    );
  });

  it('of a site that does not exist is not found', async () => {
    expect((await app.request('/widget/frame?site=nowhere')).status).toBe(404);
    expect((await app.request('/widget/frame')).status).toBe(404);
  });
});

describe('an address that leads nowhere', () => {
  it('is a page for people and a problem for programs', async () => {
    const page = await app.request('/nowhere', { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect([page.status, await page.text()]).toEqual([404, expect.stringContaining('There is no page here')]);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const problem = await app.request('/nowhere', { headers: { accept: 'application/json' } });
    expect([problem.status, problem.headers.get('content-type')]).toEqual([
      404,
      expect.stringContaining('problem+json'),
    ]);
    const api = await app.request('/api/v1/nowhere', { headers: { accept: 'text/html' } });
    expect(api.headers.get('content-type')).toContain('problem+json');
  });
});

describe('files outside of a build', () => {
  it.each([
    '/widget/assets/../../secret.txt',
    '/widget/assets/..%2f..%2fsecret.txt',
    '/widget/assets/%2e%2e/%2e%2e/secret.txt',
    '/widget/assets/..%5c..%5csecret.txt',
    '/console/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/console/..%2fsecret.txt',
    '/console/%252e%252e/secret.txt',
    '/console/assets/',
  ])('are not served: %s', async (address) => {
    const { status, body } = await getRaw(address);
    expect(body).not.toContain('hollow');
    expect([400, 404]).toContain(status);
  });
});

/** A GET whose address is sent as it stands; fetch would resolve the dots. */
function getRaw(address: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(app.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path: address }, async (response) => {
      let body = '';
      for await (const chunk of response.setEncoding('utf8')) body += String(chunk);
      resolve({ status: response.statusCode ?? 0, body });
    });
    sent.on('error', reject);
    sent.end();
  });
}
