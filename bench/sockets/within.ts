/** The same promise with a limit of patience: a bench that waits for ever says nothing. Rejects with what was awaited. */
export function within<Value>(seconds: number, what: string, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const tooLate = (): void => reject(new Error(`Waited ${String(seconds)} s in vain for ${what}.`));
    const timer = setTimeout(tooLate, seconds * 1_000);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
