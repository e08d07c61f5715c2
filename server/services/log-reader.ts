import { AppError } from '../errors.ts';
import type { Queryable } from '../ports.ts';
import type { ConversationEvent } from '../protocol/entities.ts';
import { listEvents } from '../store/event.ts';
import { createSlots } from './slots.ts';

/** Reads at the same time: a part of the pool, so that whoever writes a message never waits behind logs. */
const atOnce = 3;
/** Whoever waits longer is told to ask again. */
const patienceMs = 10_000;

export type LogRange = Parameters<typeof listEvents>[1];
/** @throws AppError `unavailable`. */
export type LogReader = (range: LogRange) => Promise<ConversationEvent[]>;

/** Reads logs, a few at a time, in order of asking: many who ask for long ones keep each other waiting, nobody else. */
export function createLogReader(db: Queryable): LogReader {
  const slots = createSlots(atOnce);
  return async (range) => {
    const patience = AbortSignal.timeout(patienceMs);
    let isBegun = false;
    try {
      return await slots.run(patience, () => {
        isBegun = true;
        return listEvents(db, range);
      });
    } catch (error) {
      if (isBegun || !patience.aborted) throw error;
      throw new AppError('unavailable', 'Too many ask for their conversations now.', { cause: error });
    }
  };
}
