import { AsyncLocalStorage } from 'node:async_hooks';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeTempFolder } from '../../testing/process.ts';
import { createPgliteDatabase, type PgliteDatabase } from './pglite.ts';

const endless = 'select count(*) from generate_series(1, 1000000) a, generate_series(1, 1000000) b';
const countRow = z.object({ count: z.number() });

describe('the embedded database', () => {
  let temp: Awaited<ReturnType<typeof makeTempFolder>>;
  let db: PgliteDatabase;
  beforeAll(async () => {
    temp = await makeTempFolder();
    db = await createPgliteDatabase({ dataDir: path.join(temp.folder, 'database'), statementMs: 2000 });
    await db.execute('create table kept (id int)');
    await db.execute('create schema other; create table other.kept (id int)');
  });
  afterAll(async () => {
    await db.close();
    await temp.remove();
  });

  const count = async () => (await db.query('select count(*) as count from kept', [], countRow))[0]?.count;

  it('ends a statement that does not end, and goes on with what was committed', async () => {
    const heard: string[] = [];
    await db.listen('news', (payload) => heard.push(payload));
    await db.execute('insert into kept values (1)');
    const session = await db.acquireSession('other');
    session.release();
    const stuck = db.transaction(async (tx) => {
      await tx.execute('insert into kept values (2)');
      await tx.execute(endless);
    });
    const behind = count();
    await expect(stuck).rejects.toMatchObject({ code: 'unavailable' });
    expect(await behind).toBe(1);
    await db.execute(`select pg_notify('news', 'still heard')`);
    await expect.poll(() => heard).toEqual(['still heard']);
  });

  it('shows each caller its own schema', async () => {
    const session = await db.acquireSession('other');
    await session.script('insert into kept values (1), (2), (3)');
    session.release();
    await db.execute('delete from kept');
    expect(await count()).toBe(0);
    const again = await db.acquireSession('other');
    expect((await again.script('select id from kept')).rows).toHaveLength(3);
    again.release();
  });

  describe('a repeatable transaction in the background', () => {
    /** As a visitor's request does it, which is no part of the transaction that runs. */
    const outside = AsyncLocalStorage.snapshot();
    const look = () => outside(count);

    /** Writes a row, lets `meanwhile` ask for the session, and writes another. */
    function writeTwice(meanwhile: () => void, isRepeatable: boolean) {
      let tries = 0;
      const done = db.inBackground(() =>
        db.transaction(
          async (tx) => {
            tries += 1;
            await tx.execute('insert into kept values (10)');
            meanwhile();
            await tx.execute('insert into kept values (11)');
          },
          { isRepeatable },
        ),
      );
      return done.then(() => tries);
    }

    it('gives way to who is in a hurry, and is done again, whole and once', async () => {
      await db.execute('delete from kept');
      const seen: Promise<unknown>[] = [];
      const lookOnce = () => {
        if (seen.length === 0) seen.push(look());
      };
      expect(await writeTwice(lookOnce, true)).toBe(2);
      expect(await Promise.all(seen)).toEqual([0]);
      expect(await count()).toBe(2);
    });

    it('gets to its end although others never stop', async () => {
      await db.execute('delete from kept');
      const seen: Promise<unknown>[] = [];
      expect(await writeTwice(() => seen.push(look()), true)).toBe(4);
      expect(await Promise.all(seen)).toEqual([0, 0, 0, 2]);
      expect(await count()).toBe(2);
    });

    it('is done again, too, where it caught the error of the statement that was refused', async () => {
      await db.execute('delete from kept');
      let tries = 0;
      const seen: Promise<unknown>[] = [];
      const careless = db.inBackground(() =>
        db.transaction(
          async (tx) => {
            tries += 1;
            await tx.execute('insert into kept values (10)');
            if (tries === 1) seen.push(look());
            await tx.execute('insert into kept values (11)').catch(() => {});
          },
          { isRepeatable: true },
        ),
      );
      await careless;
      await Promise.all(seen);
      expect({ tries, rows: await count() }).toEqual({ tries: 2, rows: 2 });
    });

    it('is not touched where it may not be repeated', async () => {
      await db.execute('delete from kept');
      const seen: Promise<unknown>[] = [];
      expect(await writeTwice(() => seen.push(look()), false)).toBe(1);
      expect(await Promise.all(seen)).toEqual([2]);
    });
  });
});
