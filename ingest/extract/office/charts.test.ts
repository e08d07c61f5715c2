import { describe, expect, it } from 'vitest';
import { makeZip } from '../../../server/testing/zip.ts';
import { ooxmlChartBlocks } from './chart-ooxml.ts';
import { extractOffice } from './office.ts';

const title = (text: string) =>
  `<c:title><c:tx><c:rich><a:p><a:r><a:t>${text}</a:t></a:r></a:p></c:rich></c:tx></c:title>`;
const axis = (kind: string, position: string, text: string) =>
  `<c:${kind}>${title(text)}<c:axPos val="${position}"/></c:${kind}>`;
const points = (values: readonly (string | number)[]) =>
  values.map((value, at) => `<c:pt idx="${String(at)}"><c:v>${String(value)}</c:v></c:pt>`).join('');
const chart = (body: string) =>
  `<c:chartSpace><c:chart>${title('Parcels')}<c:plotArea>${body}</c:plotArea></c:chart></c:chartSpace>`;
/** A series that keeps nothing of the cells that it shows, as some programs write it. */
const bare = (name: string, labels: string, values: string) =>
  `<c:ser><c:tx><c:strRef><c:f>${name}</c:f></c:strRef></c:tx><c:cat><c:strRef><c:f>${labels}</c:f></c:strRef></c:cat>
   <c:val><c:numRef><c:f>${values}</c:f></c:numRef></c:val></c:ser>`;
const relation = (id: string, target: string) => `<Relationship Id="${id}" Target="${target}"/>`;
const relations = (...all: string[]) => `<Relationships>${all.join('')}</Relationships>`;
const row = (number: number, ...cells: (string | number)[]) =>
  `<row r="${String(number)}">${cells
    .map((cell, at) => {
      const place = `r="${'ABCDEF'[at] ?? ''}${String(number)}"`;
      return typeof cell === 'number'
        ? `<c ${place}><v>${String(cell)}</v></c>`
        : `<c ${place} t="inlineStr"><is><t>${cell}</t></is></c>`;
    })
    .join('')}</row>`;

/** A workbook with one shown sheet, one hidden sheet of figures, and one chart on the first. */
function workbook(drawn: string) {
  return makeZip([
    {
      name: 'xl/workbook.xml',
      body: `<workbook><sheets><sheet name="Overview" r:id="r1"/><sheet name="It's data" r:id="r2" state="hidden"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      body: relations(relation('r1', 'worksheets/sheet1.xml'), relation('r2', 'worksheets/sheet2.xml')),
    },
    {
      name: 'xl/worksheets/sheet1.xml',
      body: `<worksheet><sheetData>${row(1, 'Figures of the year')}</sheetData><drawing r:id="d1"/></worksheet>`,
    },
    {
      name: 'xl/worksheets/_rels/sheet1.xml.rels',
      body: relations(relation('d1', '../drawings/drawing1.xml')),
    },
    {
      name: 'xl/worksheets/sheet2.xml',
      body: `<worksheet><sheetData>${row(3, 'Region', 'Sent')}${row(4, 'North', 31)}${row(6, 'South', 47.5)}</sheetData></worksheet>`,
    },
    {
      name: 'xl/drawings/drawing1.xml',
      body: '<xdr:wsDr><xdr:graphicFrame><a:graphicData><c:chart r:id="c1"/></a:graphicData></xdr:graphicFrame></xdr:wsDr>',
    },
    { name: 'xl/drawings/_rels/drawing1.xml.rels', body: relations(relation('c1', '../charts/chart1.xml')) },
    { name: 'xl/charts/chart1.xml', body: drawn },
  ]);
}
const blocksOf = async (bytes: Uint8Array) =>
  (await extractOffice(bytes))?.blocks.map(({ type, text, page }) => [type, text, page]);

describe('charts of workbooks', () => {
  it('stand under their sheet with title, axes, series, labels and values', async () => {
    const kept = `<c:ser><c:tx><c:strRef><c:strCache>${points(['Sent'])}</c:strCache></c:strRef></c:tx>
      <c:cat><c:strRef><c:f>x</c:f><c:strCache>${points(['North', 'South'])}</c:strCache></c:strRef></c:cat>
      <c:val><c:numRef><c:f>y</c:f><c:numCache>${points([31, 47.5])}</c:numCache></c:numRef></c:val></c:ser>`;
    const drawn = chart(`${kept}${axis('catAx', 'b', 'Region')}${axis('valAx', 'l', 'Thousands')}`);
    expect(await blocksOf(workbook(drawn))).toEqual([
      ['heading', 'Overview', 1],
      ['paragraph', 'Figures of the year', 1],
      ['paragraph', 'Parcels (Thousands)', 1],
      ['table', '| Region | Sent |\n| --- | --- |\n| North | 31 |\n| South | 47.5 |', 1],
    ]);
  });

  it('take from the cells, hidden ones too, what they do not keep themselves', async () => {
    const drawn = chart(bare("'It''s data'!$B$3", "'It''s data'!$A$4:$A$6", "'It''s data'!$B$4:$B$6"));
    expect((await blocksOf(workbook(drawn)))?.at(-1)?.[1]).toBe(
      '|  | Sent |\n| --- | --- |\n| North | 31 |\n| South | 47.5 |',
    );
  });

  it('are told by their namespace, whatever prefixes the file has', async () => {
    const ns = 'http://schemas.openxmlformats.org/drawingml/2006';
    const drawn = chart(bare("'It''s data'!$B$3", "'It''s data'!$A$4:$A$6", "'It''s data'!$B$4:$B$6"))
      .replaceAll(/<(\/?)c:/g, '<$1')
      .replaceAll(/<(\/?)a:/g, '<$1x:')
      .replace('<chartSpace>', `<chartSpace xmlns="${ns}/chart" xmlns:x="${ns}/main">`);
    expect((await blocksOf(workbook(drawn)))?.slice(-2).map(([, text]) => text)).toEqual([
      'Parcels',
      '|  | Sent |\n| --- | --- |\n| North | 31 |\n| South | 47.5 |',
    ]);
  });

  it('are left out where the cells are not there, without harm to the rest', async () => {
    for (const reference of ["'No'!$A$1:$A$9", 'nonsense', "'It''s data'!$A$1:$A$99999999", '[1]Other!$A$1'])
      expect((await blocksOf(workbook(chart(bare('x', 'x', reference)))))?.slice(0, 3)).toEqual([
        ['heading', 'Overview', 1],
        ['paragraph', 'Figures of the year', 1],
        ['paragraph', 'Parcels', 1],
      ]);
  });
});

describe('titles of axes', () => {
  const series = `<c:ser><c:xVal>${points([1])}</c:xVal><c:yVal>${points([2])}</c:yVal></c:ser>`;
  const textsOf = (axes: string) =>
    ooxmlChartBlocks(Buffer.from(chart(series + axes)), null).map(({ text }) => text);

  it('tell labels from values, also where both axes have values or lie', () => {
    const plane = axis('valAx', 'l', 'Price') + axis('valAx', 'b', 'Weight');
    expect(textsOf(plane)).toEqual(['Parcels (Price)', '| Weight | Series 1 |\n| --- | --- |\n| 1 | 2 |']);
    const lying = axis('catAx', 'l', 'Region') + axis('valAx', 'b', 'Price');
    expect(textsOf(lying)[1]).toContain('| Region | Series 1 |');
  });

  it('may come from a cell, as the title of the chart may', () => {
    const linked = `<c:title><c:tx><c:strRef><c:strCache>${points(['From a cell'])}</c:strCache></c:strRef></c:tx></c:title>`;
    const xml = `<c:chart>${linked}${series}<c:catAx>${linked.replace('From a cell', 'Region')}</c:catAx></c:chart>`;
    const [caption, table] = ooxmlChartBlocks(Buffer.from(xml), null).map(({ text }) => text);
    expect(caption).toBe('From a cell');
    expect(table).toContain('| Region |');
  });
});

describe('charts of OpenDocument', () => {
  const cells = (...all: (string | number)[]) =>
    `<table:table-row>${all
      .map((cell) =>
        typeof cell === 'number'
          ? `<table:table-cell office:value-type="float" office:value="${String(cell)}"><text:p>${String(cell)}</text:p></table:table-cell>`
          : `<table:table-cell office:value-type="string"><text:p>${cell}</text:p></table:table-cell>`,
      )
      .join('')}</table:table-row>`;
  const named = (tag: string, text: string) => `<chart:${tag}><text:p>${text}</text:p></chart:${tag}>`;
  const object = `<office:document-content><office:body><office:chart><chart:chart chart:class="chart:bar">
    ${named('title', 'Parcels')}${named('subtitle', 'of 2026')}
    <chart:plot-area>
      <chart:axis chart:dimension="x">${named('title', 'Region')}<chart:categories/></chart:axis>
      <chart:axis chart:dimension="y">${named('title', 'Thousands')}</chart:axis>
      <chart:series chart:label-cell-address="local-table.$B$1"/>
    </chart:plot-area>
    <table:table table:name="local-table"><table:table-header-rows>${cells('', 'Sent', 'Lost')}</table:table-header-rows>
    <table:table-rows>${cells('North', 31, 1)}${cells('South', 47.5, 'NaN')}${cells('', '', '')}</table:table-rows></table:table>
    </chart:chart></office:chart></office:body></office:document-content>`;
  const frame =
    '<draw:frame><draw:object xlink:href="./Object 1"/><draw:image xlink:href="./ObjectReplacements/Object 1"/></draw:frame>';
  const file = (body: string) =>
    makeZip([
      { name: 'mimetype', body: 'application/vnd.oasis.opendocument.text' },
      {
        name: 'content.xml',
        body: `<office:document-content><office:body>${body}</office:body></office:document-content>`,
      },
      { name: 'Object 1/content.xml', body: object },
      { name: 'Object 2/content.xml', body: '<math:math><math:mi>x</math:mi></math:math>' },
    ]);
  const table = '| Region | Sent | Lost |\n| --- | --- | --- |\n| North | 31 | 1 |\n| South | 47.5 |  |';
  const told = [
    ['paragraph', 'Parcels of 2026 (Thousands)', null],
    ['table', table, null],
  ];

  it('stand where they are drawn in a text, and formulas are no charts', async () => {
    const formula = '<text:p><draw:frame><draw:object xlink:href="./Object 2"/></draw:frame></text:p>';
    const body = `<text:p>Before.</text:p><text:p>${frame}</text:p>${formula}<text:p>After.</text:p>`;
    expect(await blocksOf(file(`<office:text>${body}</office:text>`))).toEqual([
      ['paragraph', 'Before.', null],
      ...told,
      ['paragraph', 'After.', null],
    ]);
  });

  it('come after the table that they are anchored in: a sheet', async () => {
    const sheet = `<table:table table:name="Sheet1"><table:shapes>${frame}</table:shapes>${cells('Region', 'Sent')}${cells('North', 31)}</table:table>`;
    expect(await blocksOf(file(`<office:spreadsheet>${sheet}</office:spreadsheet>`))).toEqual([
      ['table', '| Region | Sent |\n| --- | --- |\n| North | 31 |', null],
      ...told,
    ]);
  });

  it('are read on a slide', async () => {
    const slide = `<draw:page><draw:frame><draw:text-box><text:p>Figures</text:p></draw:text-box></draw:frame>${frame}</draw:page>`;
    expect(await blocksOf(file(`<office:presentation>${slide}</office:presentation>`))).toEqual([
      ['paragraph', 'Figures', null],
      ...told,
    ]);
  });
});
