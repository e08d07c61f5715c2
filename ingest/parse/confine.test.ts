import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { confinedProcess } from './confine.ts';

const probe = fileURLToPath(new URL('../../server/testing/confined-probe.ts', import.meta.url));

it('reaches nobody, reads and writes nothing of the machine, starts nothing, and knows no secret', async () => {
  let reached = 0;
  const server = createServer((_request, response) => {
    reached += 1;
    response.end();
  }).listen(0, '127.0.0.1');
  server.on('connection', () => (reached += 1));
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.env['CONFINE_TEST_SECRET'] = 'secret';
  try {
    const child = fork(probe, [String(port)], confinedProcess(256, null));
    const [message]: unknown[] = await once(child, 'message');
    const { secrets, ...outcomes } = z.record(z.string(), z.string()).parse(message);
    child.kill('SIGKILL');
    const network = /no network|not a constructor/;
    const denied = /Access to this API has been restricted|denied/;
    expect(outcomes).toEqual({
      connect: expect.stringMatching(network),
      http: expect.stringMatching(network),
      fetch: expect.stringMatching(network),
      websocket: expect.stringMatching(network),
      listen: expect.stringMatching(network),
      datagram: expect.stringMatching(network),
      name: expect.stringMatching(network),
      'read a file': expect.stringMatching(denied),
      'write a file': expect.stringMatching(denied),
      'start a process': expect.stringMatching(denied),
      'start a thread': expect.stringMatching(denied),
    });
    expect(secrets).not.toContain('SECRET');
    expect(reached).toBe(0);
  } finally {
    delete process.env['CONFINE_TEST_SECRET'];
    server.close();
  }
});
