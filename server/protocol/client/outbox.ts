import type { OutboxEntry, OutboxStore } from './types.ts';

/** An outbox that lives as long as the page. */
export function createMemoryOutbox(): OutboxStore {
  const entries = new Map<string, OutboxEntry>();
  return {
    load: async () => [...entries.values()],
    async put(entry) {
      entries.set(entry.clientId, entry);
    },
    async remove(clientId) {
      entries.delete(clientId);
    },
  };
}

const storeName = 'outbox';

/**
 * An outbox in IndexedDB, which survives a reload and a closed browser. Where the browser denies storage
 * (private windows, blocked third-party data) it works in memory instead and nobody notices.
 * @param scope names the store; one for each site and kind of client.
 */
export function createBrowserOutbox(scope: string): OutboxStore {
  const memory = createMemoryOutbox();
  const opening = openDatabase(`deskbell-${scope}`);

  async function withStore<Result>(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result | undefined> {
    const database = await opening;
    if (database === null) return undefined;
    try {
      const transaction = database.transaction(storeName, mode);
      const request = work(transaction.objectStore(storeName));
      // at once: a transaction that commits by itself waits for this page, which may be reloaded before
      transaction.commit();
      return await settled(request);
    } catch {
      // storage was withdrawn while the page lives: the copy in memory carries on
      return undefined;
    }
  }

  return {
    async load() {
      const kept: unknown = await withStore('readonly', (store) => store.getAll());
      const entries = new Map((await memory.load()).map((entry) => [entry.clientId, entry]));
      for (const entry of Array.isArray(kept) ? kept : []) {
        if (isOutboxEntry(entry)) entries.set(entry.clientId, entry);
      }
      return [...entries.values()].sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
    },
    async put(entry) {
      await memory.put(entry);
      await withStore('readwrite', (store) => store.put(entry));
    },
    async remove(clientId) {
      await memory.remove(clientId);
      await withStore('readwrite', (store) => store.delete(clientId));
    },
  };
}

/** Some browsers never answer the first request for storage of a page; nobody waits longer for it. */
const openMs = 3000;

function openDatabase(name: string): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    const patience = setTimeout(() => resolve(null), openMs);
    const settle = (database: IDBDatabase | null) => {
      clearTimeout(patience);
      resolve(database);
    };
    try {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(storeName, { keyPath: 'clientId' });
      request.onsuccess = () => settle(request.result);
      request.onerror = () => settle(null);
      request.onblocked = () => settle(null);
    } catch {
      settle(null);
    }
  });
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser refused the storage request.'));
  });
}

/** What another version of this client left behind is not trusted to have the right shape. */
function isOutboxEntry(value: unknown): value is OutboxEntry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = new Map<string, unknown>(Object.entries(value));
  const hasTexts = ['clientId', 'conversationId', 'text', 'at'].every(
    (key) => typeof entry.get(key) === 'string',
  );
  if (!['undefined', 'number'].includes(typeof entry.get('seenSeq'))) return false;
  if (!['undefined', 'string'].includes(typeof entry.get('error'))) return false;
  return hasTexts && (entry.get('kind') === 'message' || entry.get('kind') === 'handoff-request');
}
