/** Keeps what is used, up to a number of bytes: what was asked for since it came up for removal stays once more. */
export interface ByteCache<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value, bytes: number): void;
  readonly bytes: number;
}

/** What an entry costs beside its value: the key, the map's slot, the object around it. */
const entryOverhead = 120;
/** Entries that one call spares at most, so that none goes through the whole cache. */
const mostSpared = 64;

export function createByteCache<Value>(maxBytes: number): ByteCache<Value> {
  const entries = new Map<string, { value: Value; bytes: number; isUsed: boolean }>();
  let total = 0;

  function drop(key: string): void {
    const entry = entries.get(key);
    if (entry === undefined) return;
    total -= entry.bytes;
    entries.delete(key);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      // a mark costs a search less than a new place would: it asks a thousand times
      entry.isUsed = true;
      return entry.value;
    },
    set(key, value, bytes) {
      drop(key);
      const size = bytes + entryOverhead;
      if (size > maxBytes) return;
      let spared = 0;
      for (const [oldest, entry] of entries) {
        if (total + size <= maxBytes) break;
        if (entry.isUsed && spared < mostSpared) {
          spared += 1;
          entry.isUsed = false;
          entries.delete(oldest);
          entries.set(oldest, entry);
        } else drop(oldest);
      }
      entries.set(key, { value, bytes: size, isUsed: false });
      total += size;
    },
    get bytes() {
      return total;
    },
  };
}
