import { access, constants, mkdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ModelEndpoint } from '../config-models.ts';
import type { Config } from '../config.ts';
import { AppError, errorMessage } from '../errors.ts';
import { diagnosisSchema } from '../protocol/http.ts';
import type { Api } from './api.ts';

/** What one look found. */
export interface Check {
  name: string;
  status: 'ok' | 'warning' | 'failed';
  detail: string;
  /** What to do; null when all is well. */
  fix: string | null;
}

export interface ChecksDeps {
  /** @throws AppError naming every fault of the settings. */
  readConfig(): Config;
  nodeVersion: string;
  api(): Promise<Api>;
}

const oldestNode = 24;
const modelTimeoutMs = 5000;
const serverChecks: Readonly<Record<string, string>> = {
  database: 'Database',
  pgvector: 'pgvector',
  messages: 'Messages',
  index: 'Search index',
  reranker: 'Reranker',
};

const well = (name: string, detail: string): Check => ({ name, status: 'ok', detail, fix: null });
const amiss = (name: string, detail: string, fix: string): Check => ({ name, status: 'failed', detail, fix });

function checkNode(version: string): Check {
  if (Number(version.split('.')[0]) >= oldestNode) return well('Node', version);
  return amiss(
    'Node',
    `${version} is too old`,
    'Run it with npm run deskbell, which brings its own Node 24.',
  );
}

async function checkDataDir(dataDir: string): Promise<Check> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.W_OK | constants.R_OK);
    return well('Data folder', dataDir);
  } catch (error) {
    return amiss(
      'Data folder',
      `${dataDir}: ${errorMessage(error)}`,
      'Let this user write to it, or set DATA_DIR to another folder.',
    );
  }
}

async function checkBuild(name: string, file: string): Promise<Check> {
  const built = fileURLToPath(new URL(`../../dist/${file}`, import.meta.url));
  const found = await stat(built).catch(() => null);
  if (found !== null) return well(name, `built ${found.mtime.toISOString().slice(0, 16).replace('T', ' ')}`);
  return amiss(name, 'is not built', 'Run npm run build; npm start does so too.');
}

/** What the server itself finds: database, vectors, messages. Starts one when none runs. */
async function checkServer(api: ChecksDeps['api']): Promise<Check[]> {
  try {
    const connected = await api();
    const { checks } = await connected.get('/diagnostics', diagnosisSchema);
    const found = checks.map(({ name, ok, detail, fix }): Check => {
      const title = serverChecks[name] ?? name;
      return ok ? well(title, detail) : amiss(title, detail, fix ?? 'See docs/troubleshooting.md.');
    });
    return [well('Server', connected.endpoint.url), ...found];
  } catch (error) {
    const fix = error instanceof AppError ? error.fix : undefined;
    return [amiss('Server', errorMessage(error), fix ?? 'Start it with npm start and read what it prints.')];
  }
}

/** Whether the endpoint answers and takes the key; asks for the list of models only, which costs nothing. */
async function checkModel(name: string, endpoint: ModelEndpoint | null): Promise<Check> {
  if (endpoint === null) return well(name, 'built in (no key, nothing leaves this machine)');
  const url = `${endpoint.baseUrl ?? 'https://api.openai.com/v1'}/models`;
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${endpoint.apiKey}` },
      signal: AbortSignal.timeout(modelTimeoutMs),
    });
    await response.arrayBuffer();
    if (response.ok) return well(name, `${endpoint.model} at ${url}`);
    if (response.status === 401 || response.status === 403) {
      return amiss(name, `${url} refuses the key (${response.status})`, 'Correct OPENAI_API_KEY.');
    }
    const detail = `${url} answered ${response.status}; it may still answer questions`;
    return { name, status: 'warning', detail, fix: 'Ask something: npm run deskbell -- ask "..."' };
  } catch (error) {
    return amiss(
      name,
      `${url}: ${errorMessage(error)}`,
      'Check OPENAI_BASE_URL and that this machine reaches it.',
    );
  }
}

function readSettings({ readConfig }: ChecksDeps): Config | Check {
  try {
    return readConfig();
  } catch (error) {
    const fix = error instanceof AppError ? error.fix : undefined;
    return amiss('Settings', errorMessage(error), fix ?? 'See .env.example.');
  }
}

/** All looks, in the order in which one depends on the other. */
export async function runChecks(deps: ChecksDeps): Promise<Check[]> {
  const config = readSettings(deps);
  if ('status' in config) return [checkNode(deps.nodeVersion), config];
  return [
    checkNode(deps.nodeVersion),
    well('Settings', 'every variable is valid'),
    await checkDataDir(config.dataDir),
    await checkBuild('Widget', 'widget/widget.js'),
    await checkBuild('Console', 'console/index.html'),
    ...(await checkServer(deps.api)),
    await checkModel('Answers', config.chat?.kind === 'openai' ? config.chat.endpoint : null),
    await checkModel('Embeddings', config.embedding),
  ];
}
