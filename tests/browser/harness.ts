import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const owner = { email: 'robin@shop.example', name: /robin/i, password: 'a long enough password' };
export const apiKey = 'dbk_browser_story_key_of_enough_length';

export interface RunningServer {
  url: string;
  /** Ends the process the hard way and starts it again on the same data, with other settings where they are given. */
  killAndRestart(changes?: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

function waitForReady(child: ChildProcess, log: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      log.push(chunk.toString());
      const ready = /deskbell ready (\S+)/.exec(log.join(''));
      if (ready?.[1]) resolve(ready[1]);
    });
    child.stderr?.on('data', (chunk: Buffer) => log.push(chunk.toString()));
    child.once('exit', (code) => reject(new Error(`the server ended with code ${code}:\n${log.join('')}`)));
  });
}

/** Starts the whole product as `npm start` does, on a fresh data directory and a free port. */
export async function startServer(environment: Record<string, string> = {}): Promise<RunningServer> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'deskbell-story-'));
  const port = await freePort();
  const env = {
    PATH: process.env.PATH ?? '',
    PORT: String(port),
    DATA_DIR: dataDir,
    BOOTSTRAP_OWNER_EMAIL: owner.email,
    BOOTSTRAP_OWNER_PASSWORD: owner.password,
    BOOTSTRAP_API_KEY: apiKey,
    ...environment,
  };
  const launch = async (changes: Record<string, string> = {}) => {
    const child = spawn(process.execPath, ['server/main.ts'], {
      cwd: root,
      env: { ...env, ...changes },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { child, url: await waitForReady(child, []) };
  };
  let running = await launch();
  const end = async (signal: NodeJS.Signals) => {
    if (running.child.exitCode !== null) return;
    running.child.kill(signal);
    await once(running.child, 'exit');
  };
  return {
    url: running.url,
    killAndRestart: async (changes) => {
      await end('SIGKILL');
      running = await launch(changes);
    },
    stop: async () => {
      await end('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Chromium as installed by `npm test`. */
export function launchBrowser(): Promise<Browser> {
  const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', ...quiet, '--disable-component-update', '--disable-sync'],
  });
}

/** Calls the API with the key and gives the parsed body. */
export async function callApi(
  server: RunningServer,
  method: string,
  route: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`${server.url}/api/v1${route}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Waits until a source of a site has been read. */
export async function waitUntilRead(server: RunningServer, site: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const sources = (await callApi(server, 'GET', `/sites/${site}/sources`)) as { state: string }[];
    if (sources.some(({ state }) => state === 'done')) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`nothing of the site ${site} was read within a minute`);
}

/** Waits until the demo shop has been read, as a newcomer does with their eyes. */
export const waitForDemo = (server: RunningServer): Promise<void> => waitUntilRead(server, 'demo');
