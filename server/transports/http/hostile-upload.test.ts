import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startHttpApp, type TestHttpApp } from '../../testing/http-app.ts';

let app: TestHttpApp;
const key = { authorization: 'Bearer dbk_test' };
const path = '/api/v1/sites/default/sources';

beforeAll(async () => {
  app = await startHttpApp();
  await app.access.prepare({ owner: null, apiKey: 'dbk_test' });
});
afterAll(() => app.close());

const countSources = async () =>
  z.array(z.unknown()).parse(await (await app.request(path, { headers: key })).json()).length;
const openFiles = () => readdirSync('/proc/self/fd').length;

/** Sends the beginning of an upload that promises more, and hangs up. */
function abortUpload(body: string): Promise<void> {
  const { hostname, port } = new URL(app.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      const head = `POST ${path} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: ${key.authorization}\r\nContent-Type: multipart/form-data; boundary=cut\r\nContent-Length: 1000000\r\n\r\n`;
      socket.write(head + body, () => socket.destroy());
    });
    socket.on('error', () => {}).on('close', () => resolve());
  });
}

const part = (headers: string, body = 'x') => `--cut\r\n${headers}\r\n\r\n${body}\r\n`;
const file = (name: string) => `Content-Disposition: form-data; name="f"; filename="${name}"`;

describe('J1: uploads that are not what they should be', () => {
  it.each([
    ['an empty field name', `${part('Content-Disposition: form-data; name=""; filename=""')}--cut--`],
    ['no field name', `${part('Content-Disposition: form-data')}--cut--`],
    ['no disposition', `${part('Content-Type: text/plain')}--cut--`],
    ['a boundary that is cut off', `${part(file('a.md'))}--cu`],
    ['a boundary within a boundary', `--cut\r\n--cut\r\n--cut--cut--`],
    ['headers without an end', `--cut\r\n${'X-A: b\r\n'.repeat(5_000)}`],
    ['a header of a megabyte', `--cut\r\nContent-Disposition: ${'a'.repeat(1_000_000)}\r\n\r\nx\r\n--cut--`],
    [
      'a charset of its own',
      `${part(`Content-Disposition: form-data; name="f"; filename*=utf-99''%ff%00`)}--cut--`,
    ],
    ['a prototype for a name', `${part('Content-Disposition: form-data; name="__proto__"')}--cut--`],
    ['thousands of fields', `${part('Content-Disposition: form-data; name="n"').repeat(6_000)}--cut--`],
    ['nothing', ''],
  ])('are refused with words, not with a crash: %s', async (_name, body) => {
    const before = await countSources();
    const headers = { ...key, 'content-type': 'multipart/form-data; boundary=cut' };
    const response = await app.request(path, { method: 'POST', headers, body });
    expect([202, 400, 413]).toContain(response.status);
    if (response.status !== 202) {
      expect(await response.json()).toMatchObject({ fix: expect.stringMatching(/.{10}/) });
      await expect.poll(countSources).toBe(before);
    }
    expect((await app.request('/api/v1/sites', { headers: key })).status).toBe(200);
    expect(Object.prototype).not.toHaveProperty('filename');
  });

  it(
    'leave nothing open and nothing behind when a thousand senders hang up',
    { timeout: 120_000 },
    async () => {
      const before = await countSources();
      const files = openFiles();
      const beginnings = [
        '',
        '--cut\r\n',
        part(file('a.md')),
        `--cut\r\n${file('b.md')}\r\n\r\n${'words '.repeat(5_000)}`,
      ];
      for (let round = 0; round < 100; round += 1) {
        await Promise.all(
          Array.from({ length: 10 }, (_, n) => abortUpload(beginnings[n % beginnings.length] ?? '')),
        );
      }
      await expect.poll(countSources, { timeout: 30_000 }).toBe(before);
      await expect.poll(openFiles, { timeout: 30_000 }).toBeLessThanOrEqual(files + 5);
    },
  );
});
