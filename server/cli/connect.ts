import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { CommandLineSettings, Config } from '../config.ts';
import { AppError } from '../errors.ts';
import { createApi, type Endpoint } from './api.ts';
import type { Connected } from './run.ts';

/** What a running server leaves in its DATA_DIR for the command line of the same machine. */
export const runFileSchema = z.object({ pid: z.number().int(), url: z.string(), key: z.string() });
const runFileName = 'run.json';
const probeTimeoutMs = 3000;

/** The parts of an app that the command line uses. */
export interface StartedApp {
  url: string;
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectDeps {
  /** A server elsewhere; a null url: none. */
  remote: Pick<CommandLineSettings, 'url' | 'apiKey'>;
  /** Parsed when a server on this machine is looked for or started. */
  config(): Config;
  createApp(config: Config): Promise<StartedApp>;
}

async function readRunFile(dataDir: string): Promise<Endpoint | null> {
  const text = await readFile(path.join(dataDir, runFileName), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { url, key } = runFileSchema.parse(JSON.parse(text));
    return { url, key };
  } catch {
    return null;
  }
}

async function isAlive({ url }: Endpoint): Promise<boolean> {
  try {
    const response = await fetch(`${url}/livez`, { signal: AbortSignal.timeout(probeTimeoutMs) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** The server of this DATA_DIR, when one runs. */
export async function findRunningServer(dataDir: string): Promise<Endpoint | null> {
  const endpoint = await readRunFile(dataDir);
  return endpoint !== null && (await isAlive(endpoint)) ? endpoint : null;
}

function remoteEndpoint({ url, apiKey: key }: ConnectDeps['remote']): Endpoint | null {
  if (url === null) return null;
  if (key === null) {
    throw new AppError('unauthenticated', 'DESKBELL_URL is set, DESKBELL_API_KEY is not.', {
      fix: 'Make a key in the console under settings, or on the server with: npm run deskbell -- keys create <name>',
    });
  }
  return { url, key };
}

async function startOwn(deps: ConnectDeps, config: Config): Promise<Connected> {
  const app = await deps.createApp({ ...config, host: '127.0.0.1', port: 0, logLevel: 'error' });
  try {
    await app.start();
    const endpoint = await readRunFile(config.dataDir);
    if (endpoint === null) {
      throw new AppError('start-failed', `The server started for this command left no ${runFileName}.`, {
        fix: `Check that ${config.dataDir} can be written to.`,
      });
    }
    return { api: createApi(endpoint), close: () => app.close() };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** The server to talk to: that of DESKBELL_URL, the one running on DATA_DIR, or one started for this command. */
export async function connect(deps: ConnectDeps): Promise<Connected> {
  const remote = remoteEndpoint(deps.remote);
  if (remote !== null) return { api: createApi(remote), close: async () => {} };
  const config = deps.config();
  const running = await findRunningServer(config.dataDir);
  if (running !== null) return { api: createApi(running), close: async () => {} };
  return startOwn(deps, config);
}
