import { errorMessage } from '../server/errors.ts';
import type { FetchedPage, OutboundOptions } from '../server/ports.ts';
import {
  forgetOtherVisits,
  forgetVisits,
  renewVisit,
  returnSlots,
  takeSlot,
  takeTurn,
  type HostVisit,
} from '../server/store/host-visit.ts';
import { fetchWithRetry, sleep } from './fetch-retry.ts';
import type { RunContext } from './run-context.ts';

export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** One host as a run reads it: with others who read it too, of this process or another. */
export interface Host {
  /** Does `work` while holding one of the places that all runs share; waits for one. */
  visit<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Waits until `delayMs` have passed since anybody's newest fetch; not at all where it is 0. */
  turn(delayMs: number): Promise<void>;
  /** Says that something was fetched outside of a turn, such as robots.txt. */
  noteFetch(): Promise<void>;
  close(): void;
}

export type HostContext = Pick<RunContext, 'db' | 'logger' | 'signal'>;

export interface HostTuning {
  /** How long places are kept for a worker that has died. */
  lifeSeconds: number;
  /** How soon a run learns that others have come. */
  refreshMs: number;
  pollMs: number;
}
const tuning: HostTuning = { lifeSeconds: 30, refreshMs: 2_000, pollMs: 200 };

/** The places of a host that a run holds, those in use and those that wait for the next page. */
function createPlaces(context: HostContext, visit: HostVisit, limit: number, times: HostTuning) {
  const { db, logger, signal } = context;
  let idle: number[] = [];
  let held = 0;
  let runs = 1;
  let freed = Promise.withResolvers<void>();
  const share = () => Math.max(1, Math.floor(limit / runs));

  async function giveBack(slots: readonly number[]): Promise<void> {
    if (slots.length === 0) return;
    held -= slots.length;
    await returnSlots(db, visit, slots);
  }

  /** Says that the run is there, and makes room where others are too. */
  async function refresh(): Promise<void> {
    const now = await renewVisit(db, visit, times.lifeSeconds);
    runs = now.runs;
    const lost = idle.filter((slot) => !now.slots.includes(slot)).length;
    held -= lost;
    idle = idle.filter((slot) => now.slots.includes(slot));
    await giveBack(idle.splice(0, Math.max(held - share(), 0)));
  }

  const isOpen = refresh();
  isOpen.catch(() => {});
  const timer = setInterval(() => {
    refresh().catch((error: unknown) =>
      logger.warn('ingest-host-not-renewed', { ...visit, cause: errorMessage(error) }),
    );
  }, times.refreshMs);

  async function takeNew(): Promise<number | null> {
    if (held >= share()) return null;
    held += 1;
    const slot = await takeSlot(db, visit, limit, times.lifeSeconds).catch((error: unknown) => {
      held -= 1;
      throw error;
    });
    if (slot === null) held -= 1;
    return slot;
  }

  return {
    async take(): Promise<number> {
      await isOpen;
      for (;;) {
        signal.throwIfAborted();
        const slot = idle.pop() ?? (await takeNew());
        if (slot !== null) return slot;
        await Promise.race([freed.promise, sleep(times.pollMs, signal)]);
      }
    },
    async release(slot: number): Promise<void> {
      const isCrowded = runs > limit;
      if (isCrowded || held > share()) await giveBack([slot]);
      else idle.push(slot);
      freed.resolve();
      freed = Promise.withResolvers<void>();
      // Who has just had a place lets those who have none come first.
      if (isCrowded) await sleep(times.pollMs * 2, signal);
    },
    close: () => clearInterval(timer),
  };
}

/** A host for one run: `limit` pages of it are fetched at a time, by all runs together; `pause` waits for turns. */
export function createHost(
  context: HostContext,
  visit: HostVisit,
  limit: number,
  pause: Sleep,
  times: HostTuning = tuning,
): Host {
  const { db, signal } = context;
  const places = createPlaces(context, visit, limit, times);
  let last: Promise<void> = Promise.resolve();
  return {
    async visit(work) {
      const slot = await places.take();
      try {
        return await work();
      } finally {
        await places.release(slot);
      }
    },
    turn(delayMs) {
      if (delayMs === 0) return Promise.resolve();
      // One turn at a time is spoken for, so that a killed worker leaves no row of them.
      const turn = last.then(async () => {
        signal.throwIfAborted();
        await pause(await takeTurn(db, visit.host, delayMs), signal);
      });
      // Whoever waits for the turn sees its error.
      last = turn.catch(() => {});
      return turn;
    },
    async noteFetch() {
      await takeTurn(db, visit.host, 0);
    },
    close: places.close,
  };
}

/** Fetches within the limits of the host. */
export type PoliteFetch = (url: string, options: Omit<OutboundOptions, 'signal'>) => Promise<FetchedPage>;

/** Fetches in turn with all who read the host; each further try takes a turn of its own. */
export function createPoliteFetch(
  context: Pick<RunContext, 'outbound' | 'signal' | 'clock'>,
  hostOf: (url: string) => Host,
  delayMs: () => number,
): PoliteFetch {
  return (url, options) => {
    const host = hostOf(url);
    const turn = () => host.turn(delayMs());
    return host.visit(() => fetchWithRetry({ ...context, turn }, url, options));
  };
}

/** The hosts of a run; `work` is given how to open one, and what was held is given back at its end. */
export async function withHosts(
  context: Pick<RunContext, 'db' | 'logger' | 'signal' | 'lease'>,
  limit: number,
  pause: Sleep,
  work: (hostOf: (url: string) => Host) => Promise<void>,
): Promise<void> {
  const { db, lease, logger } = context;
  const { sourceId, worker } = lease;
  const hosts = new Map<string, Host>();
  await forgetOtherVisits(db, sourceId, worker);
  const hostOf = (url: string): Host => {
    const { host } = new URL(url);
    const found = hosts.get(host) ?? createHost(context, { host, sourceId, worker }, limit, pause);
    hosts.set(host, found);
    return found;
  };
  try {
    await work(hostOf);
  } finally {
    for (const host of hosts.values()) host.close();
    await forgetVisits(db, worker).catch((error: unknown) =>
      logger.warn('ingest-host-not-left', { sourceId, cause: errorMessage(error) }),
    );
  }
}
