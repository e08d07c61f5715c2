import { AppError } from '../errors.ts';
import type { Queryable } from '../ports.ts';
import type { ConversationEvent } from '../protocol/entities.ts';
import { listEventPage } from '../store/event.ts';
import type { EventRange } from '../store/event.ts';
import { createSlots } from './slots.ts';

/** Reads at the same time: a part of the pool, so that whoever writes a message never waits behind logs. */
const atOnce = 3;
/** Whoever waits longer is told to ask again. */
const patienceMs = 10_000;
/** Of a log at a time: half of what a connection may have waiting, so that no honest reader's own log cuts it off. */
const pageBytes = 512 * 1024;
/**
 * The pace of one place, bytes a millisecond: parsing, writing out and collecting a log takes some 10 ns a byte of the
 * only thread there is, in pauses that others feel; all places together take a tenth of it at most.
 */
const placeBytesPerMs = 2_700;

/** @throws AppError `unavailable`. */
export type LogReader = (range: EventRange) => Promise<ConversationEvent[]>;

/**
 * Reads logs, a page of each, a few at a time and not too fast, in order of asking: many who ask for long ones keep
 * each other waiting, nobody else.
 */
export function createLogReader(db: Queryable, rest = pause): LogReader {
  const places = createSlots(atOnce);
  return (range) =>
    new Promise((resolve, reject) => {
      const patience = AbortSignal.timeout(patienceMs);
      let isBegun = false;
      const read = async (): Promise<void> => {
        isBegun = true;
        const page = await listEventPage(db, { ...range, maxBytes: pageBytes });
        resolve(page.events);
        await rest(page.bytes / placeBytesPerMs);
      };
      places.run(patience, read).catch((error: unknown) => {
        if (isBegun || !patience.aborted) return reject(error);
        reject(new AppError('unavailable', 'Too many ask for their conversations now.', { cause: error }));
      });
    });
}

/** Less than a millisecond is none: short logs follow each other at once. */
function pause(ms: number): Promise<void> {
  return ms < 1 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
