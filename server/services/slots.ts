import { AppError } from '../errors.ts';

/** A limited number of places; who finds none waits in line, and the line is limited too. */
export interface Slots {
  /**
   * Runs `work` as soon as there is a place; a signal aborted before that rejects with its reason.
   * @throws AppError `unavailable` when the line is full.
   */
  run<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
}

export function createSlots(count: number, maxWaiting = Infinity): Slots {
  let free = count;
  const line: (() => void)[] = [];

  async function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (free > 0) {
      free -= 1;
      return;
    }
    if (line.length >= maxWaiting) throw new AppError('unavailable', 'Too many wait for this already.');
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        const place = line.indexOf(called);
        if (place >= 0) line.splice(place, 1);
        reject(new Error('Nobody waits for this any more.', { cause: signal.reason }));
      };
      const called = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      line.push(called);
    });
  }

  function exit(): void {
    const next = line.shift();
    if (next === undefined) free += 1;
    else next();
  }

  return {
    async run(signal, work) {
      await enter(signal);
      try {
        return await work();
      } finally {
        exit();
      }
    },
  };
}
