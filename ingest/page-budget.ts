/** Lets a crawl read so many pages and no more. What turns out to be no page (an error, a redirect) is given back. */
export interface PageBudget {
  /** Takes a place; false when all are used up for good. Waits while it depends on pages in hand. */
  take(): Promise<boolean>;
  /** Says whether a place that was taken was used. Each `take` that gave true needs one. */
  settle(wasUsed: boolean): void;
}

export function createPageBudget(limit: number, used: number): PageBudget {
  let spent = used;
  let inHand = 0;
  let waiting: (() => void)[] = [];
  return {
    async take() {
      while (spent < limit && spent + inHand >= limit) {
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      if (spent >= limit) return false;
      inHand += 1;
      return true;
    },
    settle(wasUsed) {
      inHand -= 1;
      if (wasUsed) spent += 1;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
  };
}
