import { IDBFactory, IDBObjectStore, IDBTransaction } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBrowserOutbox } from './outbox.ts';
import type { OutboxEntry } from './types.ts';

const entry: OutboxEntry = {
  clientId: '01900000-0000-7000-8000-000000000001',
  conversationId: 'c1',
  kind: 'message',
  text: 'Hello',
  at: '2026-11-25T09:00:00.000Z',
};
const later: OutboxEntry = { ...entry, clientId: '01900000-0000-7000-8000-000000000002', text: 'And more' };

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('in a browser that keeps', () => {
  let browser: IDBFactory;
  beforeEach(() => {
    browser = new IDBFactory();
    vi.stubGlobal('indexedDB', browser);
  });

  const page = () => createBrowserOutbox('visitor-shop');
  const kept = () => page().load();

  /** Every connection that pages open from now on. */
  function watchConnections(): IDBDatabase[] {
    const connections: IDBDatabase[] = [];
    const open = browser.open.bind(browser);
    vi.spyOn(browser, 'open').mockImplementation((name, version) => {
      const request = open(name, version);
      request.addEventListener('success', () => connections.push(request.result));
      return request;
    });
    return connections;
  }

  it('is read by the next page, oldest first', async () => {
    const first = page();
    await first.put(later);
    await first.put(entry);
    expect(await kept()).toEqual([entry, later]);
    await first.remove(entry.clientId);
    expect(await kept()).toEqual([later]);
  });

  it('works where transactions cannot be committed by hand, as in Safari 14', async () => {
    const commit = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, 'commit') ?? {};
    Reflect.deleteProperty(IDBTransaction.prototype, 'commit');
    try {
      await page().put(entry);
      expect(await kept()).toEqual([entry]);
    } finally {
      Object.defineProperty(IDBTransaction.prototype, 'commit', commit);
    }
  });

  it('opens its storage again where the browser took the connection away', async () => {
    const connections = watchConnections();
    const outbox = page();
    await outbox.put(entry);
    for (const connection of connections) connection.close();
    await outbox.put(later);
    expect(connections).toHaveLength(2);
    expect(await kept()).toEqual([entry, later]);
  });

  it('holds up nobody who changes or deletes the storage, and keeps what comes after', async () => {
    const outbox = page();
    await outbox.put(entry);
    await new Promise((resolve, reject) => {
      const request = browser.deleteDatabase('deskbell-visitor-shop');
      request.onsuccess = resolve;
      request.onblocked = reject;
    });
    await outbox.put(later);
    expect(await kept()).toEqual([later]);
    expect(await outbox.load()).toEqual([entry, later]);
  });

  it('goes on in memory while the storage belongs to a newer version of this page', async () => {
    const outbox = page();
    await outbox.put(entry);
    const newer = browser.open('deskbell-visitor-shop', 2);
    await new Promise((resolve) => (newer.onsuccess = resolve));
    await outbox.put(later);
    expect(await outbox.load()).toEqual([entry, later]);
  });

  it('goes on in memory where nothing fits in any more, and tries again with the next', async () => {
    const outbox = page();
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    });
    await outbox.put(entry);
    expect(await outbox.load()).toEqual([entry]);
    put.mockRestore();
    await outbox.put(later);
    expect(await outbox.load()).toEqual([entry, later]);
    expect(await kept()).toEqual([later]);
  });

  it('tries once more when a transaction is aborted after its request was done', async () => {
    const { put } = IDBObjectStore.prototype;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(function (this: IDBObjectStore, value) {
      const request = put.call(this, value);
      request.addEventListener('success', () => this.transaction.abort());
      vi.spyOn(this.transaction, 'commit').mockImplementation(() => undefined);
      return request;
    });
    await page().put(entry);
    expect(await kept()).toEqual([entry]);
  });

  it('does not trust the shape of what it finds', async () => {
    const outbox = page();
    await outbox.put(entry);
    await outbox.put({ ...later, kind: JSON.parse('"something-new"') });
    expect(await kept()).toEqual([entry]);
  });
});

describe('in a browser that does not', () => {
  beforeEach(() => {
    vi.useFakeTimers();
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

  it.each([
    ['no IndexedDB at all', undefined],
    ['null, as old Safari has in private windows', null],
  ])('works in memory where there is %s', async (_what, value) => {
    vi.stubGlobal('indexedDB', value);
    const outbox = createBrowserOutbox('visitor-shop');
    await outbox.put(entry);
    expect(await outbox.load()).toEqual([entry]);
    await outbox.remove(entry.clientId);
    expect(await outbox.load()).toEqual([]);
  });
});
