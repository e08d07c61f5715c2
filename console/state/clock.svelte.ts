/** The present moment for waits and relative times, once a second; still while the page is hidden. */
export class Clock {
  nowMs = $state(Date.now());
  #timer: ReturnType<typeof setInterval> | null = null;

  start(): void {
    this.#timer ??= setInterval(() => {
      if (document.visibilityState === 'visible') this.nowMs = Date.now();
    }, 1000);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
