import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../server/errors.ts';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';
import { makePdf } from '../server/testing/pdf.ts';
import { makeZip, type ZipEntry } from '../server/testing/zip.ts';
import { createParsePool } from './parse/pool.ts';

/** A small reader, so that limits are met soon. */
const small = createParsePool({ processes: 1, timeoutMs: 20_000, maxMemoryMb: 300 });
let bench: Workbench;
beforeAll(async () => {
  bench = await createWorkbench();
});
afterAll(() => Promise.all([small.close(), bench.close()]));

/** What came of it: the text, or the words of the refusal. Anything else than these two fails the test. */
async function outcomeOf(bytes: Uint8Array, name: string): Promise<{ text: string } | { refusal: string }> {
  const task = { kind: 'document' as const, bytes, name, url: null, contentType: null, title: null };
  try {
    const reply = await small.parse(task);
    if (reply.kind === 'document') return { text: reply.text };
    if (reply.kind === 'failure') return { refusal: `${reply.message} ${reply.fix}` };
    throw new Error(`unexpected ${reply.kind}`);
  } catch (error) {
    if (error instanceof AppError && error.code === 'extract-failed') return { refusal: error.message };
    throw error;
  }
}
const isStillThere = async () =>
  expect(await outcomeOf(Buffer.from('<p>Still there.</p>'), 'a.html')).toEqual({ text: 'Still there.' });

const types: ZipEntry = { name: '[Content_Types].xml', body: '<Types/>' };
const paragraph = (inner: string) =>
  `<w:document><w:body><w:p><w:r><w:t>${inner}</w:t></w:r></w:p></w:body></w:document>`;

describe('J3: a hostile DOCX', { timeout: 240_000 }, () => {
  it('expands no entities, opens no file and no address, and changes no prototype', async () => {
    let laughs = '<!ENTITY l0 "lol">';
    for (let n = 1; n < 12; n += 1) laughs += `<!ENTITY l${String(n)} "${`&l${String(n - 1)};`.repeat(10)}">`;
    const doctype = `<!DOCTYPE x [${laughs}<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY h SYSTEM "http://127.0.0.1:1/">]>`;
    const outcome = await outcomeOf(
      makeZip([
        types,
        {
          name: 'word/document.xml',
          body: `<?xml version="1.0"?>${doctype}${paragraph('Hi &l11; &f; &h; there')}`,
        },
        {
          name: 'word/_rels/document.xml.rels',
          body: '<Relationships><Relationship Id="r1" TargetMode="External" Target="file:///dev/zero"/></Relationships>',
        },
        {
          name: 'word/styles.xml',
          body: '<w:styles><w:style w:styleId="__proto__"><w:name w:val="x"/></w:style></w:styles>',
        },
      ]),
      'a.docx',
    );
    const words = 'text' in outcome ? outcome.text : outcome.refusal;
    expect(words.length).toBeLessThan(1_000);
    expect(words).not.toMatch(/root:|lollol/);
    expect(words).toContain('there');
    await isStillThere();
  });

  it('of a megabyte that holds a gigabyte is refused', async () => {
    const outcome = await outcomeOf(
      makeZip([types, { name: 'word/document.xml', body: Buffer.alloc(60_000_000, ' ') }]),
      'a.docx',
    );
    expect(outcome).toEqual({ refusal: expect.stringContaining('unpack to more than is allowed') });
  });

  it('whose directory lies about its size is stopped while it inflates', async () => {
    const body = Buffer.alloc(150_000_000, ' ');
    const lie = { name: 'word/document.xml', body, claimedSize: 1_000 };
    expect(await outcomeOf(makeZip([types, lie]), 'a.docx')).toEqual({
      refusal: expect.stringMatching(/unpacks? to more than is allowed|damaged|could not be read/),
    });
    await isStillThere();
  });

  it('nested without end, or with one word of a million letters, leaves the reader alive', async () => {
    const deep = `${'<w:tbl><w:tr><w:tc>'.repeat(20_000)}x`;
    await outcomeOf(makeZip([types, { name: 'word/document.xml', body: deep }]), 'a.docx');
    await outcomeOf(
      makeZip([types, { name: 'word/document.xml', body: paragraph('a'.repeat(1_000_000)) }]),
      'a.docx',
    );
    await isStillThere();
  });
});

describe('J4: a hostile PDF', { timeout: 240_000 }, () => {
  const whole = makePdf([[{ text: 'Words on the page of a sound file', x: 60, y: 500 }]]);

  it('cut off anywhere gives text or a clear refusal', async () => {
    for (let cut = 8; cut < whole.byteLength; cut += Math.ceil(whole.byteLength / 1_000)) {
      const outcome = await outcomeOf(whole.subarray(0, cut), 'a.pdf');
      if ('refusal' in outcome) expect(outcome.refusal.length).toBeGreaterThan(20);
    }
    await isStillThere();
  });

  it('that inflates to more than memory is given up, and the next file is read', async () => {
    const packed = deflateSync(Buffer.alloc(600_000_000, ' '), { level: 1 });
    const head = `%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>\nendobj\n4 0 obj\n<< /Length ${String(packed.byteLength)} /Filter /FlateDecode >>\nstream\n`;
    const tail = '\nendstream\nendobj\ntrailer\n<< /Size 5 /Root 1 0 R >>\n%%EOF';
    const bomb = Buffer.concat([Buffer.from(head, 'latin1'), packed, Buffer.from(tail, 'latin1')]);
    expect(await outcomeOf(bomb, 'a.pdf')).toEqual({
      refusal: expect.stringMatching(/memory|long|broke off/),
    });
    await isStillThere();
  });

  it.each([
    ['that claims a million pages', (text: string) => text.replace('/Count 1', '/Count 1000000')],
    [
      'whose pages contain each other',
      (text: string) => text.replace('/Kids [4 0 R]', '/Kids [2 0 R 2 0 R]'),
    ],
    [
      'that runs scripts',
      (text: string) =>
        text.replace(
          '/Type /Catalog',
          '/Type /Catalog /OpenAction << /S /JavaScript /JS (app.launchURL("http://127.0.0.1:1")) >>',
        ),
    ],
  ])('%s leaves the reader alive', async (_name, spoil) => {
    const outcome = await outcomeOf(Buffer.from(spoil(whole.toString('latin1')), 'latin1'), 'a.pdf');
    expect('text' in outcome ? 'text' : outcome.refusal.length > 20).toBeTruthy();
    await isStillThere();
  });

  it('of more pages than are read says so', async () => {
    const pages = Array.from({ length: 2_005 }, (_, n) => [
      { text: `Page number ${String(n)} of many`, x: 60, y: 500 },
    ]);
    const task = { kind: 'document' as const, name: 'a.pdf', url: null, contentType: null, title: null };
    const reply = await bench.parser.parse({ ...task, bytes: makePdf(pages) });
    expect(reply).toMatchObject({ notes: ['Only its first 2000 pages were read.'] });
    expect('text' in reply ? reply.text : '').not.toContain('number 2001 ');
  });

  it('that is locked says so', async () => {
    const locked = whole
      .toString('latin1')
      .replace(
        '/Root 1 0 R',
        `/Root 1 0 R /ID [<01> <01>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${'00'.repeat(32)}> /U <${'11'.repeat(32)}> >>`,
      );
    expect(await outcomeOf(Buffer.from(locked, 'latin1'), 'a.pdf')).toEqual({
      refusal: expect.stringMatching(/password/i),
    });
  });
});

describe('J5: names and types that lie', { timeout: 240_000 }, () => {
  it('are judged by their bytes, and their names are made harmless', async () => {
    const html = `<html><body><h1>Polyglot</h1><p>These words stand in a file that says it is a picture.</p></body></html>`;
    const files: [string, string | Buffer][] = [
      ['picture.png', html],
      ['page.html', Buffer.from('89504e470d0a1a0a0000', 'hex')],
      ['script.txt', Buffer.concat([Buffer.from('GIF89a'), Buffer.from('/*'), Buffer.from(html)])],
      ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
      ['../../../etc/passwd.md', 'Nothing of this name is ever opened as a path by anybody.'],
      ['C:\\boot\\..\\x.md', 'A name of another system says nothing about a place of ours.'],
      [`nul\0byte\u202Egnp.md`, 'Marks that nobody sees are taken out of the name of a file.'],
      [`${'n'.repeat(4_000)}.md`, 'A name of four thousand letters is shortened to what fits a row.'],
      ['__proto__', 'An object is not changed by the name of a file that somebody uploads.'],
    ];
    const given = files.map(([name, body]) => ({
      name,
      mediaType: 'image/png',
      content: [Buffer.from(body)],
    }));
    const id = await bench.sources.createUpload(bench.siteId, 'Files', given);
    await bench.work();
    const { items } = await bench.sources.get(bench.siteId, id);
    for (const item of items) {
      expect(item.id, item.id).not.toMatch(/\.\.|[\\\0\u202E]|^\//);
      expect(item.id.length).toBeLessThanOrEqual(400);
      expect(['found', 'fetched'], item.id).not.toContain(item.state);
      expect(item.reason ?? '').toMatch(/.{15}/);
    }
    const stateOf = (name: string) => items.find((item) => item.id === name)?.state;
    expect(['page.html', 'script.txt', 'drawing.svg'].map(stateOf)).toEqual([
      'skipped',
      'skipped',
      'skipped',
    ]);
    expect(items).toHaveLength(files.length);
    expect(Object.prototype).not.toHaveProperty('state');
  });
});
