import { z } from 'zod';

/** An OpenAI-compatible endpoint. */
export interface ModelEndpoint {
  apiKey: string;
  /** With its `/v1`; null: OpenAI itself. */
  baseUrl: string | null;
  model: string;
}

/** The name that asks for what Deskbell brings along, instead of a model. */
const builtin = 'builtin';
/** Begins the name of a model that is reached through LangChain. */
const langChainPrefix = 'langchain:';

/** A model that writes; null: none. */
export type ChatChoice = { kind: 'openai'; endpoint: ModelEndpoint } | { kind: 'langchain'; model: string };

/** What a model's name and the endpoint beside it ask for. */
export function chooseChat(given: {
  model: string;
  apiKey: string | null;
  baseUrl: string | null;
}): ChatChoice | null {
  const { model } = given;
  if (model.startsWith(langChainPrefix))
    return { kind: 'langchain', model: model.slice(langChainPrefix.length) };
  const endpoint = toEndpoint(given);
  return endpoint === null ? null : { kind: 'openai', endpoint };
}

/** Null without a key and an address, or where what Deskbell brings along is wanted. */
export function toEndpoint(given: {
  model: string;
  apiKey: string | null;
  baseUrl: string | null;
}): ModelEndpoint | null {
  const { model, apiKey, baseUrl } = given;
  if ((apiKey === null && baseUrl === null) || model === builtin || model.startsWith(langChainPrefix)) {
    return null;
  }
  // servers without keys (a local one) still get the header
  return { apiKey: apiKey ?? 'none', baseUrl, model };
}

const priceShape = 'must look like gpt-4.1-mini=0.40/1.60, with commas between models';

/** `name=input/output`: money per million tokens that a model reads and writes. */
export const priceList = z.string().transform((text, context) => {
  const models: Record<string, { input: number; output: number }> = {};
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const [, name, input, output] = /^(\S+)=(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/u.exec(part) ?? [];
    if (name === undefined) {
      context.addIssue({ code: 'custom', message: priceShape });
      return z.NEVER;
    }
    models[name] = { input: Number(input), output: Number(output) };
  }
  return models;
});

const tokens = (byDefault: number) =>
  z.string().regex(/^\d+$/, 'must be a whole number of tokens').transform(Number).default(byDefault);

const between = (smallest: number, largest: number, byDefault: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(smallest, `must be at least ${smallest}`).max(largest, `must be at most ${largest}`))
    .default(byDefault);

/** The variables that are about models, besides the first provider's. */
export const modelVariables = {
  CHAT_FALLBACK_MODEL: z.string().nullable().default(null),
  CHAT_FALLBACK_API_KEY: z.string().nullable().default(null),
  CHAT_FALLBACK_BASE_URL: z
    .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
    .transform((url) => url.replace(/\/+$/, ''))
    .nullable()
    .default(null),
  CHAT_PRICES: priceList.default({}),
  PRICE_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be three capital letters, such as EUR')
    .default('USD'),
  // a visitor's 60 long answers, an address shared by ten such visitors, a busy shop, ten of them
  PASSAGES_PER_ANSWER: between(1, 12, 12),
  PASSAGE_TOKENS: between(500, 16_000, 16_000),
  TOKENS_PER_VISITOR: tokens(300_000),
  TOKENS_PER_ADDRESS: tokens(3_000_000),
  TOKENS_PER_SITE: tokens(30_000_000),
  TOKENS_IN_ALL: tokens(300_000_000),
} as const;
