/** Gathers the pieces of a stream, so that a fast model costs frames by time and not by token. */
export interface DeltaWindow {
  /** Shows the piece at once where nothing was shown for the length of the window, else with those that follow. */
  add(text: string): void;
  /** Shows what waits. */
  flush(): void;
  /** Forgets what waits; nothing is shown any more. */
  discard(): void;
}

/** `show` gets the gathered text and its place in the whole, in UTF-16 code units. */
export function createDeltaWindow(
  windowMs: number,
  show: (offset: number, text: string) => void,
): DeltaWindow {
  let offset = 0;
  let waiting = '';
  let timer: NodeJS.Timeout | null = null;

  function flush(): void {
    if (waiting === '') return;
    const text = waiting;
    waiting = '';
    show(offset, text);
    offset += text.length;
  }

  /** The window is over: what has gathered opens the next one. */
  function turn(): void {
    timer = null;
    if (waiting === '') return;
    flush();
    timer = setTimeout(turn, windowMs);
  }

  function stop(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  return {
    add(text) {
      waiting += text;
      if (timer !== null) return;
      flush();
      timer = setTimeout(turn, windowMs);
    },
    flush() {
      stop();
      flush();
    },
    discard() {
      stop();
      waiting = '';
    },
  };
}
