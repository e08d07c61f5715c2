/** Lets a bounded number of tasks run at the same time; the others wait in order. */
export interface Slots {
  run<Result>(task: () => Promise<Result>): Promise<Result>;
}

export function createSlots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let free = count;
  return {
    async run(task) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await task();
      } finally {
        const next = waiting.shift();
        // The slot goes to the next one without being free in between.
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}
