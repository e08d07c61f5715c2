import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createBrowserOutbox } from './outbox.ts';
import type { OutboxEntry } from './types.ts';

const entry: OutboxEntry = {
  clientId: '01900000-0000-7000-8000-000000000001',
  conversationId: 'c1',
  kind: 'message',
  text: 'Hello',
  at: '2026-11-25T09:00:00.000Z',
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('goes on in memory where storage never answers', async () => {
  vi.stubGlobal('indexedDB', { open: () => ({}) });
  const outbox = createBrowserOutbox('visitor-shop');
  const kept = outbox.put(entry).then(() => outbox.load());
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await Promise.race([kept, Promise.resolve('still waiting')])).toEqual([entry]);
});

it('leaves no timer behind where storage is denied at once', async () => {
  const open = () => {
    throw new Error('Storage is denied.');
  };
  vi.stubGlobal('indexedDB', { open });
  const outbox = createBrowserOutbox('visitor-shop');
  await outbox.put(entry);
  expect(await outbox.load()).toEqual([entry]);
  expect(vi.getTimerCount()).toBe(0);
});
