import type { ModelUsage } from '../../domain/answer.ts';
import type { ChatChunk } from '../../ports.ts';

/** Money per million tokens. */
export interface ModelPrice {
  input: number;
  output: number;
}

/** What models cost by name, all in one currency. */
export interface Prices {
  /** ISO 4217. */
  currency: string;
  models: Readonly<Record<string, ModelPrice>>;
}

export const noPrices: Prices = { currency: 'USD', models: {} };

/** Adds up what the model calls of one answer used. */
export interface UsageLedger {
  /** Notes the end of a call. Gives its tokens, null where the provider did not tell. */
  add(end: Extract<ChatChunk, { type: 'end' }>): number | null;
  /** Null where no call has ended. */
  total(): ModelUsage | null;
}

/** Calls without a price cost nothing that is known. */
function addCosts(before: number | null, now: number | null): number | null {
  return before === null ? now : before + (now ?? 0);
}

export function createUsageLedger(prices: Prices = noPrices): UsageLedger {
  let total: ModelUsage | null = null;
  return {
    add({ model, inputTokens, outputTokens }) {
      const [input, output] = [inputTokens ?? 0, outputTokens ?? 0];
      const price = prices.models[model];
      const cost = price === undefined ? null : (input * price.input + output * price.output) / 1_000_000;
      total = {
        model,
        inputTokens: (total?.inputTokens ?? 0) + input,
        outputTokens: (total?.outputTokens ?? 0) + output,
        cost: addCosts(total?.cost ?? null, cost),
      };
      return inputTokens === null && outputTokens === null ? null : input + output;
    },
    total: () => total,
  };
}
