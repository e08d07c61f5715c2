import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import {
  chooseChat,
  modelVariables,
  toEndpoint,
  type ChatChoice,
  type ModelEndpoint,
} from './config-models.ts';
import { AppError } from './errors.ts';
import { logLevels } from './log.ts';

/** All that the environment decides, parsed once. */
export interface Config {
  host: string;
  /** 0: any free port. */
  port: number;
  /** The address browsers use, without a trailing slash, where the operator set one. */
  publicUrl: string | null;
  /** Absolute. */
  dataDir: string;
  /** Null: the embedded database in `dataDir`. */
  databaseUrl: string | null;
  /** Null: jobs and fan-out through the database. */
  redisUrl: string | null;
  /** Null: the built-in answerer. */
  chat: ChatChoice | null;
  /** Asked where `chat` fails before its first word; null: none. */
  chatFallback: ChatChoice | null;
  prices: { currency: string; models: Readonly<Record<string, { input: number; output: number }>> };
  /** Tokens a day that may be spent. */
  tokenLimits: Readonly<Record<'visitor' | 'address' | 'site' | 'all', number>>;
  /** What a site may set at most for the passages that the model reads. */
  promptLimits: { passages: number; tokens: number };
  /** Null: the built-in embedder. */
  embedding: ModelEndpoint | null;
  /** Null: passages stay in the order of the search. */
  reranker: { baseUrl: string; model: string; apiKey: string | null } | null;
  /** 32 bytes. */
  encryptionKey: Uint8Array | null;
  /** Address ranges that the crawler may reach although they are private. */
  fetchAllow: readonly string[];
  /** How much a source and the sources of a site may be given, in bytes. */
  intake: { sourceBytes: number; siteBytes: number };
  /** In which languages scans are read, by Tesseract's codes. */
  ocrLanguages: readonly string[];
  owner: { email: string; password: string } | null;
  apiKey: string | null;
  logLevel: (typeof logLevels)[number];
  trustedProxies: number;
  role: 'all' | 'web' | 'worker';
  workerConcurrency: number;
}

const defaultChatModel = 'gpt-4.1-mini';
const defaultEmbeddingModel = 'text-embedding-3-small';
/** Servers that serve one model (TEI) take any name. */
const defaultRerankModel = 'rerank';
const megabyte = 1_000_000;
const shortestPassword = 8;
const shortestApiKey = 8;

const wholeNumber = (smallest: number, largest: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(
      z.number().min(smallest, `must be at least ${smallest}`).max(largest, `must be at most ${largest}`),
    );

const webUrl = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
  .transform((url) => url.replace(/\/+$/, ''));

const urlOf = (protocol: RegExp, shape: string) => z.url({ protocol, error: `must look like ${shape}` });

const rangeList = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((range) => range !== ''))
  .pipe(
    z.array(
      z.union([z.cidrv4(), z.cidrv6()], {
        error: 'must be address ranges such as 127.0.0.0/8, with commas between',
      }),
    ),
  );

const ocrLanguageList = z
  .string()
  .transform((text) => [...new Set(text.split(/[\s,+]+/).filter((code) => code !== ''))])
  .pipe(
    z.array(z.string().regex(/^[a-z]{3}(?:_[a-z]+)?$/, 'must be codes such as eng,deu, with commas between')),
  );

const keyBytes = z
  .string()
  .transform((text) => Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64'))
  .refine((bytes) => bytes.length === 32, 'must be 32 bytes, as 64 hex digits or as base64');

/** Every variable that Deskbell reads; `.env.example` lists the same (a test compares them). */
export const environmentSchema = z.object({
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: webUrl.nullable().default(null),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: urlOf(/^postgres(ql)?$/, 'postgres://user:password@host:5432/name')
    .nullable()
    .default(null),
  REDIS_URL: urlOf(/^rediss?$/, 'redis://host:6379')
    .nullable()
    .default(null),
  OPENAI_API_KEY: z.string().nullable().default(null),
  OPENAI_BASE_URL: webUrl.nullable().default(null),
  CHAT_MODEL: z.string().default(defaultChatModel),
  ...modelVariables,
  EMBEDDING_BASE_URL: webUrl.nullable().default(null),
  EMBEDDING_MODEL: z.string().default(defaultEmbeddingModel),
  RERANK_BASE_URL: webUrl.nullable().default(null),
  RERANK_MODEL: z.string().default(defaultRerankModel),
  RERANK_API_KEY: z.string().nullable().default(null),
  ENCRYPTION_KEY: keyBytes.nullable().default(null),
  FETCH_ALLOW: rangeList.default([]),
  SOURCE_MAX_MB: wholeNumber(1, 1_000_000).default(2000),
  SITE_MAX_MB: wholeNumber(1, 10_000_000).default(10_000),
  OCR_LANGUAGES: ocrLanguageList.default(['eng']),
  BOOTSTRAP_OWNER_EMAIL: z.email('must be an e-mail address').nullable().default(null),
  BOOTSTRAP_OWNER_PASSWORD: z
    .string()
    .min(shortestPassword, `must have at least ${shortestPassword} characters`)
    .nullable()
    .default(null),
  BOOTSTRAP_API_KEY: z
    .string()
    .min(shortestApiKey, `must have at least ${shortestApiKey} characters`)
    .nullable()
    .default(null),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  TRUSTED_PROXIES: wholeNumber(0, 10).default(0),
  DESKBELL_ROLE: z.enum(['all', 'web', 'worker'], 'must be all, web or worker').default('all'),
  WORKER_CONCURRENCY: wholeNumber(1, 64).default(2),
});

type Environment = z.output<typeof environmentSchema>;

/** What one variable alone cannot tell. */
function findContradictions(values: Environment): string[] {
  const faults: string[] = [];
  if ((values.BOOTSTRAP_OWNER_EMAIL === null) !== (values.BOOTSTRAP_OWNER_PASSWORD === null)) {
    faults.push('BOOTSTRAP_OWNER_EMAIL and BOOTSTRAP_OWNER_PASSWORD must be set together');
  }
  if (values.CHAT_FALLBACK_MODEL !== null && chooseFallback(values) === null) {
    faults.push('CHAT_FALLBACK_MODEL needs CHAT_FALLBACK_API_KEY or CHAT_FALLBACK_BASE_URL');
  }
  if (values.DATABASE_URL === null && values.DESKBELL_ROLE !== 'all') {
    faults.push(
      'DESKBELL_ROLE can only be "all" with the embedded database: set DATABASE_URL too, or unset it',
    );
  }
  return faults;
}

function failConfig(faults: readonly string[]): never {
  const list = faults.map((fault) => `\n  - ${fault}`).join('');
  throw new AppError(
    'start-failed',
    `The configuration has ${faults.length === 1 ? 'a fault' : 'faults'}:${list}`,
    {
      fix: 'Correct it in the environment or in .env; .env.example explains every variable.',
    },
  );
}

/** The second provider; null where no model is named for it, or it has neither key nor address. */
function chooseFallback(values: Environment): ChatChoice | null {
  if (values.CHAT_FALLBACK_MODEL === null) return null;
  return chooseChat({
    model: values.CHAT_FALLBACK_MODEL,
    apiKey: values.CHAT_FALLBACK_API_KEY,
    baseUrl: values.CHAT_FALLBACK_BASE_URL,
  });
}

/**
 * Parses the environment. An empty variable counts as unset. Messages name variables and what they must be,
 * never what they were: they may be secrets.
 * @throws AppError `start-failed` with every fault.
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== '');
  const parsed = environmentSchema.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    failConfig(parsed.error.issues.map(({ path: [name], message }) => `${String(name)} ${message}`));
  }
  const values = parsed.data;
  const contradictions = findContradictions(values);
  if (contradictions.length > 0) failConfig(contradictions);
  const { BOOTSTRAP_OWNER_EMAIL: email, BOOTSTRAP_OWNER_PASSWORD: password } = values;
  return {
    host: values.HOST,
    port: values.PORT,
    publicUrl: values.PUBLIC_URL,
    dataDir: path.resolve(values.DATA_DIR),
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    chat: chooseChat({
      model: values.CHAT_MODEL,
      apiKey: values.OPENAI_API_KEY,
      baseUrl: values.OPENAI_BASE_URL,
    }),
    chatFallback: chooseFallback(values),
    prices: { currency: values.PRICE_CURRENCY, models: values.CHAT_PRICES },
    promptLimits: { passages: values.PASSAGES_PER_ANSWER, tokens: values.PASSAGE_TOKENS },
    tokenLimits: {
      visitor: values.TOKENS_PER_VISITOR,
      address: values.TOKENS_PER_ADDRESS,
      site: values.TOKENS_PER_SITE,
      all: values.TOKENS_IN_ALL,
    },
    reranker:
      values.RERANK_BASE_URL === null
        ? null
        : {
            baseUrl: values.RERANK_BASE_URL,
            model: values.RERANK_MODEL,
            apiKey: values.RERANK_API_KEY,
          },
    embedding: toEndpoint({
      model: values.EMBEDDING_MODEL,
      apiKey: values.OPENAI_API_KEY,
      baseUrl: values.EMBEDDING_BASE_URL ?? values.OPENAI_BASE_URL,
    }),
    encryptionKey: values.ENCRYPTION_KEY,
    fetchAllow: values.FETCH_ALLOW,
    intake: { sourceBytes: values.SOURCE_MAX_MB * megabyte, siteBytes: values.SITE_MAX_MB * megabyte },
    ocrLanguages: values.OCR_LANGUAGES,
    owner: email === null || password === null ? null : { email, password },
    apiKey: values.BOOTSTRAP_API_KEY,
    logLevel: values.LOG_LEVEL,
    trustedProxies: values.TRUSTED_PROXIES,
    role: values.DESKBELL_ROLE,
    workerConcurrency: values.WORKER_CONCURRENCY,
  };
}

/**
 * The configuration of this process: the environment, then `.env` of the working folder for what is not set.
 * @throws AppError `start-failed` with every fault.
 */
export function readConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return parseConfig(process.env);
}

/** What the command line takes from the environment besides the server's own variables; null: not set. */
export interface CommandLineSettings {
  /** DESKBELL_URL, without a trailing slash: the server to talk to. */
  url: string | null;
  /** DESKBELL_API_KEY: the key for it. */
  apiKey: string | null;
  /** DESKBELL_PASSWORD: a password to give, which as an argument other users of the machine could read. */
  password: string | null;
  /** False when NO_COLOR is set (no-color.org). */
  hasColor: boolean;
}

/** The command line's part of the environment. */
export function readCommandLine(): CommandLineSettings {
  const { DESKBELL_URL: url, DESKBELL_API_KEY: apiKey, DESKBELL_PASSWORD: password, NO_COLOR } = process.env;
  const set = (value: string | undefined): string | null =>
    value === undefined || value === '' ? null : value;
  return {
    url: set(url)?.replace(/\/+$/, '') ?? null,
    apiKey: set(apiKey),
    password: set(password),
    hasColor: set(NO_COLOR) === null,
  };
}
