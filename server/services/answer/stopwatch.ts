import type { Clock } from '../../ports.ts';

/** Milliseconds per step of one answer; a step that runs twice adds up. */
export interface Stopwatch {
  /** Ends the current step and begins `step`. */
  begin(step: string): void;
  /** Counts `ms` of the current step as a step of its own. */
  carve(step: string, ms: number): void;
  /** Ends the current step. Gives all steps and `total`. */
  end(): Record<string, number>;
  /** Notes a moment since the beginning, once. */
  mark(name: string): void;
}

export function createStopwatch(clock: Clock): Stopwatch {
  const startedAt = clock.now();
  const times = new Map<string, number>();
  let current: { step: string; since: number } | null = null;
  const add = (step: string, ms: number) => times.set(step, (times.get(step) ?? 0) + ms);
  const close = () => {
    if (current === null) return;
    add(current.step, clock.now() - current.since);
    current = null;
  };
  return {
    begin(step) {
      close();
      current = { step, since: clock.now() };
    },
    carve(step, ms) {
      if (current !== null) add(current.step, -ms);
      add(step, ms);
    },
    mark(name) {
      if (!times.has(name)) times.set(name, clock.now() - startedAt);
    },
    end() {
      close();
      times.set('total', clock.now() - startedAt);
      return Object.fromEntries(times);
    },
  };
}
