import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../server/ports.ts';
import { createTestDatabase } from '../../server/testing/database.ts';
import { addSite, createSocketStack } from '../../server/testing/socket-stack.ts';
import type { SocketStack } from '../../server/testing/socket-stack.ts';
import type { Carrier } from './cuts.ts';
import { cutStackOptions, runCuts } from './cuts.ts';

let database: Database;
let stack: SocketStack;

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  stack = await createSocketStack(database, cutStackOptions);
});
afterAll(async () => {
  await stack?.close();
  await database?.close();
});

/** `npm run bench -- cuts` takes every offset. */
const stride = 61;

test.each<Carrier>(['websocket', 'stream'])(
  'H1 MSG-2 a line over %s that is cut at any byte loses nothing and doubles nothing',
  async (carrier) => {
    const result = await runCuts({ database, stack, carrier, stride, lanes: 4 });
    expect(result.faults).toEqual([]);
    expect(result.cuts).toBeGreaterThan(20);
  },
  120_000,
);
