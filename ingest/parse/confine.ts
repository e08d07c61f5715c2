import type { ForkOptions } from 'node:child_process';
import { Socket as UdpSocket } from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { Server, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * How a parsing process is started: a bounded heap, no secrets and no Node options of ours in its environment, files
 * of the program to read, none to write, no processes of its own. For OCR threads, which it runs in, and the folder
 * of its data are let in too.
 */
export function confinedProcess(maxMemoryMb: number, ocrFolder: string | null): ForkOptions {
  return {
    serialization: 'advanced',
    env: { NODE_NO_WARNINGS: '1' },
    execArgv: [
      `--max-old-space-size=${String(maxMemoryMb)}`,
      '--permission',
      `--allow-fs-read=${root}`,
      '--disable-proto=delete',
      ...(ocrFolder === null ? [] : ['--allow-worker', `--allow-fs-read=${ocrFolder}`]),
    ],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  };
}

function denied(): never {
  throw new Error('Parsing has no network.');
}

/** Takes the network away from this process: connections, servers, datagrams and names. Cannot be undone. */
export function withdrawNetwork(): void {
  const deny = (target: object, name: string) =>
    Object.defineProperty(target, name, { value: denied, writable: false, configurable: false });
  deny(Socket.prototype, 'connect');
  deny(Server.prototype, 'listen');
  for (const name of ['send', 'connect', 'bind']) deny(UdpSocket.prototype, name);
  const names = Object.keys(dns).filter((name) => /^(?:lookup|resolve|reverse)/.test(name));
  for (const name of names) {
    deny(dns, name);
    deny(dns.promises, name);
  }
  for (const name of ['fetch', 'WebSocket', 'EventSource']) deny(globalThis, name);
  // Modules that took a function by its name have a copy.
  syncBuiltinESMExports();
}
