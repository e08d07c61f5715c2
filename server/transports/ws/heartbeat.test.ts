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
    const one = listener();
    return { ...one, pulse: heartbeat.add(one.beating) };
  });
  const before = all.map(({ seen }) => seen.pings);
  for (const { pulse } of all) pulse.heard();
  vi.advanceTimersByTime(25_000);
  expect(all.map(({ seen }, index) => seen.pings - (before[index] ?? 0))).toEqual(all.map(() => 1));
  heartbeat.close();
});

test('CON-8 who is silent for two beats is dead at the third, who is heard is not', () => {
  const heartbeat = createHeartbeat(25_000);
  const [silent, lively, gone] = [listener(), listener(), listener()];
  heartbeat.add(silent.beating);
  const pulse = heartbeat.add(lively.beating);
  heartbeat.add(gone.beating).stop();
  for (let beat = 0; beat < 3; beat += 1) {
    expect(silent.seen.deaths).toBe(0);
    vi.advanceTimersByTime(25_000);
    pulse.heard();
  }
  expect(silent.seen).toEqual({ pings: 2, deaths: 1 });
  expect(lively.seen).toEqual({ pings: 3, deaths: 0 });
  expect(gone.seen).toEqual({ pings: 0, deaths: 0 });
  heartbeat.close();
  vi.advanceTimersByTime(100_000);
  expect(lively.seen.pings).toBe(3);
});
