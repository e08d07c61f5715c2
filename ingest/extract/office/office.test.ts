import { describe, expect, it } from 'vitest';
import { makeZip } from '../../../server/testing/zip.ts';
import { openArchive } from '../archive.ts';
import { extractOffice } from './office.ts';
import { parseCsv } from '../../../server/domain/csv.ts';
import { rowBlocks } from './rows.ts';

const word = (body: string, parts: Record<string, string> = {}) =>
  makeZip([
    { name: 'word/document.xml', body: `<w:document xmlns:w="w"><w:body>${body}</w:body></w:document>` },
    ...Object.entries(parts).map(([name, text]) => ({ name, body: text })),
  ]);
const textOf = async (bytes: Uint8Array) => (await extractOffice(bytes))?.blocks.map((entry) => entry.text);
const run = (text: string) => `<w:r><w:t>${text}</w:t></w:r>`;

describe('Word', () => {
  it('reads headings by style, lists, tables and notes, without what was deleted', async () => {
    const styles = '<w:styles><w:style w:styleId="H2"><w:name w:val="heading 2"/></w:style></w:styles>';
    const numbering =
      '<w:numbering><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num></w:numbering>';
    const item = (text: string, id: string, level = '0') =>
      `<w:p><w:pPr><w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${id}"/></w:numPr></w:pPr>${run(text)}</w:p>`;
    const cell = (text: string) => `<w:tc><w:p>${run(text)}</w:p></w:tc>`;
    const bytes = word(
      `<w:p><w:pPr><w:pStyle w:val="H2"/></w:pPr>${run('Returns')}</w:p>
       <w:p>${run('Send ')}<w:del>${run('nothing')}</w:del><w:r><w:tab/><w:t>it</w:t><w:br/><w:t>back</w:t></w:r></w:p>
       ${item('Pack', '5')}${item('Send', '5')}${item('Paper', '7', '1')}
       <w:tbl><w:tr>${cell('Size')}${cell('Fee')}</w:tr><w:tr>${cell('L')}${cell('4 EUR')}</w:tr></w:tbl>
       <mc:AlternateContent><mc:Choice><w:p>${run('Once')}</w:p></mc:Choice><mc:Fallback><w:p>${run('Twice')}</w:p></mc:Fallback></mc:AlternateContent>`,
      {
        'word/styles.xml': styles,
        'word/numbering.xml': numbering,
        'word/_rels/document.xml.rels':
          '<Relationships><Relationship Id="r1" Target="footnotes.xml"/></Relationships>',
        'word/footnotes.xml': `<w:footnotes><w:p>${run('A note.')}</w:p></w:footnotes>`,
        'docProps/core.xml': '<p><dc:title>Handbook</dc:title></p>',
      },
    );
    const found = await extractOffice(bytes);
    expect(found?.title).toBe('Handbook');
    expect(found?.blocks.map(({ type, text }) => [type, text])).toEqual([
      ['heading', 'Returns'],
      ['paragraph', 'Send it back'],
      ['list', '1. Pack\n2. Send\n  - Paper'],
      ['table', '| Size | Fee |\n| --- | --- |\n| L | 4 EUR |'],
      ['paragraph', 'Once'],
      ['paragraph', 'A note.'],
    ]);
  });

  it('says what merged cells say in every place that they cover', async () => {
    const cell = (text: string, properties = '') =>
      `<w:tc><w:tcPr>${properties}</w:tcPr><w:p>${run(text)}</w:p></w:tc>`;
    const bytes = word(
      `<w:tbl><w:tr>${cell('Size')}${cell('Fee', '<w:gridSpan w:val="2"/>')}</w:tr>
       <w:tr>${cell('L', '<w:vMerge w:val="restart"/>')}${cell('net')}${cell('4')}</w:tr>
       <w:tr>${cell('', '<w:vMerge/>')}${cell('gross')}${cell('5')}</w:tr>
       <w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>${cell('late')}${cell('6')}</w:tr></w:tbl>`,
    );
    expect(await textOf(bytes)).toEqual([
      '| Size | Fee | Fee |\n| --- | --- | --- |\n| L | net | 4 |\n| L | gross | 5 |\n|  | late | 6 |',
    ]);
  });

  it('writes formulas in a line', async () => {
    const math =
      '<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f><m:sSup><m:e><m:r><m:t>c</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>';
    expect(await textOf(word(`<w:p>${run('It is ')}${math}</w:p>`))).toEqual(['It is a/bc^2']);
  });

  it('expands no entities and fetches nothing', async () => {
    const lol =
      '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>';
    const bytes = makeZip([
      {
        name: 'word/document.xml',
        body: `${lol}<w:document><w:p><w:r><w:t>Hi &b; &f;</w:t></w:r></w:p></w:document>`,
      },
      {
        name: 'word/_rels/document.xml.rels',
        body: '<Relationships><Relationship Id="1" TargetMode="External" Target="file:///etc/footnotes.xml"/><Relationship Id="2" Target="../../../../etc/footnotes.xml"/></Relationships>',
      },
      {
        name: 'word/styles.xml',
        body: '<w:styles><w:style w:styleId="__proto__"><w:name w:val="heading 1"/></w:style></w:styles>',
      },
    ]);
    expect((await textOf(bytes))?.join('')).toMatch(/^Hi &b; &f;$/);
    expect(Object.prototype).not.toHaveProperty('heading');
  });
});

it('reads slides in the order of the presentation, with titles and numbers', async () => {
  const slide = (title: string, text: string) =>
    `<p:sld><p:sp><p:ph type="title"/><a:p><a:r><a:t>${title}</a:t></a:r></a:p></p:sp><p:sp><p:ph type="body"/><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:sp></p:sld>`;
  const found = await extractOffice(
    makeZip([
      {
        name: 'ppt/presentation.xml',
        body: '<p:presentation><p:sldId r:id="b"/><p:sldId r:id="a"/></p:presentation>',
      },
      {
        name: 'ppt/_rels/presentation.xml.rels',
        body: '<R><Relationship Id="a" Target="slides/slide1.xml"/><Relationship Id="b" Target="slides/slide2.xml"/></R>',
      },
      { name: 'ppt/slides/slide1.xml', body: slide('Second', 'two') },
      { name: 'ppt/slides/slide2.xml', body: slide('First', 'one') },
    ]),
  );
  expect(found?.blocks.map(({ type, text, page }) => [type, text, page])).toEqual([
    ['heading', 'First', 1],
    ['list', '- one', 1],
    ['heading', 'Second', 2],
    ['list', '- two', 2],
  ]);
});

it('reads OpenDocument text and workbooks', async () => {
  const odt = makeZip([
    { name: 'mimetype', body: 'application/vnd.oasis.opendocument.text' },
    {
      name: 'content.xml',
      body: '<office:document-content><office:body><text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:h text:outline-level="2">Care</text:h><text:p>Wash<text:s text:c="2"/>cold.</text:p><text:list><text:p>Dry</text:p></text:list></office:body></office:document-content>',
    },
  ]);
  expect(await textOf(odt)).toEqual(['Care', 'Wash cold.', '- Dry']);
  const xlsx = makeZip([
    {
      name: 'xl/workbook.xml',
      body: '<workbook><sheet name="Prices" r:id="1"/><sheet name="Secret" state="hidden" r:id="1"/></workbook>',
    },
    { name: 'xl/_rels/workbook.xml.rels', body: '<R><Relationship Id="1" Target="worksheets/s1.xml"/></R>' },
    {
      name: 'xl/sharedStrings.xml',
      body: '<sst><si><t>Item</t></si><si><r><t>Te</t></r><r><t>nt</t></r></si></sst>',
    },
    {
      name: 'xl/worksheets/s1.xml',
      body: '<s><row><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>Price</t></is></c></row><row><c r="A2" t="s"><v>1</v></c><c r="C2"><v>99.5</v></c></row></s>',
    },
  ]);
  expect(await textOf(xlsx)).toEqual([
    'Prices',
    '| Item |  | Price |\n| --- | --- | --- |\n| Tent |  | 99.5 |',
  ]);
});

it('reads values separated by comma, semicolon or tab, and says the head again every few rows', () => {
  expect(parseCsv('a,b\r\n"x, ""y""\nz",2\n')).toEqual([['a', 'b'], ['x, "y"\nz', '2'], ['']]);
  expect(parseCsv('a;b\n1,5;2')[1]).toEqual(['1,5', '2']);
  expect(parseCsv('"open')).toEqual([['open']]);
  const blocks = rowBlocks([['k', 'v'], ...Array.from({ length: 30 }, (_, n) => [String(n), 'x'])], null);
  expect(blocks.length).toBe(3);
  for (const entry of blocks) expect(entry.text.startsWith('| k | v |')).toBe(true);
});

it('shows dates, times and shares of a workbook as its cells do, not as the numbers that they are kept as', async () => {
  const cell = (style: number, value: string) => `<c s="${String(style)}"><v>${value}</v></c>`;
  const cells = [
    cell(1, '46351'),
    cell(2, '0.125'),
    cell(3, '46351.375'),
    cell(4, '0.375'),
    cell(5, '1.5'),
    cell(0, '0.30000000000000004'),
    cell(0, '491512345678901'),
    cell(6, '12.5'),
  ];
  const workbook = (properties: string) =>
    makeZip([
      {
        name: 'xl/workbook.xml',
        body: `<workbook>${properties}<sheets><sheet name="S" r:id="r1"/></sheets></workbook>`,
      },
      {
        name: 'xl/_rels/workbook.xml.rels',
        body: '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
      },
      {
        name: 'xl/styles.xml',
        body: `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="d\\. mmmm yyyy hh:mm"/><numFmt numFmtId="165" formatCode="#,##0.00&quot; day&quot;;[Red]-0"/></numFmts>
          <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${[0, 14, 10, 164, 20, 46, 165].map((id) => `<xf numFmtId="${String(id)}"/>`).join('')}</cellXfs></styleSheet>`,
      },
      {
        name: 'xl/worksheets/sheet1.xml',
        body: `<worksheet><row>${cells.join('')}</row></worksheet>`,
      },
    ]);
  expect((await textOf(workbook('')))?.at(-1)).toBe(
    '2026-11-25, 12.5%, 2026-11-25 09:00, 09:00, 36:00, 0.3, 491512345678901, 12.5',
  );
  expect((await textOf(workbook('<workbookPr date1904="1"/>')))?.at(-1)).toContain('2030-11-26, 12.5%');
});

describe('hostile archives', () => {
  const refused = (bytes: Uint8Array) =>
    expect(openArchive(bytes)).rejects.toMatchObject({ code: 'extract-failed' });

  it('refuses a bomb by its directory', async () => {
    await refused(makeZip([{ name: 'word/document.xml', body: Buffer.alloc(30_000_000) }]));
    await refused(makeZip(Array.from({ length: 5_001 }, (_, n) => ({ name: `f${String(n)}`, body: '' }))));
  });

  it('refuses a directory that lies about sizes, while inflating', async () => {
    const archive = await openArchive(
      makeZip([{ name: 'a', body: Buffer.alloc(1_000_000), claimedSize: 10 }]),
    );
    await expect(archive.read('a')).rejects.toThrow();
  });

  it('takes names for names only, and damage for damage', async () => {
    const archive = await openArchive(makeZip([{ name: 'word/a.xml', body: 'x' }]));
    expect(await archive.read('../../etc/passwd')).toBeNull();
    const whole = word(`<w:p>${run('Text')}</w:p>`);
    for (let cut = 1; cut < whole.byteLength; cut += 7) await refused(whole.subarray(0, cut));
    expect(await extractOffice(makeZip([{ name: 'a.txt', body: 'x' }]))).toBeNull();
  });
});
