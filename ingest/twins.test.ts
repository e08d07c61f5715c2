import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createBuiltinEmbedder } from '../server/adapters/embedder/builtin.ts';
import type { Database, Queryable } from '../server/ports.ts';
import { createPassageIndex, type PassageIndex } from '../server/services/passage-index.ts';
import { createTestPglite, createTestPostgres, testDatabaseUrl } from '../server/testing/database.ts';
import { silentLogger } from '../server/testing/deps.ts';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';
import { helpPage, startTestSite, type TestSite } from '../server/testing/web-site.ts';
import { winnerAmong } from './twins.ts';

const text = 'The same long sentence stands on two pages, and nobody needs to be told it a second time.';

/** Opens once `count` have come to it, and lets them through one by one in the order that `rank` gives. */
function createGate(count: number, rank: (name: string) => number) {
  const waiting: { name: string; open: () => void }[] = [];
  let turn: (() => void)[] = [];
  return {
    pass: (name: string) =>
      new Promise<void>((open) => {
        waiting.push({ name, open });
        if (waiting.length < count) return;
        turn = waiting.toSorted((left, right) => rank(left.name) - rank(right.name)).map((each) => each.open);
        turn.shift()?.();
      }),
    next: () => turn.shift()?.(),
  };
}

const item = {
  id: 1,
  depth: 1,
  attempts: 1,
  etag: null,
  lastModified: null,
  documentId: null,
  payload: null,
  readBy: null,
};

describe('which of two addresses keeps a text', () => {
  const twins = ['/bb', '/a', '/ccc'].map((externalId, id) => ({ id, externalId }));

  it.each([
    ['the shorter one', '/dddd', 1, '/a'],
    ['the lower of two that are equally long', '/b', 1, '/a'],
    ['the page itself, when no other is before it', '/', 1, null],
    ['any other, when the page has waited for its canonical one', '/', 1_001, '/a'],
  ])('is %s', (_name, locator, depth, winner) => {
    expect(winnerAmong({ ...item, locator, depth }, twins)).toBe(winner);
  });
});

/** Whether another transaction waits for the one that asks; the embedded database lets in one at a time anyway. */
async function isOtherWaiting(tx: Queryable): Promise<boolean> {
  const [{ waiting } = { waiting: 0 }] = await tx.query(
    `select count(*) as waiting from pg_locks where locktype = 'advisory' and not granted
       and database = (select oid from pg_database where datname = current_database())`,
    [],
    z.object({ waiting: z.number() }),
  );
  return waiting > 0;
}

const serverUrl = testDatabaseUrl;
const databases: [string, () => Promise<Database>][] = [['PGlite', createTestPglite]];
if (serverUrl !== null) databases.push(['PostgreSQL', () => createTestPostgres(serverUrl)]);

describe.each(databases)('two pages with the same text on %s', (_name, createDatabase) => {
  let db: Database;
  let site: TestSite;
  let bench: Workbench;
  const base: PassageIndex = createPassageIndex({ embedder: createBuiltinEmbedder(), logger: silentLogger });

  beforeEach(async () => {
    db = await createDatabase();
    site = await startTestSite({
      '/': helpPage('Home', 'Here begins a small site with two pages of help in it.', ['/copy', '/b']),
      '/b': helpPage('B', text),
      '/copy': helpPage('B', text),
    });
  });
  afterEach(async () => {
    await Promise.all([bench.close(), site.close()]);
  });

  async function crawl(index: PassageIndex): Promise<Record<string, string>> {
    bench = await createWorkbench({ db, index });
    const input = { type: 'website' as const, maxPages: 9, maxDepth: 9, include: [], exclude: [] };
    const id = await bench.sources.createWebsite(bench.siteId, { ...input, url: `${site.origin}/` });
    await bench.work();
    const { items } = await bench.sources.get(bench.siteId, id);
    return Object.fromEntries(items.map((each) => [new URL(each.id).pathname, each.state]));
  }

  const expected = { '/': 'indexed', '/b': 'indexed', '/copy': 'skipped' };
  const storedPaths = async () =>
    (await db.query('select external_id from document', [], z.object({ external_id: z.string() }))).map(
      (row) => new URL(row.external_id).pathname,
    );

  it.each(['/b', '/copy'])('are stored once, both read before %s is stored first', async (first) => {
    const gate = createGate(2, (path) => (path === first ? 0 : 1));
    const ledger = await crawl({
      ...base,
      async prepare(queryable, given, signal) {
        const [first] = given.documents;
        const path = first === undefined ? '/' : new URL(first.document.externalId).pathname;
        const prepared = await base.prepare(queryable, given, signal);
        if (path !== '/') await gate.pass(path);
        return prepared;
      },
      async merge(...rest) {
        await base.merge(...rest);
        gate.next();
      },
    });
    expect(ledger).toEqual(expected);
    expect((await storedPaths()).toSorted()).toEqual(['/', '/b']);
    expect(await bench.documents.get(bench.siteId, `${site.origin}/b`)).toMatchObject({ title: 'B' });
  });

  it('are stored once when both are about to be written', async () => {
    let prepared = 0;
    let meet = () => {};
    const met = new Promise<void>((resolve) => (meet = resolve));
    let written = 0;
    const ledger = await crawl({
      ...base,
      async prepare(queryable, given, signal) {
        prepared += 1;
        if (prepared === 3) meet();
        if (prepared > 1) await met;
        return base.prepare(queryable, given, signal);
      },
      async write(tx, ...rest) {
        written += 1;
        const isFirstTwin = written === 2;
        while (db.kind === 'postgres' && isFirstTwin && written < 3 && !(await isOtherWaiting(tx)))
          await new Promise(setImmediate);
        return base.write(tx, ...rest);
      },
    });
    expect(ledger).toEqual(expected);
    expect((await storedPaths()).toSorted()).toEqual(['/', '/b']);
  });
});
