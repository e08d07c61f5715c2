const idleMs = 3000;
const repeatMs = 2000;

/** Turns key strokes into "is typing" and, after 3 s without one, "is not"; repeats it while it lasts. */
export class TypingSignal {
  readonly #report: (isTyping: boolean) => void;
  readonly #now: () => number;
  #reportedAt: number | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(report: (isTyping: boolean) => void, now: () => number = Date.now) {
    this.#report = report;
    this.#now = now;
  }

  /** A key was struck. */
  touch(): void {
    const now = this.#now();
    if (this.#reportedAt === null || now - this.#reportedAt >= repeatMs) {
      this.#reportedAt = now;
      this.#report(true);
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), idleMs);
  }

  /** The text was sent, emptied or left. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#reportedAt === null) return;
    this.#reportedAt = null;
    this.#report(false);
  }
}
