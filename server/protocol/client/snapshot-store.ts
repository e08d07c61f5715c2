/** A value with listeners, told at most once per microtask. */
export interface SnapshotStore<Value> {
  get(): Value;
  /** Replaces the value; the same object again tells nobody. */
  set(next: Value): void;
  /** Gives the way to stop. */
  subscribe(listener: () => void): () => void;
}

/** Holds what a screen shows. */
export function createSnapshotStore<Value>(initial: Value): SnapshotStore<Value> {
  let value = initial;
  let isTelling = false;
  const listeners = new Set<() => void>();

  function tell(): void {
    isTelling = false;
    for (const listener of [...listeners]) listener();
  }

  return {
    get: () => value,
    set(next) {
      if (next === value) return;
      value = next;
      if (isTelling) return;
      isTelling = true;
      queueMicrotask(tell);
    },
    subscribe(listener) {
      // wrapped, so that the same function may be registered twice and removed once
      const entry = () => listener();
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
  };
}
