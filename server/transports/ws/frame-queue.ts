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
  return new Queue(failed);
}

class Queue implements FrameQueue {
  readonly #failed: (error: unknown) => void;
  readonly #waiting: (() => Promise<void>)[] = [];
  #isRunning = false;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  push(work: () => Promise<void>): boolean {
    if (this.#waiting.length >= maxWaiting) return false;
    this.#waiting.push(work);
    if (!this.#isRunning) void this.#run();
    return true;
  }

  close(): void {
    this.#waiting.length = 0;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let work = this.#waiting.shift(); work !== undefined; work = this.#waiting.shift()) {
      try {
        await work();
      } catch (error) {
        this.#failed(error);
      }
    }
    this.#isRunning = false;
  }
}
