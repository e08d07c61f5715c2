import type { Actor } from './actors.ts';

/** How long clients were without their connection, milliseconds. */
export interface Outages {
  count: number;
  medianMs: number;
  p95Ms: number;
  maxMs: number;
}

const lookMs = 10;

/** Looks at all clients from now on; `end` tells how long each was away, every time, until it was welcomed again. */
export function watchOutages(actors: readonly Actor[]): { end: () => Outages } {
  const since = new Map<Actor, number>();
  const times: number[] = [];
  const timer = setInterval(() => {
    const now = performance.now();
    for (const actor of actors) {
      const from = since.get(actor);
      if (!actor.isOnline()) since.set(actor, from ?? now);
      else if (from !== undefined) {
        times.push(now - from);
        since.delete(actor);
      }
    }
  }, lookMs);
  return {
    end() {
      clearInterval(timer);
      times.sort((a, b) => a - b);
      const at = (share: number): number => Math.round(times[Math.ceil(times.length * share) - 1] ?? 0);
      return { count: times.length, medianMs: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
    },
  };
}
