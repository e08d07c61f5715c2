/** Frames of one connection that may wait for their turn. */
const maxWaiting = 100;

/** Handles frames one after the other, in order of arrival. */
export interface FrameQueue {
  /** False when too many wait already. */
  push(work: () => Promise<void>): boolean;
  /** Nothing that still waits is handled. */
  close(): void;
}

/** `failed` gets what a handler throws; handlers are expected to answer their own errors. */
export function createFrameQueue(failed: (error: unknown) => void): FrameQueue {
  const waiting: (() => Promise<void>)[] = [];
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) {
      try {
        await work();
      } catch (error) {
        failed(error);
      }
    }
    isRunning = false;
  }

  return {
    push(work) {
      if (waiting.length >= maxWaiting) return false;
      waiting.push(work);
      if (!isRunning) void run();
      return true;
    },
    close() {
      waiting.length = 0;
    },
  };
}
