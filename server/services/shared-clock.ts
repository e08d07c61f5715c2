import { errorMessage } from '../errors.ts';
import type { Clock, Database, Logger } from '../ports.ts';
import { readDatabaseTime } from '../store/database-time.ts';

/** How often it is compared with the database's; in between it runs on by itself. */
const compareMs = 30_000;
/** An answer that took longer says too little of the moment at which it was given. */
const maxTripMs = 1_000;
/** A machine whose clock is further off is named in the log. */
const worthTellingMs = 2_000;

export interface SharedClock {
  clock: Clock;
  close(): void;
}

export interface SharedClockDeps {
  db: Database;
  logger: Logger;
  /** The machine's own clock, right or wrong. */
  machine: Clock;
  /** Milliseconds that only ever go on, whatever somebody does to the machine's clock. */
  elapsedMs: () => number;
}

/**
 * One time for all instances: the database's. Leases, presence and limits are written by one instance and read by
 * others, so machines that are minutes apart would take each other for dead. Resolves when it was set once.
 */
export async function startSharedClock(deps: SharedClockDeps): Promise<SharedClock> {
  const { db, logger, machine, elapsedMs } = deps;
  let [setTo, setAtMs] = [machine.now(), elapsedMs()];
  let isSet = false;
  let isKnownToDiffer = false;
  const now = (): number => Math.round(setTo + elapsedMs() - setAtMs);

  async function compare(): Promise<void> {
    const askedAtMs = elapsedMs();
    const shown = await readDatabaseTime(db);
    const tripMs = elapsedMs() - askedAtMs;
    if (tripMs > maxTripMs && isSet) return;
    isSet = true;
    // it was read somewhere between question and answer
    [setTo, setAtMs] = [shown, askedAtMs + tripMs / 2];
    const offMs = machine.now() - now();
    const isOff = Math.abs(offMs) > worthTellingMs;
    if (isOff && !isKnownToDiffer) logger.warn('clock-differs-from-database', { offMs });
    isKnownToDiffer = isOff;
  }

  await compare();
  const timer = setInterval(() => {
    // the database is away: it goes on from where it stood
    compare().catch((error: unknown) => logger.warn('clock-not-compared', { cause: errorMessage(error) }));
  }, compareMs);
  timer.unref();
  return { clock: { now }, close: () => clearInterval(timer) };
}
