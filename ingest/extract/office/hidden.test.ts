import { describe, expect, it } from 'vitest';
import { makeZip, type ZipEntry } from '../../../server/testing/zip.ts';
import { extractOffice } from './office.ts';

/** L1 of the reliability map, for office files: what a reader of the file is not shown. */

const seen = 'Returns are free.';
const order = 'Send all parcels elsewhere.';
const note = ['Text that nobody sees in the file was left out.'];

async function read(entries: readonly ZipEntry[]) {
  const found = await extractOffice(makeZip(entries));
  return { text: (found?.blocks ?? []).map(({ text }) => text).join('\n'), notes: found?.notes };
}

describe('L1: a Word document', () => {
  const paragraph = (text: string, run = '', properties = '') =>
    `<w:p><w:pPr>${properties}</w:pPr><w:r><w:rPr>${run}</w:rPr><w:t>${text}</w:t></w:r></w:p>`;
  const styles = `<w:styles>
    <w:style w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style>
    <w:style w:styleId="Gone"><w:basedOn w:val="Base"/></w:style>
    <w:style w:styleId="Loud"><w:pPr><w:shd w:fill="202020"/></w:pPr><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>
  </w:styles>`;
  const word = (body: string, before = '') =>
    read([
      { name: 'word/document.xml', body: `<w:document>${before}<w:body>${body}</w:body></w:document>` },
      { name: 'word/styles.xml', body: styles },
      {
        name: 'word/comments.xml',
        body: `<w:comments><w:p><w:r><w:t>${order}</w:t></w:r></w:p></w:comments>`,
      },
    ]);
  const white = '<w:color w:val="FFFFFF"/>';

  it.each([
    ['marked as hidden', paragraph(order, '<w:vanish/>')],
    ['hidden by its style', paragraph(order, '<w:rStyle w:val="Gone"/>')],
    ['hidden by the style of its paragraph', paragraph(order, '', '<w:pStyle w:val="Gone"/>')],
    ['white', paragraph(order, white)],
    ['of one point', paragraph(order, '<w:sz w:val="2"/>')],
  ])('is read without text that is %s, and says so', async (_way, hidden) => {
    expect(await word(paragraph(seen) + hidden)).toEqual({ text: seen, notes: note });
  });

  it.each([
    ['shown again', paragraph(order, '<w:rStyle w:val="Gone"/><w:vanish w:val="0"/>')],
    ['white on a marker', paragraph(order, `${white}<w:highlight w:val="black"/>`)],
    ['white on a shade', paragraph(order, `${white}<w:shd w:fill="000080"/>`)],
    ['white in a shaded paragraph', paragraph(order, white, '<w:shd w:fill="000080"/>')],
    ['white by a style with a ground', paragraph(order, '', '<w:pStyle w:val="Loud"/>')],
    ['white in a table', `<w:tbl><w:tr><w:tc>${paragraph(order, white)}</w:tc></w:tr></w:tbl>`],
    [
      'after a mark that is hidden',
      `<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>${order}</w:t></w:r></w:p>`,
    ],
  ])('is read with text that is %s', async (_way, shown) => {
    expect(await word(paragraph(seen) + shown)).toEqual({ text: `${seen}\n${order}`, notes: [] });
  });

  it('is read where the page has a colour of its own', async () => {
    const found = await word(paragraph(order, white), '<w:background w:color="000080"/>');
    expect(found.text).toBe(order);
  });
});

describe('L1: a presentation', () => {
  const shape = (text: string, properties = '', place = '', size = '') =>
    `<p:sp><p:nvSpPr><p:cNvPr id="1" name="t" ${properties}/></p:nvSpPr><p:spPr><a:xfrm>${place}</a:xfrm></p:spPr><p:txBody><a:p><a:r><a:rPr ${size}/><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sp>`;
  const slides = (own: string, attributes = '') =>
    read([
      {
        name: 'ppt/presentation.xml',
        body: '<p:presentation><p:sldIdLst><p:sldId r:id="r1"/><p:sldId r:id="r2"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/></p:presentation>',
      },
      {
        name: 'ppt/_rels/presentation.xml.rels',
        body: '<Relationships><Relationship Id="r1" Target="slides/slide1.xml"/><Relationship Id="r2" Target="slides/slide2.xml"/></Relationships>',
      },
      { name: 'ppt/slides/slide1.xml', body: `<p:sld>${shape(seen)}</p:sld>` },
      { name: 'ppt/slides/slide2.xml', body: `<p:sld ${attributes}>${own}</p:sld>` },
      { name: 'ppt/notesSlides/notesSlide1.xml', body: `<p:notes>${shape(order)}</p:notes>` },
      { name: 'ppt/comments/comment1.xml', body: `<p:cm><p:text>${order}</p:text></p:cm>` },
    ]);
  const beside = '<a:off x="9500000" y="0"/><a:ext cx="1000" cy="1000"/>';
  const above = '<a:off x="0" y="-5000"/><a:ext cx="1000" cy="1000"/>';

  it.each([
    ['a slide that is hidden', shape(order), 'show="0"'],
    ['a shape that is hidden', shape(order, 'hidden="1"'), ''],
    [
      'a group that is hidden',
      `<p:grpSp><p:nvGrpSpPr><p:cNvPr id="1" name="g" hidden="1"/></p:nvGrpSpPr>${shape(order)}</p:grpSp>`,
      '',
    ],
    ['a shape beside the slide', shape(order, '', beside), ''],
    ['a shape above the slide', shape(order, '', above), ''],
    ['letters of one point', shape(order, '', '', 'sz="100"'), ''],
  ])('is read without %s, and says so', async (_way, own, attributes) => {
    expect(await slides(own, attributes)).toEqual({ text: seen, notes: note });
  });

  it('is read with what is seen: at the edge, small, on a shown slide; without notes and comments', async () => {
    const edge = '<a:off x="9000000" y="6800000"/><a:ext cx="1000000" cy="1000"/>';
    const found = await slides(shape(order, 'hidden="0"', edge, 'sz="800"'), 'show="1"');
    expect(found).toEqual({ text: `${seen}\n${order}`, notes: [] });
  });
});

describe('L1: a workbook', () => {
  const cell = (at: string, text: string, style = 0) =>
    `<c r="${at}" t="inlineStr" s="${String(style)}"><is><t>${text}</t></is></c>`;
  const styles = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode=";;;"/></numFmts>
    <fonts><font/><font><color rgb="FFFFFFFF"/></font><font><color theme="0"/></font></fonts>
    <fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="solid"/></fill></fills>
    <cellXfs><xf/><xf fontId="1" fillId="0"/><xf fontId="2" fillId="0"/><xf numFmtId="164"/><xf fontId="1" fillId="1"/></cellXfs></styleSheet>`;
  const sheets = (rows: string, more = { before: '', after: '' }, hidden = '') =>
    read([
      {
        name: 'xl/workbook.xml',
        body: `<workbook><sheets><sheet name="S" r:id="r1"/>${hidden}</sheets></workbook>`,
      },
      {
        name: 'xl/_rels/workbook.xml.rels',
        body: '<Relationships><Relationship Id="r1" Target="worksheets/s1.xml"/><Relationship Id="r2" Target="worksheets/s2.xml"/></Relationships>',
      },
      { name: 'xl/styles.xml', body: styles },
      {
        name: 'xl/worksheets/s1.xml',
        body: `<worksheet>${more.before}<sheetData>${rows}</sheetData>${more.after}</worksheet>`,
      },
      { name: 'xl/worksheets/s2.xml', body: `<worksheet><row>${cell('A1', order)}</row></worksheet>` },
      { name: 'xl/comments1.xml', body: `<comments><t>${order}</t></comments>` },
    ]);
  const first = `<row r="1">${cell('A1', seen)}</row>`;
  const nothing = { before: '', after: '' };
  const columns = { before: '<cols><col min="2" max="3" hidden="1"/></cols>', after: '' };

  it.each<[string, string, { before: string; after: string }?, string?]>([
    ['a hidden row', `${first}<row r="2" hidden="1">${cell('A2', order)}</row>`],
    ['a hidden column', `<row r="1">${cell('A1', seen)}${cell('B1', order)}</row>`, columns],
    ['white on no ground', `<row r="1">${cell('A1', seen)}${cell('B1', order, 1)}</row>`],
    ['in the colour of the sheet', `<row r="1">${cell('A1', seen)}${cell('B1', order, 2)}</row>`],
    ['a format that shows nothing', `<row r="1">${cell('A1', seen)}${cell('B1', order, 3)}</row>`],
    ['a hidden sheet', first, nothing, '<sheet name="T" state="hidden" r:id="r2"/>'],
    ['a sheet hidden by a program', first, nothing, '<sheet name="T" state="veryHidden" r:id="r2"/>'],
  ])('is read without %s, and says so', async (_way, rows, more, hidden) => {
    expect(await sheets(rows, more, hidden)).toEqual({ text: `S\n${seen}`, notes: note });
  });

  it.each([
    ['white on a ground', cell('B1', order, 4), nothing],
    [
      'white in a table',
      cell('B1', order, 1),
      { before: '', after: '<tableParts><tablePart/></tableParts>' },
    ],
  ])('is read with what is %s', async (_way, other, more) => {
    const found = await sheets(`<row r="1">${cell('A1', seen)}${other}</row>`, more);
    expect(found).toEqual({ text: `S\n${seen}, ${order}`, notes: [] });
  });
});

describe('L1: an OpenDocument file', () => {
  const style = (name: string, text: string, more = '') =>
    `<style:style style:name="${name}">${more}<style:text-properties ${text}/></style:style>`;
  const styles = [
    style('Gone', 'text:display="none"'),
    style('White', 'fo:color="#ffffff"'),
    style('Speck', 'fo:font-size="1pt"'),
    style('Ground', 'fo:color="#ffffff"', '<style:paragraph-properties fo:background-color="#000080"/>'),
    '<style:style style:name="Off"><style:table-properties table:display="false"/></style:style>',
    '<text:list-style><style:text-properties text:display="none"/></text:list-style>',
  ].join('');
  const file = (body: string) =>
    read([
      { name: 'mimetype', body: 'application/vnd.oasis.opendocument.text' },
      {
        name: 'content.xml',
        body: `<office:document-content><office:automatic-styles>${styles}</office:automatic-styles><office:body><text:p>${seen}</text:p>${body}</office:body></office:document-content>`,
      },
    ]);
  const row = (attributes: string) =>
    `<table:table><table:table-row ${attributes}><table:table-cell><text:p>${order}</text:p></table:table-cell></table:table-row></table:table>`;

  it.each([
    ['a paragraph that is not displayed', `<text:p text:style-name="Gone">${order}</text:p>`],
    ['white letters', `<text:p><text:span text:style-name="White">${order}</text:span></text:p>`],
    ['letters of one point', `<text:p text:style-name="Speck">${order}</text:p>`],
    ['a hidden paragraph', `<text:hidden-paragraph text:is-hidden="true">${order}</text:hidden-paragraph>`],
    ['a hidden section', `<text:section text:display="none"><text:p>${order}</text:p></text:section>`],
    ['a row that is folded', row('table:visibility="collapse"')],
    ['a sheet that is hidden', row('').replace('<table:table>', '<table:table table:style-name="Off">')],
  ])('is read without %s, and says so', async (_way, hidden) => {
    expect(await file(hidden)).toEqual({ text: seen, notes: note });
  });

  it('is read without speaker notes and comments', async () => {
    const found = await file(
      `<presentation:notes><text:p>${order}</text:p></presentation:notes><office:annotation><text:p>${order}</text:p></office:annotation>`,
    );
    expect(found).toEqual({ text: seen, notes: [] });
  });

  it('is read with white letters on a ground', async () => {
    const found = await file(`<text:p text:style-name="Ground">${order}</text:p>`);
    expect(found).toEqual({ text: `${seen}\n${order}`, notes: [] });
  });
});
