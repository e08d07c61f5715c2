import { createTokenBucket } from './rate-limit.ts';
import type { Allowance, TokenBucket } from './rate-limit.ts';

/** One bucket for each key; the longest unused is forgotten first. */
export interface KeyedLimit {
  /** Takes one of the key's; gives 0, or the milliseconds to wait. */
  take(key: string, nowMs: number): number;
}

/** Keys that are remembered; a forgotten one begins with a full bucket. */
const maxKeys = 10_000;

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

/** What one person, one address and one site may do on this instance, over all their connections. */
export interface Allowances {
  person: Allowance;
  address: Allowance;
  site: Allowance;
}

/** By class of message; agents are paid to write, so an agent's address and site do not count. */
export interface ClassAllowances {
  /** New connections, by address only: who it is shows later. */
  connect: Allowance;
  message: Allowances;
  /** Reading a log from some point. */
  resume: Allowances;
  /** Typing, seen marks, stopping an answer. */
  signal: Allowances;
}

/**
 * A person types a message a second at best, and opens a few tabs; behind an address may be an office, behind a
 * site a sale. After a restart everybody connects and resumes at once.
 */
export const defaultAllowances: ClassAllowances = {
  connect: { burst: 300, perSecond: 30 },
  message: {
    person: { burst: 12, perSecond: 1.5 },
    address: { burst: 200, perSecond: 20 },
    site: { burst: 1_000, perSecond: 200 },
  },
  resume: {
    person: { burst: 60, perSecond: 4 },
    address: { burst: 600, perSecond: 60 },
    site: { burst: 20_000, perSecond: 2_000 },
  },
  signal: {
    person: { burst: 60, perSecond: 10 },
    address: { burst: 600, perSecond: 100 },
    site: { burst: 5_000, perSecond: 1_000 },
  },
};

export interface Sender {
  personId: string;
  /** Null where the address says nothing about the person, such as behind a proxy that is not trusted. */
  address: string | null;
  siteId: string | null;
}

/** The milliseconds that this sender must wait with the next of its class; 0: it may go. */
export type SenderLimit = (sender: Sender, nowMs: number) => number;

export interface SenderLimits {
  connect: (address: string | null, nowMs: number) => number;
  message: SenderLimit;
  resume: SenderLimit;
  signal: SenderLimit;
}

export function createSenderLimits(given: Partial<ClassAllowances> = {}): SenderLimits {
  const allowances = { ...defaultAllowances, ...given };
  const connect = createKeyedLimit(allowances.connect);
  return {
    connect: (address, nowMs) => (address === null ? 0 : connect.take(address, nowMs)),
    message: createSenderLimit(allowances.message),
    resume: createSenderLimit(allowances.resume),
    signal: createSenderLimit(allowances.signal),
  };
}

export function createSenderLimit(allowances: Allowances): SenderLimit {
  const person = createKeyedLimit(allowances.person);
  const address = createKeyedLimit(allowances.address);
  const site = createKeyedLimit(allowances.site);
  // in this order: what one person is refused takes nothing from those who share the address or the site
  return (sender, nowMs) =>
    person.take(sender.personId, nowMs) ||
    (sender.address === null ? 0 : address.take(sender.address, nowMs)) ||
    (sender.siteId === null ? 0 : site.take(sender.siteId, nowMs));
}
