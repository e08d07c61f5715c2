import { describe, expect, it, vi } from 'vitest';
import type { Database } from './ports.ts';
import { createReadiness } from './readiness.ts';

function databaseThat(answer: () => Promise<never[]>): Database {
  return {
    kind: 'postgres',
    inBackground: (work) => work(),
    query: vi.fn(answer),
    execute: async () => 0,
    transaction: () => Promise.reject(new Error('not asked for')),
    listen: async () => async () => {},
    close: async () => {},
  };
}

describe('createReadiness', () => {
  it('is ready when the database answers', async () => {
    const readiness = createReadiness(databaseThat(async () => []));
    expect(await readiness()).toEqual({
      isReady: true,
      checks: { database: { ok: true, detail: 'postgres' } },
    });
  });

  it('is not ready when the database refuses, and says why', async () => {
    const readiness = createReadiness(databaseThat(() => Promise.reject(new Error('refused'))));
    expect(await readiness()).toMatchObject({ isReady: false, checks: { database: { detail: 'refused' } } });
  });

  it('is not ready when the database is silent for 2 s, and asks it once for all who want to know', async () => {
    vi.useFakeTimers();
    const database = databaseThat(() => new Promise(() => {}));
    const readiness = createReadiness(database);
    const asked = [readiness(), readiness(), readiness()];
    await vi.advanceTimersByTimeAsync(2000);
    for (const answer of await Promise.all(asked)) expect(answer.isReady).toBe(false);
    expect(database.query).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
  });
});
