import { expect, it } from 'vitest';
import { ApiError } from '../api.ts';
import { createScriptedApi } from '../testing/scripted-api.ts';
import { IndexWatch } from './index-watch.svelte.ts';

const path = '/sites/demo/index';
const former = { embedder: 'builtin-1-384', dimensions: 384 };
const next = { embedder: 'openai:m:8', dimensions: 8 };
const building = (done: number) => ({
  live: former,
  build: {
    ...next,
    ...{ state: 'embedding', done, total: 10, perSecond: 2, secondsLeft: (10 - done) / 2 },
    ...{ ann: null, begunAt: null, reason: null, fix: null, retryAt: null },
  },
});

function open(...answers: unknown[]) {
  const api = createScriptedApi();
  api.answer(path, ...answers);
  const waits: (() => void)[] = [];
  const watch = new IndexWatch({
    api,
    siteId: 'demo',
    wait: (callback) => {
      waits.push(callback);
      return () => {};
    },
  });
  return { api, watch, waits };
}

it('looks once where there is nothing to build', async () => {
  const { watch, waits } = open({ live: former, build: null });
  await watch.watch();
  expect(watch.build).toBeNull();
  expect(watch.isSwapped).toBe(false);
  expect(waits).toHaveLength(0);
});

it('looks again until what is built is in use, and says so then', async () => {
  const { watch, waits } = open(building(2), building(8), { live: next, build: null });
  await watch.watch();
  expect([watch.build?.done, waits.length]).toEqual([2, 1]);
  await watch.watch();
  expect([watch.build?.done, waits.length]).toEqual([8, 2]);
  await watch.watch();
  expect([watch.build, watch.isSwapped, waits.length]).toEqual([null, true, 2]);
});

it('does not call it done where the build was given up', async () => {
  const { watch } = open(building(2), { live: former, build: null });
  await watch.watch();
  await watch.watch();
  expect(watch.isSwapped).toBe(false);
});

it('goes on looking through a failure of the connection, and stops when it is closed', async () => {
  const away = new ApiError({ code: 'offline', status: 0, message: 'No connection.' });
  const { watch, waits } = open(building(2), away);
  await watch.watch();
  await watch.watch();
  expect([watch.build?.done, waits.length]).toEqual([2, 2]);
  const late = watch.watch();
  watch.dispose();
  await late;
  expect(waits).toHaveLength(2);
});
