import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';
import { createBuiltinEmbedder } from '../server/adapters/embedder/builtin.ts';
import { createPassageIndex } from '../server/services/passage-index.ts';
import { silentLogger } from '../server/testing/deps.ts';
import { makeZip } from '../server/testing/zip.ts';

let bench: Workbench;
let parsed = 0;
let embedded = 0;
beforeAll(async () => {
  const embedder = createBuiltinEmbedder();
  const counting: typeof embedder = {
    ...embedder,
    embed: (texts, ...rest) => {
      embedded += texts.length;
      return embedder.embed(texts, ...rest);
    },
  };
  bench = await createWorkbench({ index: createPassageIndex({ embedder: counting, logger: silentLogger }) });
  const { parse } = bench.parser;
  bench.parser.parse = (task, signal) => {
    parsed += 1;
    return parse(task, signal);
  };
});
afterAll(() => bench.close());

const words = (topic: string) => `The chapter on ${topic} says what a customer has to know about it.`;
const file = (name: string, body: string | Uint8Array) => {
  return { name, mediaType: null, content: [Buffer.from(body)] };
};

async function upload(files: Record<string, string | Uint8Array>): Promise<string> {
  const given = Object.entries(files).map(([name, body]) => file(name, body));
  const id = await bench.sources.createUpload(bench.siteId, 'Files', given);
  await bench.work();
  return id;
}
async function documents(...lines: { id: string; text: string }[]): Promise<string> {
  const stream = Readable.from([Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'))]);
  const id = await bench.sources.createDocuments(bench.siteId, 'Documents', stream);
  await bench.work();
  return id;
}
const pairs = [
  { question: 'Do you ship abroad?', answer: 'Yes, to all of Europe.', alternatives: [] },
  { question: 'Is there a shop?', answer: 'In Linz.', alternatives: [] },
];

async function rows(id: string): Promise<Record<string, string>> {
  const { items } = await bench.sources.get(bench.siteId, id, { limit: 500 });
  return Object.fromEntries(items.map((item) => [item.id, item.state]));
}
/** Reads it again; gives the rows, and how much was parsed and embedded for it. */
async function again(id: string) {
  [parsed, embedded] = [0, 0];
  await bench.sources.rerun(bench.siteId, id);
  await bench.work();
  return { rows: await rows(id), parsed, embedded };
}
/** As after an update of Deskbell that reads otherwise. */
const changeReader = (id: string) =>
  bench.db.execute(`update source_item set read_by = 'an earlier one' where source_id = $1`, [id]);
async function bytesOf(id: string): Promise<number> {
  const [row] = await bench.db.query(
    'select bytes from source where id = $1',
    [id],
    z.object({ bytes: z.coerce.number() }),
  );
  return row?.bytes ?? -1;
}

describe('what was handed over, read again', () => {
  it('stays as it is, without being looked at, while nothing has changed', async () => {
    const archive = makeZip([
      { name: 'sizes.md', body: words('sizes') },
      { name: 'list.jsonl', body: JSON.stringify({ id: 'zipped', text: words('zips') }) },
    ]);
    const id = await upload({ 'a.md': words('returns'), 'b.zip': archive, 'logo.png': '\u0089PNG\r\n' });
    const bytes = await bytesOf(id);
    expect(bytes).toBe(words('returns').length + archive.byteLength + Buffer.byteLength('\u0089PNG\r\n'));
    expect(await again(id)).toEqual({
      rows: {
        'a.md': 'unchanged',
        'b.zip': 'skipped',
        'logo.png': 'skipped',
        'b.zip/sizes.md': 'unchanged',
        'b.zip/list.jsonl': 'skipped',
        zipped: 'unchanged',
      },
      parsed: 0,
      embedded: 0,
    });
    const source = await bench.sources.get(bench.siteId, id);
    expect(source).toMatchObject({ state: 'done', run: 2, counts: { total: 6 } });
    expect(await bytesOf(id)).toBe(bytes);
  });

  it('is read anew by another reader, and what comes out the same is not stored or embedded again', async () => {
    const id = await upload({
      'a.md': words('returns'),
      'b.zip': makeZip([{ name: 's.md', body: words('sizes') }]),
    });
    const before = await bench.documents.get(bench.siteId, `upload:${id}:a.md`);
    const bytes = await bytesOf(id);
    await changeReader(id);
    const result = await again(id);
    expect(result).toMatchObject({
      rows: { 'a.md': 'unchanged', 'b.zip': 'skipped', 'b.zip/s.md': 'unchanged' },
      embedded: 0,
    });
    expect(result.parsed).toBeGreaterThan(2);
    expect(await bench.documents.get(bench.siteId, `upload:${id}:a.md`)).toEqual(before);
    expect(await bytesOf(id)).toBe(bytes);
  });

  it('stores what another reader reads otherwise', async () => {
    const id = await upload({ 'a.md': words('returns') });
    await changeReader(id);
    await bench.db.execute(`update document set content_hash = 'of an earlier reader' where source_id = $1`, [
      id,
    ]);
    expect((await again(id)).rows).toEqual({ 'a.md': 'indexed' });
  });

  it('tries again what ended badly, in archives too', async () => {
    const id = await upload({ 'b.zip': makeZip([{ name: 's.md', body: words('sizes') }]) });
    await bench.db.execute(
      `update source_item set state = 'failed', read_by = null where locator = 'b.zip/s.md' and source_id = $1`,
      [id],
    );
    expect((await again(id)).rows).toEqual({ 'b.zip': 'skipped', 'b.zip/s.md': 'unchanged' });
  });

  it('holds for documents and pairs, and for one that was cancelled before it was read', async () => {
    const list = await documents({ id: 'one', text: words('one') }, { id: 'two', text: words('two') });
    expect(await again(list)).toEqual({
      rows: { one: 'unchanged', two: 'unchanged' },
      parsed: 0,
      embedded: 0,
    });
    const qa = await bench.sources.createQa(bench.siteId, { type: 'qa', pairs });
    await bench.sources.cancel(bench.siteId, qa);
    await bench.work();
    expect(Object.values(await rows(qa))).toEqual(['skipped', 'skipped']);
    expect(Object.values((await again(qa)).rows)).toEqual(['indexed', 'indexed']);
    expect(Object.values((await again(qa)).rows)).toEqual(['unchanged', 'unchanged']);
  });

  it('takes a schedule like every source, and keeps to it', async () => {
    const id = await bench.sources.createQa(bench.siteId, { type: 'qa', pairs });
    await bench.work();
    const source = await bench.sources.update(bench.siteId, id, { schedule: { everyMinutes: 60 } });
    expect(source.nextRunAt).not.toBeNull();
    await bench.db.execute(`update source set next_run_at = now() - interval '1 second' where id = $1`, [id]);
    await bench.sources.sweep();
    await bench.work();
    expect(await bench.sources.get(bench.siteId, id)).toMatchObject({
      run: 2,
      state: 'done',
      counts: { unchanged: 2, total: 2 },
    });
  });

  it('does not bring back what another source has given anew since', async () => {
    const first = await documents({ id: 'x', text: words('the old kind') });
    await documents({ id: 'x', text: words('the new kind') });
    await changeReader(first);
    expect((await again(first)).rows).toEqual({ x: 'skipped' });
    expect((await bench.documents.get(bench.siteId, 'x')).text).toBe(words('the new kind'));
  });

  it('removes what its container no longer gives at the second time', async () => {
    const id = await upload({
      'b.zip': makeZip([
        { name: 's.md', body: words('sizes') },
        { name: 't.md', body: words('tents') },
      ]),
    });
    const fewer = makeZip([{ name: 's.md', body: words('sizes') }]);
    await bench.db.execute(
      `update source_file set bytes = $1 where item_id = (select id from source_item where locator = 'b.zip' and source_id = $2)`,
      [fewer, id],
    );
    await changeReader(id);
    expect((await again(id)).rows).toMatchObject({ 'b.zip/s.md': 'unchanged', 'b.zip/t.md': 'failed' });
    expect((await again(id)).rows).toMatchObject({ 'b.zip/t.md': 'removed' });
    await expect(bench.documents.get(bench.siteId, `upload:${id}:b.zip/t.md`)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('what is deleted by hand', () => {
  it('goes with what it was read from, gives its share of the quota back, and does not come back', async () => {
    const archive = makeZip([{ name: 's.md', body: words('sizes') }]);
    const id = await upload({ 'a.md': words('returns'), 'b.zip': archive });
    await bench.documents.remove(bench.siteId, `upload:${id}:a.md`);
    await bench.documents.remove(bench.siteId, `upload:${id}:b.zip/s.md`);
    expect(await bytesOf(id)).toBe(archive.byteLength);
    await changeReader(id);
    expect((await again(id)).rows).toEqual({
      'a.md': 'removed',
      'b.zip': 'skipped',
      'b.zip/s.md': 'removed',
    });
  });

  it('leaves nothing to read again when it was all, and says so', async () => {
    const id = await documents({ id: 'only', text: words('loneliness') });
    await bench.documents.remove(bench.siteId, 'only');
    const refusal = { code: 'conflict', message: expect.stringContaining('Nothing of it is kept') };
    await expect(bench.sources.rerun(bench.siteId, id)).rejects.toMatchObject(refusal);
    await expect(
      bench.sources.update(bench.siteId, id, { schedule: { everyMinutes: 60 } }),
    ).rejects.toMatchObject(refusal);
    expect(await bytesOf(id)).toBe(0);
  });
});
