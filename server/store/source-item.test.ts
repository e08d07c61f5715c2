import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '../ports.ts';
import { createTestDatabase } from '../testing/database.ts';
import { addItems } from './source-item.ts';

let db: Database;
let sourceId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  await db.execute(`insert into site (id, name) values ('shop', 'Shop')`);
});
beforeEach(async () => {
  sourceId = randomUUID();
  await db.execute(
    `insert into source (id, site_id, type, name, state) values ($1, 'shop', 'website', 'Site', 'running')`,
    [sourceId],
  );
});
afterAll(() => db.close());

const add = (run: number, locators: readonly string[]) =>
  addItems(
    db,
    sourceId,
    run,
    locators.map((locator) => ({ locator })),
  );

/** Rows in the order of their ids, with what locked or changed them last. */
const rows = () =>
  db.query(
    `select locator, run, xmax::text as "lockedBy" from source_item where source_id = $1 order by id`,
    [sourceId],
    z.object({ locator: z.string(), run: z.number(), lockedBy: z.string() }),
  );

describe('adding items to a run', () => {
  it('leaves those of the same run as they are, and does not lock them', async () => {
    await add(1, ['/a']);
    expect(await add(1, ['/b', '/a'])).toHaveLength(1);
    expect(await rows()).toEqual([
      { locator: '/a', run: 1, lockedBy: '0' },
      { locator: '/b', run: 1, lockedBy: '0' },
    ]);
  });

  it('goes by the locators, whatever order pages name them in, so that no two wait for each other', async () => {
    await add(1, ['/c', '/a', '/b']);
    expect((await rows()).map(({ locator }) => locator)).toEqual(['/a', '/b', '/c']);
  });

  it('takes up those of an earlier run', async () => {
    const [id] = await add(1, ['/a']);
    expect(await add(2, ['/a'])).toEqual([id]);
    expect((await rows()).map(({ run }) => run)).toEqual([2]);
  });
});
