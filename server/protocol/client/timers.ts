/** Named one-shot timers with one owner, so that none outlives it. */
export interface Timers<Name extends string> {
  /** Starts the timer anew. */
  set(name: Name, delayMs: number, action: () => void): void;
  clear(name: Name): void;
  clearAll(): void;
  has(name: Name): boolean;
}

export function createTimers<Name extends string>(): Timers<Name> {
  const running = new Map<Name, ReturnType<typeof setTimeout>>();

  function clear(name: Name): void {
    clearTimeout(running.get(name));
    running.delete(name);
  }

  return {
    set(name, delayMs, action) {
      clear(name);
      const timer = setTimeout(() => {
        running.delete(name);
        action();
      }, delayMs);
      running.set(name, timer);
    },
    clear,
    clearAll() {
      for (const name of [...running.keys()]) clear(name);
    },
    has: (name) => running.has(name),
  };
}
