/** Lets one holder in at a time, in the order of asking. */
export interface Mutex {
  /** Resolves with the release function once it is the caller's turn; releasing twice is harmless. */
  acquire(): Promise<() => void>;
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** A first-come-first-served lock for one process. */
export function createMutex(): Mutex {
  let tail: Promise<void> = Promise.resolve();

  async function acquire(): Promise<() => void> {
    const before = tail;
    let release = (): void => {};
    tail = new Promise((resolve) => (release = resolve));
    await before;
    return release;
  }

  return {
    acquire,
    async run(work) {
      const release = await acquire();
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}
