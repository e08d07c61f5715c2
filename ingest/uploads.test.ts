import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';
import { makeZip, type ZipEntry } from '../server/testing/zip.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await createWorkbench();
});
afterAll(() => bench.close());

async function upload(files: Record<string, string | Uint8Array>) {
  const given = Object.entries(files).map(([name, body]) => ({
    name,
    mediaType: null,
    content: [Buffer.from(body)],
  }));
  const id = await bench.sources.createUpload(bench.siteId, 'Files', given);
  await bench.work();
  const source = await bench.sources.get(bench.siteId, id, { limit: 500 });
  const rows = Object.fromEntries(
    source.items.map((item) => [item.id, `${item.state}: ${item.reason ?? ''}`]),
  );
  return { ...source, rows };
}
const zip = (...entries: ZipEntry[]) => upload({ 'handbook.zip': makeZip(entries) });
const words = (topic: string) => `The chapter on ${topic} says what a customer has to know about it.`;

describe('an uploaded ZIP', { timeout: 240_000 }, () => {
  it('gives a row and a document to each of its files', async () => {
    const { rows, state } = await zip(
      { name: 'a/returns.md', body: `# Returns\n\n${words('returns')}` },
      { name: 'a/', body: '' },
      { name: 'sizes.html', body: `<h1>Sizes</h1><p>${words('sizes')}</p>` },
      { name: 'logo.png', body: Buffer.from('89504e470d0a1a0a', 'hex') },
      { name: '__MACOSX/a/._returns.md', body: 'x' },
      { name: 'a/.DS_Store', body: 'x' },
    );
    expect(state).toBe('done');
    expect(rows).toEqual({
      'handbook.zip': 'skipped: It holds 3 entries, which are listed by name. 2 hidden ones were left out.',
      'handbook.zip/a/returns.md': 'indexed: Stored as 1 passage.',
      'handbook.zip/sizes.html': 'indexed: Stored as 1 passage.',
      'handbook.zip/logo.png': expect.stringMatching(/^skipped: It seems to be an image/),
    });
  });

  it('takes documents of a list that lies in it', async () => {
    const { rows } = await zip({ name: 'more.ndjson', body: `{"id":"zipped","text":"${words('zips')}"}\n` });
    expect(rows).toMatchObject({ zipped: expect.stringMatching(/^indexed/) });
  });

  it('J2: refuses archives in it, however deep', async () => {
    let inner = makeZip([{ name: 'deep.md', body: words('depth') }]);
    for (let depth = 0; depth < 10; depth += 1) inner = makeZip([{ name: 'inner.zip', body: inner }]);
    const { rows, state } = await upload({ 'outer.zip': inner });
    expect(state).toBe('failed');
    expect(rows).toEqual({
      'outer.zip': expect.stringMatching(/^skipped/),
      'outer.zip/inner.zip': expect.stringMatching(/^skipped: It is an archive within an archive/),
    });
  });

  it('J2: takes no name for a path, and loses no file to a name', async () => {
    const { rows } = await zip(
      { name: '../../etc/cron.d/x.md', body: words('cron') },
      { name: 'etc/cron.d/x.md', body: words('other things') },
      { name: '/root/y.md', body: words('roots') },
      { name: 'C:\\windows\\z.md', body: words('windows') },
      { name: 'e\0vil\u202Ecod.md', body: words('marks') },
    );
    expect(Object.keys(rows).toSorted()).toEqual([
      'handbook.zip',
      'handbook.zip/C:/windows/z.md',
      'handbook.zip/etc/cron.d/x.md',
      'handbook.zip/etc/cron.d/x.md (2)',
      'handbook.zip/evilcod.md',
      'handbook.zip/root/y.md',
    ]);
    expect(Object.values(rows).filter((row) => row.startsWith('indexed'))).toHaveLength(5);
  });

  it('J2: refuses links, locked entries and damaged ones by themselves', async () => {
    const { rows } = await zip(
      { name: 'link.md', body: '/etc/passwd', mode: 0o120777 },
      { name: 'locked.md', body: words('locks'), isEncrypted: true },
      { name: 'damaged.md', body: words('damage'), packed: Buffer.from('no deflate stream') },
      { name: 'sound.md', body: words('sound things') },
    );
    expect(rows).toMatchObject({
      'handbook.zip/link.md': expect.stringMatching(/^failed: It is a link/),
      'handbook.zip/locked.md': expect.stringMatching(/^failed: It is protected by a password/),
      'handbook.zip/damaged.md': expect.stringMatching(/^failed: It is damaged/),
      'handbook.zip/sound.md': expect.stringMatching(/^indexed/),
    });
  });

  it.each([
    ['a directory that tells of a bomb', [{ name: 'bomb.md', body: Buffer.alloc(40_000_000) }]],
    [
      'a directory that tells of too much',
      // Each by itself is no bomb: random bytes cannot be packed.
      Array.from({ length: 11 }, (_, n) => ({
        name: `${String(n)}.md`,
        body: randomBytes(250_000),
        claimedSize: 49_000_000,
      })),
    ],
    [
      'more files than are read',
      Array.from({ length: 5_001 }, (_, n) => ({ name: `${String(n)}.md`, body: 'x' })),
    ],
  ])('J2: is refused for %s', async (_name, entries) => {
    const { rows, state } = await zip(...entries);
    expect(state).toBe('failed');
    expect(Object.keys(rows)).toEqual(['handbook.zip']);
    expect(rows['handbook.zip']).toMatch(/^failed: The archive (?:would unpack to more|holds more than)/);
  });

  it('J2: is stopped while inflating when the directory lied about a size', async () => {
    const { rows } = await zip(
      { name: 'liar.md', body: Buffer.alloc(40_000_000, 'a'), claimedSize: 100 },
      { name: 'sound.md', body: words('honesty') },
    );
    // Not that its text is too long: it must never have been inflated to the end.
    expect(rows['handbook.zip/liar.md'] ?? rows['handbook.zip']).toMatch(
      /^failed: .*(?:unpack to more|damaged)/,
    );
  });

  it.each([
    ['cut short', (whole: Buffer) => whole.subarray(0, whole.length - 30)],
    ['empty', () => makeZip([])],
    [
      'all zeros behind its mark',
      (whole: Buffer) => Buffer.concat([whole.subarray(0, 4), Buffer.alloc(500)]),
    ],
  ])('J2: ends in a row with its reason when it is %s', async (_name, spoil) => {
    const whole = makeZip([{ name: 'a.md', body: words('wholeness') }]);
    const { rows, state } = await upload({ 'broken.zip': spoil(whole) });
    expect(state).toBe('failed');
    expect(rows['broken.zip']).toMatch(/^(?:failed|empty|skipped): .{20}/);
  });
});

describe('an uploaded list of documents', () => {
  const line = (id: string) => JSON.stringify({ id, title: id, text: words(id) });

  it('gives a row to each line, faulty ones with the reason', async () => {
    const { rows } = await upload({
      'articles.jsonl': `${line('one')}\n\nno json\n{"id":"x"}\n${line('two')}`,
    });
    expect(rows).toEqual({
      'articles.jsonl': 'skipped: It holds 4 entries, which are listed by name.',
      one: expect.stringMatching(/^indexed/),
      two: expect.stringMatching(/^indexed/),
      'articles.jsonl/line 3': expect.stringMatching(/^failed: Line 3: it is no JSON/),
      'articles.jsonl/line 4': expect.stringMatching(/^failed: Line 4: Give exactly one of/),
    });
    expect((await bench.documents.get(bench.siteId, 'two')).title).toBe('two');
  });

  it('may be one JSON list; other JSON is read as it is', async () => {
    const { rows } = await upload({
      'list.json': `[${line('three')},{"id":""}]`,
      'data.json': JSON.stringify({ opening: { monday: 'from nine to six', sunday: 'closed' } }),
    });
    expect(rows).toMatchObject({
      three: expect.stringMatching(/^indexed/),
      'list.json/line 2': expect.stringMatching(/^failed/),
      'data.json': expect.stringMatching(/^indexed/),
    });
  });
});
