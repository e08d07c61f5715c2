/** Lets one holder in at a time: who is in a hurry in the order of asking, the patient when it is quiet. */
export interface Mutex {
  /** Resolves with the release function once it is the caller's turn; releasing twice is harmless. */
  acquire(isPatient?: boolean): Promise<() => void>;
  /** Whether somebody in a hurry waits for the holder. */
  isAwaited(): boolean;
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** For how long the patient stay out after somebody in a hurry: the next statement of an answer follows soon. */
const quietMs = 15;
/** Who has waited for this long is let in whatever goes on, so that nobody starves. */
const patienceMs = 250;

interface Waiting {
  since: number;
  enter(): void;
}

/** A lock for one process. */
export function createMutex(now: () => number = () => performance.now()): Mutex {
  const hurried: Waiting[] = [];
  const patient: Waiting[] = [];
  let isHeld = false;
  let lastHurried = -Infinity;
  let timer: NodeJS.Timeout | null = null;

  /** How long the first of the patient still has to wait. */
  function patientDelay(): number {
    const [first] = patient;
    if (first === undefined) return Infinity;
    const untilPatienceEnds = first.since + patienceMs - now();
    const untilQuiet = hurried.length > 0 ? Infinity : lastHurried + quietMs - now();
    return Math.min(untilPatienceEnds, untilQuiet);
  }

  function letIn(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (isHeld) return;
    const delay = patientDelay();
    const next = delay <= 0 ? patient.shift() : hurried.shift();
    if (next !== undefined) {
      isHeld = true;
      next.enter();
    } else if (delay < Infinity) timer = setTimeout(letIn, Math.ceil(delay));
  }

  function acquire(isPatient = false): Promise<() => void> {
    return new Promise((resolve) => {
      let isReleased = false;
      const release = (): void => {
        if (isReleased) return;
        isReleased = true;
        isHeld = false;
        if (!isPatient) lastHurried = now();
        letIn();
      };
      (isPatient ? patient : hurried).push({ since: now(), enter: () => resolve(release) });
      letIn();
    });
  }

  return {
    acquire,
    isAwaited: () => hurried.length > 0,
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
