/** What one call of `run` gives each entry: its result, or the error that is its own. */
export type Settled<Result> = { result: Result } | { error: unknown };

export interface GroupOptions<Entry, Result> {
  /** Handles entries together; gives one outcome per entry, in order. A rejection is every entry's. */
  run(entries: readonly Entry[]): Promise<readonly Settled<Result>[]>;
  /** Whether an entry may be handled together with those chosen already. */
  mayJoin(entry: Entry, chosen: readonly Entry[]): boolean;
  maxSize: number;
  /** Groups in hand at the same time. */
  atOnce: number;
}

interface Waiting<Entry, Result> {
  entry: Entry;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Handles entries in groups: those that come while others are in hand go together next. Nothing waits for company,
 * so that a single entry is handled at once.
 */
export function createGroups<Entry, Result>(
  options: GroupOptions<Entry, Result>,
): (entry: Entry) => Promise<Result> {
  const { run, mayJoin, maxSize, atOnce } = options;
  let waiting: Waiting<Entry, Result>[] = [];
  let busy = 0;

  function takeGroup(): Waiting<Entry, Result>[] {
    const group: Waiting<Entry, Result>[] = [];
    const left: Waiting<Entry, Result>[] = [];
    for (const each of waiting) {
      const chosen = group.map(({ entry }) => entry);
      const joins = group.length < maxSize && (group.length === 0 || mayJoin(each.entry, chosen));
      (joins ? group : left).push(each);
    }
    waiting = left;
    return group;
  }

  async function handle(group: readonly Waiting<Entry, Result>[]): Promise<void> {
    try {
      const outcomes = await run(group.map(({ entry }) => entry));
      for (const [index, { resolve, reject }] of group.entries()) {
        const outcome = outcomes[index];
        if (outcome === undefined) reject(new Error('A group gave fewer outcomes than it had entries.'));
        else if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.result);
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  function next(): void {
    while (busy < atOnce && waiting.length > 0) {
      busy += 1;
      void handle(takeGroup()).then(() => {
        busy -= 1;
        next();
      });
    }
  }

  return (entry) =>
    new Promise((resolve, reject) => {
      waiting.push({ entry, resolve, reject });
      // What is ready in the same turn goes together.
      queueMicrotask(next);
    });
}
