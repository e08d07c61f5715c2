import { createTokenBucket } from './rate-limit.ts';
import type { Allowance, TokenBucket } from './rate-limit.ts';

/** One bucket for each key; the longest unused is forgotten first. */
export interface KeyedLimit {
  /** Takes one of the key's; gives 0, or the milliseconds to wait. */
  take(key: string, nowMs: number): number;
}

/** Keys that are remembered; a forgotten one begins with a full bucket. */
const maxKeys = 20_000;

export function createKeyedLimit(allowance: Allowance): KeyedLimit {
  const buckets = new Map<string, TokenBucket>();
  return {
    take(key, nowMs) {
      const bucket = buckets.get(key) ?? createTokenBucket(allowance);
      buckets.delete(key);
      buckets.set(key, bucket);
      if (buckets.size > maxKeys) buckets.delete(buckets.keys().next().value ?? '');
      return bucket.take(nowMs);
    },
  };
}

/** What one person, one address and one site may send on this instance, over all their connections. */
export interface MessageAllowances {
  person: Allowance;
  address: Allowance;
  site: Allowance;
}

/** A person types a message a second at best; behind an address may be an office, behind a site a sale. */
export const defaultMessageAllowances: MessageAllowances = {
  person: { burst: 12, perSecond: 1.5 },
  address: { burst: 200, perSecond: 20 },
  site: { burst: 1_000, perSecond: 200 },
};

export interface Sender {
  personId: string;
  /** Null where the address says nothing about the person, such as behind a proxy that is not trusted. */
  address: string | null;
  siteId: string | null;
}

/** The milliseconds that this sender must wait with the next message; 0: it may go. */
export type MessageLimit = (sender: Sender, nowMs: number) => number;

export function createMessageLimit(allowances: MessageAllowances): MessageLimit {
  const person = createKeyedLimit(allowances.person);
  const address = createKeyedLimit(allowances.address);
  const site = createKeyedLimit(allowances.site);
  return (sender, nowMs) => {
    const waits = [
      person.take(sender.personId, nowMs),
      sender.address === null ? 0 : address.take(sender.address, nowMs),
      sender.siteId === null ? 0 : site.take(sender.siteId, nowMs),
    ];
    return Math.max(...waits);
  };
}
