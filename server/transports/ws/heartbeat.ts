/** Pings that may stay unanswered: the second goes out half a beat after the first, so that two beats are enough. */
const maxUnanswered = 2;
/** Parts of a beat; connections are spread over them, so that they are not all asked at the same moment. */
const slotCount = 50;

/** What a beat does to one connection. */
export interface Beating {
  /** Asks for a sign of life. */
  ping(): void;
  /** Nothing was heard for two beats. */
  dead(): void;
}

export interface Pulse {
  /** A sign of life. */
  heard(): void;
  stop(): void;
}

/** The heartbeat of all connections of a server, on one timer. */
export interface Heartbeat {
  readonly intervalMs: number;
  add(beating: Beating): Pulse;
  close(): void;
}

export function createHeartbeat(intervalMs: number): Heartbeat {
  const slots = Array.from({ length: slotCount }, () => new Set<Beat>());
  let at = 0;
  const timer = setInterval(() => {
    at = (at + 1) % slotCount;
    for (const beat of slots[at] ?? []) beat.pass();
    for (const beat of slots[(at + slotCount / 2) % slotCount] ?? []) beat.askAgain();
  }, intervalMs / slotCount);

  return {
    intervalMs,
    add(beating) {
      // the slot that is served last: a whole beat from now
      const slot = slots[at] ?? new Set();
      const beat = new Beat(beating, slot);
      slot.add(beat);
      return beat;
    },
    close: () => clearInterval(timer),
  };
}

class Beat implements Pulse {
  readonly #beating: Beating;
  readonly #slot: Set<Beat>;
  #unanswered = 0;

  constructor(beating: Beating, slot: Set<Beat>) {
    this.#beating = beating;
    this.#slot = slot;
  }

  pass(): void {
    if (this.#unanswered >= maxUnanswered) return this.#beating.dead();
    this.#unanswered = 1;
    this.#beating.ping();
  }

  /** Half a beat later: a line that has said nothing since is asked once more. */
  askAgain(): void {
    if (this.#unanswered !== 1) return;
    this.#unanswered = maxUnanswered;
    this.#beating.ping();
  }

  heard(): void {
    this.#unanswered = 0;
  }

  stop(): void {
    this.#slot.delete(this);
  }
}
