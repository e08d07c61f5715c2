import OpenAI from 'openai';
import { createEndpointFetch } from './endpoint-fetch.ts';
import { ModelFailure } from './failure.ts';

export interface OpenAiClientOptions {
  /** Empty for servers that want none. */
  apiKey: string;
  /** Null: the provider's own address. */
  baseUrl: string | null;
  connectMs: number;
}

/** The `openai` SDK with its own retries and time-outs off: those live in one layer of ours. */
export function createOpenAiClient({ apiKey, baseUrl, connectMs }: OpenAiClientOptions): OpenAI {
  return new OpenAI({
    apiKey: apiKey === '' ? 'none' : apiKey,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: 24 * 60 * 60_000,
    logLevel: 'off',
    fetch: createEndpointFetch(connectMs),
  });
}

/** What an error of the SDK means, by its code first and its status second. */
export function classifyOpenAiError(error: unknown): ModelFailure {
  if (error instanceof ModelFailure) return error;
  if (error instanceof OpenAI.APIConnectionError) {
    return new ModelFailure('network', 'no connection', { cause: error });
  }
  if (error instanceof OpenAI.APIError) return classifyApiError(error);
  if (error instanceof SyntaxError) {
    return new ModelFailure('malformed', 'the reply is not in the agreed format', { cause: error });
  }
  return new ModelFailure('network', 'the connection broke', { cause: error });
}

function classifyApiError(error: InstanceType<typeof OpenAI.APIError>): ModelFailure {
  const status = error.status;
  const codes = [error.code, error.type];
  const has = (...names: string[]) => codes.some((code) => typeof code === 'string' && names.includes(code));
  const fail = (kind: ModelFailure['kind'], message: string) => {
    const retryAfterMs = readRetryAfterMs(error.headers);
    return new ModelFailure(kind, message, {
      cause: error,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  };
  if (has('insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active') || status === 402) {
    return fail('quota', 'the provider reports no quota left');
  }
  if (has('invalid_api_key', 'authentication_error') || status === 401 || status === 403) {
    return fail('unauthorised', 'the provider refuses the key');
  }
  if (has('rate_limit_exceeded', 'rate_limit_error') || status === 429) {
    return fail('rate-limited', 'the provider asks to slow down');
  }
  if (status === undefined || status === 408 || status === 409 || status >= 500) {
    return fail(
      'overloaded',
      `the provider failed (${status === undefined ? 'in the stream' : String(status)})`,
    );
  }
  return fail('rejected', `the provider refused the request (${String(status)})`);
}

/** `Retry-After` (seconds or a date) or `retry-after-ms`, in milliseconds. */
function readRetryAfterMs(headers: Headers | undefined): number | undefined {
  const exact = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const value = headers?.get('retry-after');
  if (value === null || value === undefined) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  const sentAt = Date.parse(headers?.get('date') ?? '');
  return Number.isNaN(date) || Number.isNaN(sentAt) ? undefined : Math.max(0, date - sentAt);
}
