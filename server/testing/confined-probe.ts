/** A process confined like a parsing process that tries what it may not, and tells its parent how each try ended. */
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns';
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect, createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { withdrawNetwork } from '../../ingest/parse/confine.ts';

const port = Number(process.argv[2]);
withdrawNetwork();

const attempts: Record<string, () => unknown> = {
  connect: () => connect(port, '127.0.0.1'),
  http: () => get(`http://127.0.0.1:${String(port)}/`).on('error', () => {}),
  fetch: () => fetch(`http://127.0.0.1:${String(port)}/`),
  websocket: () => new WebSocket(`ws://127.0.0.1:${String(port)}/`),
  listen: () => createServer().listen(0),
  datagram: () => createSocket('udp4').send('x', port, '127.0.0.1'),
  name: () => lookup('localhost', () => {}),
  'read a file': () => readFileSync('/etc/hostname'),
  'write a file': () => writeFileSync(new URL('./never.txt', import.meta.url), 'x'),
  'start a process': () => spawnSync(process.execPath, ['-v']).error?.message.includes('denied') ?? 'ran',
  'start a thread': () => new Worker('', { eval: true }),
};

const outcomes: Record<string, string> = { secrets: Object.keys(process.env).sort().join(' ') };
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    attempt();
    outcomes[name] = 'went through';
  } catch (error) {
    outcomes[name] = error instanceof Error ? error.message : 'failed';
  }
}
process.send?.(outcomes);
