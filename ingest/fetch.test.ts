import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { gzipSync, brotliCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../server/errors.ts';
import { makeCertificate } from '../server/testing/certificate.ts';
import { createOutbound, type OutboundClient, type OutboundDeps } from './fetch.ts';

const limits = { maxBytes: 1_000_000, timeoutMs: 5_000 };
let server: Server;
let origin: string;
let hits: string[];
let respond: RequestListener;
const clients: OutboundClient[] = [];

function client(overrides: Partial<OutboundDeps> = {}): OutboundClient {
  const made = createOutbound({ allowRanges: [], allowOrigins: [], ...overrides });
  clients.push(made);
  return made;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof AppError ? error.code : `not an AppError: ${String(error)}`;
}

beforeEach(async () => {
  hits = [];
  respond = (_request, response) => response.end('ok');
  server = createServer((request, response) => {
    hits.push(request.url ?? '');
    respond(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((made) => made.close()));
  server.closeAllConnections();
  server.close();
});

/** Spellings that all lead to this machine, to a private network or to a metadata service. */
const privateHosts =
  `127.0.0.1 127.1 127.0.1 127.255.255.254 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001
0x7f.0.0.0x1 0 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.254 192.168.0.1 192.168.1.254
169.254.169.254 0xa9fea9fe 2852039166 169.254.170.2 100.64.0.1 100.127.255.254 100.100.100.200 192.0.0.1 192.0.0.170
192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 192.31.196.1 192.52.193.1 192.175.48.1 224.0.0.1
239.255.255.250 240.0.0.1 255.255.255.255 [::1] [::] [::127.0.0.1] [::10.0.0.1] [::a9fe:a9fe] [::ffff:127.0.0.1]
[::ffff:7f00:1] [::ffff:10.0.0.1] [::ffff:169.254.169.254] [::ffff:8.8.8.8] [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1]
[64:ff9b::8.8.8.8] [64:ff9b:1::a00:1] [2002:7f00:1::] [2002:0a00:0001::] [2002:808:808::1] [2001:0:7f00:1::] [2001::1]
[2001:0:4136:e378:8000:63bf:3fff:fdd2] [2001:2::1] [2001:3::1] [2001:10::1] [2001:20::1] [2001:db8::1] [3fff::1]
[2620:4f:8000::1] [100::1] [5f00::1] [fc00::1] [fd00:ec2::254] [fdff::1] [fe80::1] [febf::1] [fec0::1] [ff02::1]
[ff05::1:3] [0:0:0:0:0:0:0:1] [0000::0001] [4000::1] [e000::1] 127.0.0.1. 127%2e0%2e0%2e1 ①②⑦.0.0.1 127。0。0。1 [::ffff:0a00:1]`
    .split(/\s+/)
    .filter(Boolean);

describe('D1, D3: guarded outbound client: addresses', () => {
  it.each(privateHosts)('refuses %s', async (host) => {
    expect(await codeOf(client().get(`http://${host}/`, limits))).toBe('fetch-refused');
  });

  it('never reaches a canary on this machine, whatever the port', async () => {
    const port = new URL(origin).port;
    const sixth = createServer((request, response) => {
      hits.push(`v6 ${request.url ?? ''}`);
      response.end();
    });
    sixth.listen(Number(port), '::1');
    await once(sixth, 'listening');
    for (const host of privateHosts.filter((name) => /127|0x7f|0177|2130706433|::1|7f00/.test(name))) {
      await codeOf(client().get(`http://${host}:${port}/canary`, limits));
    }
    expect(await codeOf(client().get(`http://localhost:${port}/canary`, limits))).toBe('fetch-refused');
    sixth.close();
    expect(hits).toEqual([]);
  });

  it.each([
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://example.com/',
    'data:text/html,hi',
    'javascript:1',
    'ws://example.com',
    'not a url',
    'http://user:pass@example.com/',
  ])('refuses %s', async (url) => {
    expect(await codeOf(client().get(url, limits))).toBe('fetch-refused');
  });

  it.each([22, 25, 6379, 5432, 11211, 9200])('refuses port %i of a public host', async (port) => {
    const outbound = client({ resolve: () => Promise.resolve([{ address: '93.184.215.14', family: 4 }]) });
    expect(await codeOf(outbound.get(`http://93.184.215.14:${String(port)}/`, limits))).toBe('fetch-refused');
    expect(await codeOf(outbound.get(`http://shop.example:${String(port)}/`, limits))).toBe('fetch-refused');
  });

  it('knows at least the 61 spellings of the reliability map', () => {
    expect(new Set(privateHosts).size).toBeGreaterThanOrEqual(61);
  });

  it('never reaches a canary, however often a name changes its address between two lookups', async () => {
    const { port } = new URL(origin);
    const listed = createServer((_request, response) =>
      response.writeHead(200, { connection: 'close' }).end('ok'),
    );
    listed.listen(Number(port), '127.0.0.2');
    await once(listed, 'listening');
    const answers = [
      [{ address: '127.0.0.2', family: 4 }],
      [{ address: '127.0.0.1', family: 4 }],
      [
        { address: '127.0.0.2', family: 4 },
        { address: '::1', family: 6 },
      ],
    ];
    let calls = 0;
    const resolve = () => Promise.resolve(answers[calls++ % answers.length] ?? []);
    const outbound = client({ resolve, allowRanges: ['127.0.0.2/32'] });
    const ends = [];
    for (let round = 0; round < 1_000; round += 1) {
      const address = `http://rebind.example:${port}/canary`;
      ends.push(
        await outbound.get(address, limits).then(
          ({ status }) => status,
          () => 'refused',
        ),
      );
    }
    listed.close();
    expect(hits).toEqual([]);
    expect(ends.filter((end) => end === 200)).toHaveLength(334);
  });

  it('refuses a name with one private address among public ones', async () => {
    const resolve = () =>
      Promise.resolve([
        { address: '93.184.215.14', family: 4 },
        { address: '::1', family: 6 },
      ]);
    expect(await codeOf(client({ resolve }).get('http://mixed.example/', limits))).toBe('fetch-refused');
  });

  it('connects to the address that was checked, so that a rebinding name gains nothing', async () => {
    const port = Number(new URL(origin).port);
    let calls = 0;
    // Public and listed at first, the canary afterwards: only a second, unchecked lookup would reach it.
    const resolve = () => {
      calls += 1;
      return Promise.resolve([{ address: calls === 1 ? '127.0.0.2' : '127.0.0.1', family: 4 }]);
    };
    const outbound = client({ resolve, allowRanges: ['127.0.0.2/32'] });
    await codeOf(outbound.get(`http://rebind.example:${String(port)}/canary`, limits));
    expect(calls).toBe(1);
    expect(await codeOf(outbound.get(`http://rebind.example:${String(port)}/canary`, limits))).toBe(
      'fetch-refused',
    );
    expect(hits).toEqual([]);
  });

  it('reaches a private range that the operator listed, and an own origin', async () => {
    const listed = await client({ allowRanges: ['127.0.0.0/8'] }).get(`${origin}/a`, limits);
    expect(Buffer.from(listed.body).toString()).toBe('ok');
    const own = await client({ allowOrigins: [origin] }).get(`${origin}/b`, limits);
    expect(own.status).toBe(200);
    expect(hits).toEqual(['/a', '/b']);
  });

  it('does not take a listed range as leave for its mapped spellings or for other origins', async () => {
    const port = new URL(origin).port;
    const outbound = client({ allowRanges: ['127.0.0.1/32'] });
    expect(await codeOf(outbound.get(`http://[::ffff:127.0.0.1]:${port}/`, limits))).toBe('fetch-refused');
    const own = client({ allowOrigins: ['http://127.0.0.1:1'] });
    expect(await codeOf(own.get(`${origin}/`, limits))).toBe('fetch-refused');
    expect(hits).toEqual([]);
  });
});

describe('D2: guarded outbound client: redirects', () => {
  it.each([301, 302, 303, 307, 308])('checks the target of a %i again', async (status) => {
    const second = `http://127.0.0.1:${new URL(origin).port}/secret`;
    respond = (_request, response) => response.writeHead(status, { location: second }).end();
    const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const front = `http://front.example:${new URL(origin).port}`;
    const outbound = client({ resolve, allowOrigins: [front] });
    expect(await codeOf(outbound.get(`${front}/start`, limits))).toBe('fetch-refused');
    expect(hits).toEqual(['/start']);
  });

  it.each(['file:///etc/passwd', '//169.254.169.254/latest', 'http://[::1]/'])(
    'refuses to go on to %s',
    async (location) => {
      respond = (_request, response) => response.writeHead(302, { location }).end();
      expect(await codeOf(client({ allowOrigins: [origin] }).get(origin, limits))).toBe('fetch-refused');
    },
  );

  it('checks where https leads to, follows it to http, and refuses a certificate that nobody vouches for', async () => {
    const certificate = makeCertificate('secure.example');
    const { port } = new URL(origin);
    const secure = createSecureServer(certificate, (request, response) =>
      response
        .writeHead(302, {
          location: `http://${request.url === '/out' ? '127.0.0.1' : '[::1]'}:${port}/plain`,
        })
        .end(),
    );
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const outbound = client({ resolve, allowRanges: ['127.0.0.1/32'] });
    const address = `https://secure.example:${String((secure.address() as AddressInfo).port)}`;
    expect(await codeOf(outbound.get(`${address}/out`, limits))).toBe('fetch-failed');
    const known = getCACertificates('default');
    setDefaultCACertificates([...known, certificate.cert]);
    try {
      expect((await outbound.get(`${address}/out`, limits)).url).toBe(`${origin}/plain`);
      expect(await codeOf(outbound.get(`${address}/in`, limits))).toBe('fetch-refused');
      expect(hits).toEqual(['/plain']);
    } finally {
      setDefaultCACertificates(known);
      secure.closeAllConnections();
      secure.close();
    }
  });

  it('follows five redirects and no sixth, nor goes round for ever', async () => {
    respond = (request, response) => {
      const left = Number((request.url ?? '').slice(1));
      if (left > 0) response.writeHead(302, { location: `/${String(left - 1)}` }).end();
      else response.end('there');
    };
    const outbound = client({ allowOrigins: [origin] });
    const page = await outbound.get(`${origin}/5`, limits);
    expect(page.url).toBe(`${origin}/0`);
    expect(await codeOf(outbound.get(`${origin}/6`, limits))).toBe('fetch-refused');
    hits.length = 0;
    respond = (request, response) => {
      const next = (Number((request.url ?? '').slice(1)) + 1) % 20;
      response.writeHead(307, { location: `/${String(next)}` }).end();
    };
    expect(await codeOf(outbound.get(`${origin}/0`, limits))).toBe('fetch-refused');
    expect(hits).toHaveLength(6);
  });
});

describe('D5: guarded outbound client: limits', () => {
  const bomb = Buffer.alloc(20_000_000, 'a');

  it.each([
    ['gzip', gzipSync(bomb)],
    ['br', brotliCompressSync(bomb)],
    ['gzip, gzip', gzipSync(gzipSync(bomb))],
  ])('counts decoded bytes of %s', async (encoding, body) => {
    expect(body.byteLength).toBeLessThan(limits.maxBytes);
    respond = (_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body);
    expect(await codeOf(client({ allowOrigins: [origin] }).get(origin, limits))).toBe('too-large');
  });

  it('refuses what is compressed more than twice', async () => {
    const body = gzipSync(gzipSync(gzipSync('deep')));
    respond = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip, gzip, gzip' }).end(body);
    expect(await codeOf(client({ allowOrigins: [origin] }).get(origin, limits))).toBe('fetch-failed');
  });

  it('decodes what it asked for', async () => {
    respond = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'br' }).end(brotliCompressSync(Buffer.from('Grüße')));
    const page = await client({ allowOrigins: [origin] }).get(origin, limits);
    expect(Buffer.from(page.body).toString()).toBe('Grüße');
  });

  it('stops at the size limit of an endless body and at a declared size', async () => {
    respond = (_request, response) => {
      const chunk = Buffer.alloc(65_536);
      const push = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', push);
      push();
    };
    expect(await codeOf(client({ allowOrigins: [origin] }).get(origin, limits))).toBe('too-large');
    respond = (_request, response) => {
      response.writeHead(200, { 'content-length': '10000000000' });
      response.write('x');
    };
    expect(await codeOf(client({ allowOrigins: [origin] }).get(origin, limits))).toBe('too-large');
  });

  it.each([
    ['never sends headers', () => {}],
    [
      'drips its body',
      (response: { write(chunk: string): unknown; destroyed: boolean }) => {
        const timer = setInterval(
          () => (response.destroyed ? clearInterval(timer) : response.write('x')),
          20,
        );
      },
    ],
  ])('gives up on a server that %s', async (_name, behave) => {
    respond = (_request, response) => behave(response);
    const outbound = client({ allowOrigins: [origin] });
    expect(await codeOf(outbound.get(origin, { ...limits, timeoutMs: 150 }))).toBe('fetch-failed');
  });

  it('reports a broken body, a refused connection and a broken coding as fetch-failed', async () => {
    const outbound = client({ allowOrigins: [origin, 'http://127.0.0.1:1'] });
    respond = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    };
    expect(await codeOf(outbound.get(origin, limits))).toBe('fetch-failed');
    respond = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip');
    expect(await codeOf(outbound.get(origin, limits))).toBe('fetch-failed');
    expect(await codeOf(outbound.get('http://127.0.0.1:1/', limits))).toBe('fetch-failed');
  });
});
