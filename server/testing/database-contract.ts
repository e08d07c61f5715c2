import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { sqlState } from '../errors.ts';
import type { Database, SqlValue } from '../ports.ts';

const idRow = z.object({ id: z.string() });
const countRow = z.object({ count: z.number() });

async function countSites(db: Pick<Database, 'query'>): Promise<number> {
  const [row] = await db.query('select count(*) as count from site', [], countRow);
  return row?.count ?? Number.NaN;
}

const insertSite = 'insert into site (id, name) values ($1, $2)';

function describeValues(db: () => Database): void {
  const cases: [string, string, SqlValue, unknown][] = [
    ['int8 as number', '$1::int8', 9_007_199_254_740_991, 9_007_199_254_740_991],
    ['numeric as number', '$1::numeric', 1.5, 1.5],
    ['float as number', '$1::float8', -0.25, -0.25],
    ['text as it is', '$1::text', `"a' \\ ü 🙂`, `"a' \\ ü 🙂`],
    ['an untyped parameter as text', '$1', 'plain', 'plain'],
    ['a number for text', '$1::text', 12, '12'],
    ['boolean', '$1::bool', true, true],
    ['null', '$1::int8', null, null],
    ['timestamptz as Date', '$1::timestamptz', new Date(1_700_000_000_123), new Date(1_700_000_000_123)],
    ['date as text', '$1::date', '2026-02-28', '2026-02-28'],
    ['interval as text', '$1::interval', '01:02:03', '01:02:03'],
    ['jsonb parsed', '$1::jsonb', '{"a":[1,null,"x"]}', { a: [1, null, 'x'] }],
    ['vector as text', '$1::vector', '[1,2.5,-3]', '[1,2.5,-3]'],
    ['text array', '$1::text[]', ['a,b', '"c"', '\\', '', null], ['a,b', '"c"', '\\', '', null]],
    ['int8 array as numbers', '$1::int8[]', [1, 2, null], [1, 2, null]],
    ['float array', '$1::float4[]', [1.5, -2], [1.5, -2]],
    ['empty array', '$1::uuid[]', [], []],
  ];
  it.each(cases)('gives %s', async (_name, expression, given, expected) => {
    const [row] = await db().query(
      `select ${expression} as value`,
      [given],
      z.object({ value: z.unknown() }),
    );
    expect(row?.value).toEqual(expected);
  });

  it('gives bytea as Uint8Array', async () => {
    const bytes = Uint8Array.from([0, 1, 127, 128, 255]);
    const [row] = await db().query(
      'select $1::bytea as value',
      [bytes],
      z.object({ value: z.instanceof(Uint8Array) }),
    );
    expect([...(row?.value ?? [])]).toEqual([...bytes]);
  });

  it('parses every row with the schema', async () => {
    const wrong = db().query('select 1 as id', [], idRow);
    await expect(wrong).rejects.toBeInstanceOf(z.ZodError);
  });

  it('counts the rows that a statement touched', async () => {
    expect(await db().execute(`insert into site (id, name) values ('a', 'A'), ('b', 'B')`)).toBe(2);
    expect(await db().execute('update site set name = $1', ['C'])).toBe(2);
    expect(await db().execute('delete from site where id = $1', ['none'])).toBe(0);
  });

  it('takes several statements when there are no parameters', async () => {
    await db().execute(
      `insert into site (id, name) values ('a', 'A'); insert into site (id, name) values ('b', 'B')`,
    );
    expect(await countSites(db())).toBe(2);
  });

  it('tells the SQLSTATE of a refused statement and stays usable', async () => {
    await db().execute(insertSite, ['a', 'A']);
    const error: unknown = await db()
      .execute(insertSite, ['a', 'again'])
      .catch((reason: unknown) => reason);
    expect(sqlState(error)).toBe('23505');
    expect(await countSites(db())).toBe(1);
  });
}

function describeTransactions(db: () => Database): void {
  it('commits what the work did', async () => {
    const result = await db().transaction(async (tx) => {
      await tx.execute(insertSite, ['a', 'A']);
      return countSites(tx);
    });
    expect(result).toBe(1);
    expect(await countSites(db())).toBe(1);
  });

  it('rolls back when the work rejects, and passes the reason on', async () => {
    const reason = new Error('on purpose');
    const work = db().transaction(async (tx) => {
      await tx.execute(insertSite, ['a', 'A']);
      throw reason;
    });
    await expect(work).rejects.toBe(reason);
    expect(await countSites(db())).toBe(0);
  });

  it('rolls back after a refused statement', async () => {
    const work = db().transaction(async (tx) => {
      await tx.execute(insertSite, ['a', 'A']);
      await tx.execute(insertSite, ['a', 'again']);
    });
    await expect(work).rejects.toThrow();
    expect(await countSites(db())).toBe(0);
  });

  it('rolls back when a refused statement was caught, instead of claiming a commit', async () => {
    const work = db().transaction(async (tx) => {
      await tx.execute(insertSite, ['a', 'A']);
      await tx.execute(insertSite, ['a', 'again']).catch(() => {});
    });
    await expect(work).rejects.toThrow();
    expect(await countSites(db())).toBe(0);
  });

  it('keeps transactions apart', async () => {
    const writers = Array.from({ length: 20 }, (_, index) =>
      db().transaction(async (tx) => {
        await tx.execute(insertSite, [`s${index}`, 'S']);
        await tx.query('select 1 as one', [], z.object({ one: z.number() }));
        if (index % 2 === 1) throw new Error('odd');
      }),
    );
    const results = await Promise.allSettled(writers);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(await countSites(db())).toBe(10);
  });

  it('runs statements outside while a transaction is open elsewhere', async () => {
    const opened = db().transaction(async (tx) => {
      await tx.execute(insertSite, ['a', 'A']);
      return countSites(tx);
    });
    const [inside, outside] = await Promise.all([opened, db().execute(insertSite, ['b', 'B'])]);
    expect([1, 2]).toContain(inside);
    expect(outside).toBe(1);
  });

  it('throws, instead of waiting for ever, when used inside its own transaction', async () => {
    const work = db().transaction(async () => countSites(db()));
    await expect(work).rejects.toThrow(/use the transaction/);
    await expect(db().transaction(() => db().transaction(async () => 1))).rejects.toThrow(
      /use the transaction/,
    );
    expect(await countSites(db())).toBe(0);
  });
}

function describeNotifications(db: () => Database): void {
  const notify = (channel: string, payload: string) =>
    db().execute('select pg_notify($1, $2)', [channel, payload]);

  it('delivers to every listener of the channel and to no other', async () => {
    const first: string[] = [];
    const second: string[] = [];
    const other: string[] = [];
    const stops = [
      await db().listen('Deskbell-"x"', (payload) => first.push(payload)),
      await db().listen('Deskbell-"x"', (payload) => second.push(payload)),
      await db().listen('other', (payload) => other.push(payload)),
    ];
    await notify('Deskbell-"x"', 'one');
    await notify('Deskbell-"x"', '');
    await vi.waitFor(() => expect(second).toEqual(['one', '']));
    expect(first).toEqual(['one', '']);
    expect(other).toEqual([]);
    for (const stop of stops) await stop();
  });

  it('delivers after the commit and nothing of a rollback', async () => {
    const heard: string[] = [];
    const stop = await db().listen('commits', (payload) => heard.push(payload));
    await db()
      .transaction(async (tx) => {
        await tx.execute('select pg_notify($1, $2)', ['commits', 'lost']);
        throw new Error('on purpose');
      })
      .catch(() => {});
    await db().transaction(async (tx) => {
      await tx.execute('select pg_notify($1, $2)', ['commits', 'kept']);
    });
    await vi.waitFor(() => expect(heard).toEqual(['kept']));
    await stop();
  });

  it('stops delivering to one listener without stopping the others', async () => {
    const gone: string[] = [];
    const kept: string[] = [];
    const stopGone = await db().listen('shared', (payload) => gone.push(payload));
    const stopKept = await db().listen('shared', (payload) => kept.push(payload));
    await stopGone();
    await stopGone();
    await notify('shared', 'still here');
    await vi.waitFor(() => expect(kept).toEqual(['still here']));
    expect(gone).toEqual([]);
    await stopKept();
  });
}

/** What every `Database` adapter must do; run it once per adapter with a migrated, empty database. */
export function describeDatabaseContract(name: string, create: () => Promise<Database>): void {
  describe(`Database contract: ${name}`, () => {
    let database: Database;
    const db = () => database;

    beforeAll(async () => {
      database = await create();
    });
    beforeEach(async () => {
      await database.execute('delete from site');
    });
    afterAll(() => database.close());

    describe('values', () => describeValues(db));
    describe('transactions', () => describeTransactions(db));
    describe('notifications', () => describeNotifications(db));

    it('refuses work once closed', async () => {
      const own = await create();
      await own.close();
      await own.close();
      await expect(own.execute('select 1')).rejects.toMatchObject({ code: 'unavailable' });
    });
  });
}
