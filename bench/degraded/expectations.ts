/** What a bench promises; what does not hold is printed and makes it fail. */
export interface Expectations {
  /** Prints the row; each of `promises` must be true. */
  report(name: string, row: object, promises: Readonly<Record<string, boolean>>): void;
  /** True when all promises held. */
  allHeld(): boolean;
}

export function createExpectations(): Expectations {
  let broken = 0;
  return {
    report(name, row, promises) {
      console.log(name, JSON.stringify(row));
      for (const [promise, isKept] of Object.entries(promises)) {
        if (isKept) continue;
        broken += 1;
        console.log(`  NOT KEPT: ${promise}`);
      }
    },
    allHeld: () => broken === 0,
  };
}
