import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHeartbeat } from './heartbeat.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function listener() {
  const seen = { pings: 0, deaths: 0 };
  return { seen, beating: { ping: () => (seen.pings += 1), dead: () => (seen.deaths += 1) } };
}

test('CON-8 each connection is pinged once a beat, whenever it came', () => {
  const heartbeat = createHeartbeat(25_000);
  const all = Array.from({ length: 60 }, () => {
    vi.advanceTimersByTime(1_000);
    const seen = { pings: 0 };
    const pulse = heartbeat.add({ ping: answer, dead: () => {} });
    function answer(): void {
      seen.pings += 1;
      pulse.heard();
    }
    return seen;
  });
  const before = all.map(({ pings }) => pings);
  vi.advanceTimersByTime(25_000);
  expect(all.map(({ pings }, index) => pings - (before[index] ?? 0))).toEqual(all.map(() => 1));
  heartbeat.close();
});

test('CON-8 A8 who answers none of two pings is dead after two beats, who is heard is not', () => {
  const heartbeat = createHeartbeat(25_000);
  const [silent, lively, gone] = [listener(), listener(), listener()];
  heartbeat.add(silent.beating);
  const pulse = heartbeat.add(lively.beating);
  heartbeat.add(gone.beating).stop();
  vi.advanceTimersByTime(25_000);
  pulse.heard();
  vi.advanceTimersByTime(24_900);
  expect(silent.seen).toEqual({ pings: 2, deaths: 0 });
  vi.advanceTimersByTime(100);
  pulse.heard();
  expect(silent.seen).toEqual({ pings: 2, deaths: 1 });
  vi.advanceTimersByTime(25_000);
  expect(lively.seen).toEqual({ pings: 3, deaths: 0 });
  expect(gone.seen).toEqual({ pings: 0, deaths: 0 });
  heartbeat.close();
  vi.advanceTimersByTime(100_000);
  expect(lively.seen.pings).toBe(3);
});
