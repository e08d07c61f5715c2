import { errorMessage } from './errors.ts';
import type { Logger } from './ports.ts';

/** What must be closed, in the reverse order of opening. */
export interface Closers {
  add(name: string, close: () => Promise<void> | void): void;
  /** Closes everything once; a part that fails is logged and does not keep the others open. */
  closeAll(): Promise<void>;
}

/** An empty list of things to close. */
export function createClosers(logger: Logger): Closers {
  const entries: { name: string; close: () => Promise<void> | void }[] = [];
  let closing: Promise<void> | null = null;

  async function run(): Promise<void> {
    for (let entry = entries.pop(); entry !== undefined; entry = entries.pop()) {
      try {
        await entry.close();
      } catch (error) {
        logger.error('close-failed', { part: entry.name, reason: errorMessage(error) });
      }
    }
  }

  return {
    add(name, close) {
      entries.push({ name, close });
    },
    closeAll() {
      closing ??= run();
      return closing;
    },
  };
}
