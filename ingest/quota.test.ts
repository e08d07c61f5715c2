import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../server/ports.ts';
import { createIntakeQuota, defaultIntakeLimits } from '../server/services/intake-quota.ts';
import { createTestPglite, createTestPostgres, testDatabaseUrl } from '../server/testing/database.ts';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';
import { makeZip } from '../server/testing/zip.ts';

const databases: [string, () => Promise<Database>][] = [['PGlite', createTestPglite]];
const serverUrl = testDatabaseUrl;
if (serverUrl !== null) databases.push(['PostgreSQL', () => createTestPostgres(serverUrl)]);

describe.each(databases)('J6: the quota on %s', (_name, createDatabase) => {
  let bench: Workbench;
  afterEach(() => bench.close());

  async function benchWith(limits: Partial<typeof defaultIntakeLimits>): Promise<void> {
    const quota = createIntakeQuota({ ...defaultIntakeLimits, ...limits });
    bench = await createWorkbench({ db: await createDatabase(), quota });
  }
  const file = (name: string, bytes: number) => ({
    name,
    mediaType: null,
    content: [Buffer.alloc(bytes, 'a')],
  });
  const upload = (...files: ReturnType<typeof file>[]) =>
    bench.sources.createUpload(bench.siteId, 'Files', files);
  const tooLarge = (words: string) => ({ code: 'too-large', message: expect.stringContaining(words) });

  it('refuses an upload beyond what one source may take, and keeps nothing of it', async () => {
    await benchWith({ sourceBytes: 2_500_000 });
    await expect(
      upload(file('a', 1_000_000), file('b', 1_000_000), file('c', 1_000_000)),
    ).rejects.toMatchObject(tooLarge('A source takes at most 2 MB'));
    expect(await bench.sources.list(bench.siteId)).toEqual([]);
    await upload(file('a', 1_000_000), file('b', 1_000_000));
  });

  it('refuses what a site has no room for until a source is deleted, however it comes', async () => {
    await benchWith({ siteBytes: 1_000_000 });
    const first = await upload(file('a', 900_000));
    await expect(upload(file('b', 200_000))).rejects.toMatchObject(tooLarge('sources of a site'));
    const answer = 'x'.repeat(9_000);
    const pairs = Array.from({ length: 20 }, (_, n) => ({
      question: `Question ${String(n)}`,
      answer,
      alternatives: [],
    }));
    await expect(bench.sources.createQa(bench.siteId, { type: 'qa', pairs })).rejects.toMatchObject(
      tooLarge('site'),
    );
    async function* lines() {
      for (let n = 0; n < 3; n += 1)
        yield Buffer.from(`${JSON.stringify({ id: String(n), text: 'y'.repeat(60_000) })}\n`);
    }
    await expect(bench.sources.createDocuments(bench.siteId, 'Documents', lines())).rejects.toMatchObject(
      tooLarge('site'),
    );
    expect(await bench.sources.list(bench.siteId)).toHaveLength(1);
    await bench.sources.remove(bench.siteId, first);
    await upload(file('b', 200_000));
  });

  it('holds against many uploads at once', async () => {
    await benchWith({ siteBytes: 1_000_000 });
    const tries = Array.from({ length: 20 }, (_, n) => upload(file(`f${String(n)}`, 100_000)));
    const ended = await Promise.allSettled(tries);
    expect(ended.filter((one) => one.status === 'fulfilled')).toHaveLength(10);
    expect(await bench.sources.list(bench.siteId)).toHaveLength(10);
  });

  it('counts what archives unpack to, and says so in their row', async () => {
    await benchWith({ sourceBytes: 500_000 });
    const archive = makeZip(
      Array.from({ length: 8 }, (_, n) => ({ name: `${String(n)}.txt`, body: 'word '.repeat(20_000) })),
    );
    const content = [archive];
    const id = await bench.sources.createUpload(bench.siteId, 'Files', [
      { name: 'a.zip', mediaType: null, content },
    ]);
    await bench.work();
    const source = await bench.sources.get(bench.siteId, id);
    expect(source.items.map((item) => [item.id, item.state])).toEqual([['a.zip', 'failed']]);
    expect(source.reason).toContain('A source takes at most');
  });

  it('keeps memory within bounds while many files arrive, and lets go of it', async () => {
    await benchWith({ bufferedBytes: 1_000_000 });
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    async function* slow() {
      yield Buffer.alloc(700_000);
      await gate;
    }
    const first = bench.sources.createUpload(bench.siteId, 'Files', [
      { name: 'a', mediaType: null, content: slow() },
    ]);
    const isHeld = () =>
      upload(file('b', 400_000)).then(
        () => false,
        () => true,
      );
    await expect.poll(isHeld).toBe(true);
    await expect(upload(file('b', 400_000))).rejects.toMatchObject({
      code: 'unavailable',
      retryAfterMs: 60_000,
    });
    release();
    await first;
    await upload(file('b', 400_000));
  });

  it('counts a file as memory until it is stored', async () => {
    const own = await createDatabase();
    let isHeld = false;
    let store = () => {};
    const gate = new Promise<void>((resolve) => (store = resolve));
    const slow: Database = {
      ...own,
      transaction: async (work, options) => {
        isHeld = true;
        await gate;
        return own.transaction(work, options);
      },
    };
    const quota = createIntakeQuota({ ...defaultIntakeLimits, bufferedBytes: 1_000_000 });
    bench = await createWorkbench({ db: slow, quota });
    const first = upload(file('a', 700_000));
    await expect.poll(() => isHeld).toBe(true);
    expect(() => quota.hold(400_000)).toThrow('Too much is being uploaded');
    store();
    await first;
    quota.hold(1_000_000);
    quota.release(1_000_000);
  });
});
