import type { Database } from '../server/ports.ts';
import type { Servers } from './chaos/servers.ts';
import { prepare } from './sockets/ground.ts';

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

/** The exit code of a bench whose promises did not hold. */
export const promiseBroken = 3;

/** Runs a bench on servers of its own, stops them, and ends the process: with 0, `promiseBroken`, or 1 after an error. */
export async function keepPromises(
  servers: Servers,
  work: (db: Database, expectations: Expectations) => Promise<void>,
): Promise<never> {
  const db = await prepare(servers.databaseUrl);
  const expectations = createExpectations();
  try {
    await work(db, expectations);
    process.exitCode = expectations.allHeld() ? 0 : promiseBroken;
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    await db.close();
    servers.stop();
  }
  process.exit();
}
