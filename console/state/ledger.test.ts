import { describe, expect, it } from 'vitest';
import type { SourceDetail, SourceItem } from '../../server/protocol/http-knowledge.ts';
import { ApiError } from '../api.ts';
import { createScriptedApi } from '../testing/scripted-api.ts';
import { fakeUuid } from '../testing/summary.ts';
import { Ledger } from './ledger.svelte.ts';

const item = (index: number, state: SourceItem['state']): SourceItem => ({
  id: `page-${index}`,
  url: null,
  state,
  reason: null,
  title: null,
  passageCount: null,
  updatedAt: '2026-03-10T11:00:00.000Z',
});
const detail = (given: Partial<SourceDetail>): SourceDetail => ({
  id: fakeUuid(1),
  siteId: 'demo',
  type: 'website',
  name: 'Help',
  url: 'https://shop.example/',
  state: 'running',
  reason: null,
  counts: {},
  createdAt: '2026-03-10T11:00:00.000Z',
  startedAt: '2026-03-10T11:00:00.000Z',
  finishedAt: null,
  items: [],
  next: null,
  ...given,
});

const path = `/sites/demo/sources/${fakeUuid(1)}?limit=200`;
const watch = () => {
  const api = createScriptedApi();
  const waits: { callback: () => void; ms: number }[] = [];
  const ledger = new Ledger({
    api,
    siteId: 'demo',
    sourceId: fakeUuid(1),
    wait: (callback, ms) => {
      waits.push({ callback, ms });
      return () => {};
    },
  });
  return { api, ledger, waits };
};

describe('Ledger', () => {
  it('asks again each second while the source is read, and stops at its end', async () => {
    const { api, ledger, waits } = watch();
    api.answer(path, detail({}), detail({ state: 'done' }));
    await ledger.load();
    expect(waits.map(({ ms }) => ms)).toEqual([1000]);
    await ledger.load();
    expect(waits).toHaveLength(1);
    expect(ledger.source?.state).toBe('done');
  });

  it('tells the pace that the server counts, from the first look on, and none at the end', async () => {
    const { api, ledger } = watch();
    const counts = { total: 30, found: 20, indexed: 10 };
    api.answer(
      path,
      detail({ counts, perSecond: 2 }),
      detail({ counts, perSecond: 0 }),
      detail({ counts, state: 'done', perSecond: null }),
    );
    await ledger.load();
    expect(ledger.pace).toEqual({ perSecond: 2, leftMs: 10_000 });
    await ledger.load();
    expect(ledger.pace).toBeNull();
    await ledger.load();
    expect(ledger.pace).toBeNull();
  });

  it('keeps the screen when a refresh fails, and tries again later', async () => {
    const { api, ledger, waits } = watch();
    const lost = new ApiError({ code: 'offline', status: 0, message: 'The server cannot be reached.' });
    api.answer(path, detail({ items: [item(1, 'indexed')] }), lost);
    await ledger.load();
    await ledger.load();
    expect(ledger.state.status).toBe('ready');
    expect(ledger.items).toHaveLength(1);
    expect(waits.at(-1)?.ms).toBe(5000);
  });

  it('says why when nothing could be loaded at all', async () => {
    const { api, ledger } = watch();
    api.answer(path, new ApiError({ code: 'not-found', status: 404, message: 'Gone.', fix: 'Go back.' }));
    await ledger.load();
    expect(ledger.state).toEqual({ status: 'failed', message: 'Gone.', fix: 'Go back.' });
  });

  it('loads further pages, and all shown pages again on refresh', async () => {
    const { api, ledger } = watch();
    api.answer(path, detail({ items: [item(1, 'indexed')], next: '1' }));
    api.answer(`${path}&after=1`, detail({ items: [item(2, 'failed')] }));
    await ledger.load();
    expect(ledger.hasMore).toBe(true);
    await ledger.loadMore();
    expect(ledger.items.map(({ id }) => id)).toEqual(['page-1', 'page-2']);
    expect(ledger.hasMore).toBe(false);
    await ledger.load();
    expect(ledger.items).toHaveLength(2);
  });

  it('asks the server for the rows of one kind, and lets an older answer go', async () => {
    const { api, ledger } = watch();
    api.answer(path, detail({ items: [item(1, 'indexed')] }));
    api.answer(`${path}&show=ocr`, detail({ items: [item(7, 'indexed')] }));
    const all = ledger.load();
    const scans = ledger.show('ocr');
    await Promise.all([all, scans]);
    expect(ledger.items.map(({ id }) => id)).toEqual(['page-7']);
    await ledger.show(null);
    expect(ledger.items.map(({ id }) => id)).toEqual(['page-1']);
  });

  it('does nothing after it was left', async () => {
    const { api, ledger, waits } = watch();
    api.answer(path, detail({}));
    const loading = ledger.load();
    ledger.dispose();
    await loading;
    expect(ledger.state.status).toBe('loading');
    expect(waits).toHaveLength(0);
  });
});
