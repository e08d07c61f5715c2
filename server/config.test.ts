import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentSchema, parseConfig } from './config.ts';
import { AppError } from './errors.ts';

function faultsOf(environment: Record<string, string>): string {
  try {
    parseConfig(environment);
  } catch (error) {
    if (error instanceof AppError && error.code === 'start-failed') return error.message;
    throw error;
  }
  return '';
}

describe('parseConfig', () => {
  it('runs on nothing', () => {
    expect(parseConfig({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      publicUrl: null,
      dataDir: path.resolve('data'),
      databaseUrl: null,
      redisUrl: null,
      chat: null,
      embedding: null,
      reranker: null,
      role: 'all',
    });
  });

  it('takes an empty variable as unset', () => {
    expect(parseConfig({ PORT: '', DATABASE_URL: ' ', OPENAI_API_KEY: '' })).toEqual(parseConfig({}));
  });

  it('lists every fault at once', () => {
    const faults = faultsOf({
      PORT: '70000',
      LOG_LEVEL: 'loud',
      PUBLIC_URL: 'example.com',
      FETCH_ALLOW: '10.0.0.0',
    });
    for (const name of ['PORT', 'LOG_LEVEL', 'PUBLIC_URL', 'FETCH_ALLOW']) expect(faults).toContain(name);
  });

  it('never repeats a value, which may be a secret', () => {
    const secret = 'hunter2';
    const faults = faultsOf({
      DATABASE_URL: `mysql://${secret}@host/x`,
      REDIS_URL: `http://${secret}`,
      OPENAI_BASE_URL: `ftp://${secret}`,
      ENCRYPTION_KEY: secret,
      BOOTSTRAP_OWNER_EMAIL: secret,
      BOOTSTRAP_OWNER_PASSWORD: secret,
      BOOTSTRAP_API_KEY: secret,
    });
    expect(faults.split('\n')).toHaveLength(8);
    expect(faults).not.toContain(secret);
  });

  it('refuses what contradicts itself', () => {
    expect(faultsOf({ BOOTSTRAP_OWNER_EMAIL: 'a@example.com' })).toContain('together');
    expect(faultsOf({ DESKBELL_ROLE: 'worker' })).toContain('DATABASE_URL');
    expect(faultsOf({ DESKBELL_ROLE: 'worker', DATABASE_URL: 'postgres://h/d' })).toBe('');
  });

  it('uses a model where a key or an address is given', () => {
    expect(parseConfig({ OPENAI_API_KEY: 'k' })).toMatchObject({
      chat: { kind: 'openai', endpoint: { apiKey: 'k', baseUrl: null, model: 'gpt-4.1-mini' } },
      embedding: { apiKey: 'k', baseUrl: null, model: 'text-embedding-3-small' },
    });
    expect(
      parseConfig({ OPENAI_BASE_URL: 'http://localhost:9/v1/', EMBEDDING_BASE_URL: 'http://other/v1' }),
    ).toMatchObject({
      chat: { endpoint: { baseUrl: 'http://localhost:9/v1' } },
      embedding: { baseUrl: 'http://other/v1' },
    });
    expect(parseConfig({ OPENAI_API_KEY: 'k', EMBEDDING_MODEL: 'builtin' })).toMatchObject({
      chat: { endpoint: { model: 'gpt-4.1-mini' } },
      embedding: null,
    });
    expect(parseConfig({ EMBEDDING_BASE_URL: 'http://other/v1' }).chat).toBeNull();
  });

  it('takes a model through LangChain by its prefix, whatever else is set', () => {
    const environment = { OPENAI_API_KEY: 'k', CHAT_MODEL: 'langchain:anthropic:claude' };
    expect(parseConfig(environment).chat).toEqual({ kind: 'langchain', model: 'anthropic:claude' });
    expect(parseConfig({ OPENAI_API_KEY: 'k', CHAT_MODEL: 'llama3:8b' }).chat).toMatchObject({
      kind: 'openai',
    });
  });

  it('takes a second provider with a key or an address of its own', () => {
    const first = { OPENAI_API_KEY: 'k', CHAT_FALLBACK_MODEL: 'small' };
    expect(faultsOf(first)).toContain('CHAT_FALLBACK_API_KEY or CHAT_FALLBACK_BASE_URL');
    expect(parseConfig({ ...first, CHAT_FALLBACK_BASE_URL: 'http://spare/v1' }).chatFallback).toEqual({
      kind: 'openai',
      endpoint: { apiKey: 'none', baseUrl: 'http://spare/v1', model: 'small' },
    });
    expect(parseConfig({ CHAT_FALLBACK_MODEL: 'langchain:ollama:llama3' }).chatFallback).toEqual({
      kind: 'langchain',
      model: 'ollama:llama3',
    });
  });

  it('reads prices and budgets', () => {
    const prices = 'gpt-4.1-mini=0.40/1.60, other/model=1/4';
    const config = parseConfig({ CHAT_PRICES: prices, PRICE_CURRENCY: 'EUR', TOKENS_PER_VISITOR: '1000' });
    expect(config.prices).toEqual({
      currency: 'EUR',
      models: { 'gpt-4.1-mini': { input: 0.4, output: 1.6 }, 'other/model': { input: 1, output: 4 } },
    });
    expect(config.tokenLimits).toMatchObject({ visitor: 1000, all: 300_000_000 });
    expect(config.promptLimits).toEqual({ passages: 12, tokens: 16_000 });
    expect(parseConfig({ PASSAGES_PER_ANSWER: '3', PASSAGE_TOKENS: '900' }).promptLimits).toEqual({
      passages: 3,
      tokens: 900,
    });
    const wrong = { CHAT_PRICES: 'cheap', PRICE_CURRENCY: 'euro', TOKENS_IN_ALL: 'many' };
    const faults = faultsOf({ ...wrong, PASSAGES_PER_ANSWER: '0', PASSAGE_TOKENS: '17000' });
    for (const name of [...Object.keys(wrong), 'PASSAGES_PER_ANSWER', 'PASSAGE_TOKENS']) {
      expect(faults).toContain(name);
    }
  });

  it('reads a key of 32 bytes in hex and in base64', () => {
    const bytes = Buffer.alloc(32, 7);
    for (const text of [bytes.toString('hex'), bytes.toString('base64')]) {
      expect(parseConfig({ ENCRYPTION_KEY: text }).encryptionKey).toEqual(bytes);
    }
  });

  it('reads address ranges', () => {
    expect(parseConfig({ FETCH_ALLOW: '127.0.0.0/8, ::1/128' }).fetchAllow).toEqual([
      '127.0.0.0/8',
      '::1/128',
    ]);
  });
});

describe('.env.example', () => {
  it('lists every variable, and no other', async () => {
    const text = await readFile(new URL('../.env.example', import.meta.url), 'utf8');
    const listed = [...text.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect([...listed].sort()).toEqual(Object.keys(environmentSchema.shape).sort());
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('gives values that are the defaults', async () => {
    const text = await readFile(new URL('../.env.example', import.meta.url), 'utf8');
    const values = [...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]);
    expect(parseConfig(Object.fromEntries(values))).toEqual(parseConfig({}));
  });
});
