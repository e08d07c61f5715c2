export interface BatcherOptions<Key, Value> {
  /** One answer for each key, in order. */
  load: (keys: readonly Key[]) => Promise<readonly Value[]>;
  maxBatch: number;
  /** Loads under way at the same time. */
  parallel: number;
}

interface Asked<Key, Value> {
  key: Key;
  answer: (value: Value) => void;
  fail: (error: unknown) => void;
}

/**
 * Asks for many things at once that are wanted one by one. Nobody waits for company: what is asked for while other
 * loads are under way goes with the next one, so batches grow with the load and a single question costs no more
 * than before. A load begins after each of its questions was asked.
 */
export function createBatcher<Key, Value>({ load, maxBatch, parallel }: BatcherOptions<Key, Value>) {
  let waiting: Asked<Key, Value>[] = [];
  let running = 0;
  let isScheduled = false;

  async function run(batch: readonly Asked<Key, Value>[]): Promise<void> {
    try {
      const values = await load(batch.map(({ key }) => key));
      for (const [index, value] of values.entries()) batch[index]?.answer(value);
    } catch (error) {
      for (const { fail } of batch) fail(error);
    }
  }

  function begin(): void {
    isScheduled = false;
    while (waiting.length > 0 && running < parallel) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      running += 1;
      void run(batch).finally(() => {
        running -= 1;
        begin();
      });
    }
  }

  return (key: Key): Promise<Value> =>
    new Promise((answer, fail) => {
      waiting.push({ key, answer, fail });
      if (isScheduled || running >= parallel) return;
      isScheduled = true;
      // whoever asks in the same turn of the event loop goes along
      setImmediate(begin);
    });
}
