import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createOutbound } from '../../ingest/fetch.ts';
import { cleanFileName } from '../domain/file-name.ts';
import { createWorkbench, type Workbench } from '../testing/ingest.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await createWorkbench();
});
afterEach(() => {
  bench.jobs.held.length = 0;
});
afterAll(() => bench.close());

const site = 'shop';
const lines = (...documents: unknown[]) =>
  Readable.from([
    Buffer.from(
      documents.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry))).join('\n'),
    ),
  ]);

async function takeDocuments(...documents: unknown[]) {
  const id = await bench.sources.createDocuments(site, 'Import', lines(...documents));
  await bench.work();
  return bench.sources.get(site, id);
}

describe('documents by NDJSON', () => {
  it('takes text, HTML and Markdown, with empty fields as none', async () => {
    const source = await takeDocuments(
      { id: 't', title: 'Tents', text: 'Tents are mended for life.', url: '' },
      { id: 'h', html: '<title>Boots</title><p>Boots are greased.</p>', url: 'https://shop.example/boots' },
      { id: 'm', markdown: '# Ropes\n\nRopes are cut to length.', title: null },
    );
    expect(source).toMatchObject({ state: 'done', counts: { indexed: 3, total: 3 } });
    expect(await bench.documents.get(site, 't')).toMatchObject({
      title: 'Tents',
      url: null,
      text: 'Tents are mended for life.',
    });
    expect(await bench.documents.get(site, 'h')).toMatchObject({
      title: 'Boots',
      url: 'https://shop.example/boots',
    });
    expect((await bench.documents.get(site, 'm')).title).toBe('Ropes');
  });

  it('replaces the same id, and leaves an unchanged one alone', async () => {
    await takeDocuments({ id: 'r', text: 'Opening hours are nine to five.' });
    const first = await bench.documents.get(site, 'r');
    const same = await takeDocuments({ id: 'r', text: 'Opening hours are nine to five.' });
    expect(same.items[0]).toMatchObject({ id: 'r', state: 'unchanged' });
    expect((await bench.documents.get(site, 'r')).passages).toEqual(first.passages);
    const changed = await takeDocuments({ id: 'r', text: 'Opening hours are ten to six.' });
    expect(changed.items[0]).toMatchObject({ state: 'indexed' });
    const after = await bench.documents.get(site, 'r');
    expect(after.text).toBe('Opening hours are ten to six.');
    expect(after.passages).toHaveLength(1);
  });

  it('names each bad line and takes the good ones', async () => {
    const source = await takeDocuments(
      { id: 'good', text: 'A good line among bad ones.' },
      '{"id": "cut of',
      { id: 'both', text: 'a', html: 'b' },
      { text: 'no id' },
      { id: 'url', text: 'x', url: 'javascript:alert(1)' },
      '',
      { id: 'last', text: 'zero\u0000 and \ud800 half' },
    );
    expect(source.state).toBe('done');
    expect(source.items.map((item) => [item.id, item.state])).toEqual([
      ['good', 'indexed'],
      ['line 2', 'failed'],
      ['line 3', 'failed'],
      ['line 4', 'failed'],
      ['line 5', 'failed'],
      ['last', 'indexed'],
    ]);
    expect(source.items[1]?.reason).toMatch(/^Line 2: it is no JSON/);
    expect(source.items[2]?.reason).toMatch(/exactly one/);
    expect(source.items[3]?.reason).toMatch(/^Line 4: id/);
  });

  it('cuts lines wherever the stream was cut, and lets the last of one id win', async () => {
    const bytes = Buffer.from('{"id":"ü","text":"Größe eins."}\r\n{"id":"ü","text":"Größe zwei."}');
    const single = Readable.from([...bytes].map((byte) => Buffer.from([byte])));
    const id = await bench.sources.createDocuments(site, 'Bytes', single);
    await bench.work();
    expect((await bench.sources.get(site, id)).items).toHaveLength(1);
    expect((await bench.documents.get(site, 'ü')).text).toBe('Größe zwei.');
  });

  it('refuses a line beyond the limit without keeping it', async () => {
    async function* stream() {
      yield Buffer.from('{"id":"long","text":"');
      for (let n = 0; n < 100; n += 1) yield Buffer.alloc(100_000, 'a');
      yield Buffer.from('"}\n{"id":"after","text":"The line after it."}');
      await Promise.resolve();
    }
    const id = await bench.sources.createDocuments(site, 'Long', stream());
    await bench.work();
    const { items } = await bench.sources.get(site, id);
    expect(items.map((item) => [item.id, item.state])).toEqual([
      ['line 1', 'failed'],
      ['after', 'indexed'],
    ]);
  });

  it('keeps nothing of a stream that breaks off, or of an empty one', async () => {
    async function* broken() {
      yield Buffer.from('{"id":"half","text":"Half of it."}\n');
      await Promise.resolve();
      throw new Error('connection lost');
    }
    const before = (await bench.sources.list(site)).length;
    await expect(bench.sources.createDocuments(site, 'Broken', broken())).rejects.toThrow('connection lost');
    await expect(bench.sources.createDocuments(site, 'Empty', lines('', ' '))).rejects.toMatchObject({
      code: 'invalid-request',
    });
    expect(await bench.sources.list(site)).toHaveLength(before);
    expect(bench.jobs.held).toEqual([]);
  });
});

describe('uploads and pairs', () => {
  it('reads files by what they are', async () => {
    const file = (name: string, body: string | Buffer, mediaType: string | null = null) => ({
      name,
      mediaType,
      content: [Buffer.from(body)],
    });
    const id = await bench.sources.createUpload(site, 'Files', [
      file('help/returns.md', '# Returns\n\nWithin thirty days.'),
      file('plain.txt', 'Just some words here.'),
      file('page.html', '<h1>Page</h1><p>Words on a page.</p>'),
      file('..\\..\\etc/pass\u202ewd.exe', Buffer.from('MZ....')),
      file('empty.md', ''),
    ]);
    await bench.work();
    const source = await bench.sources.get(site, id);
    expect(source.items.map((item) => [item.id, item.state])).toEqual([
      ['help/returns.md', 'indexed'],
      ['plain.txt', 'indexed'],
      ['page.html', 'indexed'],
      ['etc/passwd.exe', 'skipped'],
      ['empty.md', 'empty'],
    ]);
    expect(source.items[0]).toMatchObject({
      title: 'Returns',
      passageCount: 1,
      documentId: `upload:${id}:help/returns.md`,
    });
    expect(source.items[3]).toMatchObject({ documentId: null });
  });

  it('makes each pair a document of its own', async () => {
    const id = await bench.sources.createQa(site, {
      type: 'qa',
      pairs: [
        {
          question: 'Do you ship abroad?',
          answer: 'Yes, to all of *Europe*.',
          alternatives: ['Delivery to France?'],
        },
        {
          question: 'Is there a shop?',
          answer: 'In Linz.',
          alternatives: [],
          url: 'https://shop.example/stores',
        },
      ],
    });
    await bench.work();
    const source = await bench.sources.get(site, id);
    expect(source.items.map((item) => [item.title, item.state, item.url])).toEqual([
      ['Do you ship abroad?', 'indexed', null],
      ['Is there a shop?', 'indexed', 'https://shop.example/stores'],
    ]);
  });

  it.each([
    ['a/b.md', 'a/b.md'],
    ['../../x.md', 'x.md'],
    ['C:\\docs\\x.md', 'C:/docs/x.md'],
    ['\u0000\u202e', 'unnamed'],
    ['./', 'unnamed'],
  ])('cleans the file name %j', (name, clean) => {
    expect(cleanFileName(name)).toBe(clean);
    expect(cleanFileName('x'.repeat(5000))).toHaveLength(400);
  });
});

describe('looking after sources', () => {
  it('pages the ledger', async () => {
    const source = await takeDocuments(
      ...Array.from({ length: 5 }, (_, n) => ({ id: `page-${String(n)}`, text: `Words ${String(n)}.` })),
    );
    const first = await bench.sources.get(site, source.id, { limit: 2 });
    const second = await bench.sources.get(site, source.id, { limit: 2, after: first.next });
    const third = await bench.sources.get(site, source.id, { limit: 2, after: second.next });
    expect([first, second, third].flatMap((page) => page.items.map((item) => item.id))).toEqual(
      Array.from({ length: 5 }, (_, n) => `page-${String(n)}`),
    );
    expect(third.next).toBeNull();
    await expect(bench.sources.get(site, source.id, { after: 'x' })).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });

  it('deletes a source with its documents, at once and only those', async () => {
    const keep = await takeDocuments({ id: 'keep', text: 'This one stays.' });
    const drop = await takeDocuments({ id: 'drop', text: 'This one goes.' });
    await bench.sources.remove(site, drop.id);
    await expect(bench.documents.get(site, 'drop')).rejects.toMatchObject({ code: 'not-found' });
    await expect(bench.sources.get(site, drop.id)).rejects.toMatchObject({ code: 'not-found' });
    expect((await bench.sources.get(site, keep.id)).items).toHaveLength(1);
    await bench.documents.remove(site, 'keep');
    await expect(bench.documents.remove(site, 'keep')).rejects.toMatchObject({ code: 'not-found' });
    const left = await bench.db.execute(
      'select 1 from passage where not exists (select 1 from document where id = document_id)',
    );
    expect(left).toBe(0);
  });

  it('does not show or touch what belongs to another site', async () => {
    await bench.db.execute(`insert into site (id, name) values ('other', 'Other') on conflict do nothing`);
    const source = await takeDocuments({ id: 'mine', text: 'Only mine.' });
    const attempts = [
      () => bench.sources.get('other', source.id),
      () => bench.sources.cancel('other', source.id),
      () => bench.sources.remove('other', source.id),
      () => bench.documents.get('other', 'mine'),
      () => bench.documents.remove('other', 'mine'),
      () => bench.sources.list('no-such-site'),
      () => bench.sources.get(site, 'no-uuid'),
    ];
    for (const attempt of attempts) {
      await expect(attempt()).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  it('puts work that the queue lost into the queue again, and gives up an intake that broke off', async () => {
    const id = await bench.sources.createDocuments(
      site,
      'Lost',
      lines({ id: 'lost', text: 'Lost and found.' }),
    );
    bench.jobs.held.length = 0;
    await bench.sources.sweep();
    expect(bench.jobs.held).toEqual([]);
    await bench.db.execute(`update source set deadline_at = now() - interval '1 second' where id = $1`, [id]);
    await bench.sources.sweep();
    expect(bench.jobs.held).toEqual([{ sourceId: id, run: 1 }]);
    await bench.work();
    expect((await bench.sources.get(site, id)).state).toBe('done');

    const open = await bench.sources.createDocuments(
      site,
      'Open',
      lines({ id: 'open', text: 'Open intake.' }),
    );
    await bench.db.execute(
      `update source set accepted_at = null, deadline_at = now() - interval '1 second' where id = $1`,
      [open],
    );
    await bench.sources.sweep();
    const given = await bench.sources.get(site, open);
    expect(given).toMatchObject({ state: 'failed', items: [{ state: 'failed' }] });
    expect(given.reason).toMatch(/broke off/);
  });
});

it('has one guarded way out', () => {
  expect(() => createOutbound({ allowRanges: ['no range'], allowOrigins: [] })).toThrow(/no address range/);
});
