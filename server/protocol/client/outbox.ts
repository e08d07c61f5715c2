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
 * (private windows, blocked third-party data), has none left or takes it away, it works in memory instead and
 * nobody notices.
 * @param scope names the store; one for each site and kind of client.
 */
export function createBrowserOutbox(scope: string): OutboxStore {
  const memory = createMemoryOutbox();
  const open = () => openDatabase(`deskbell-${scope}`);
  let opening = open();

  async function withStore<Result>(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => IDBRequest<Result>,
    isAgain = false,
  ): Promise<Result | undefined> {
    const used = opening;
    const database = await used;
    try {
      return database === null ? undefined : await settled(database, mode, work);
    } catch {
      // the connection may be what broke: phones take it from pages in the background, a newer page closes it
      database?.close();
      if (opening === used) opening = open();
      return isAgain ? undefined : withStore(mode, work, true);
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
    const patience = setTimeout(() => settle(null), openMs);
    const settle = (database: IDBDatabase | null) => {
      clearTimeout(patience);
      resolve(database);
    };
    try {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(storeName, { keyPath: 'clientId' });
      request.onsuccess = () => {
        const database = request.result;
        // whoever wants to change or delete it does not wait for this page; what follows opens it again
        database.onversionchange = () => database.close();
        settle(database);
      };
      request.onerror = () => settle(null);
    } catch {
      settle(null);
    }
  });
}

/** Resolves when it is kept, not when it is only asked for: a full disk is noticed at the end. */
function settled<Result>(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(storeName, mode);
    const request = work(transaction.objectStore(storeName));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = reject;
    // at once, where the browser can: one that commits by itself waits for this page, which may be reloaded before
    if ('commit' in transaction) transaction.commit();
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
