import { describe, expect, it } from 'vitest';
import { makeZip } from '../../../server/testing/zip.ts';
import { ooxmlChartBlocks } from './chart-ooxml.ts';
import { extractOffice } from './office.ts';

const points = (values: readonly (string | number)[]) =>
  values.map((value, at) => `<c:pt idx="${String(at)}"><c:v>${String(value)}</c:v></c:pt>`).join('');
const cache = (tag: string, values: readonly (string | number)[], format = 'General') =>
  `<c:${tag}><c:numRef><c:f>A1</c:f><c:numCache><c:formatCode>${format}</c:formatCode>${points(values)}</c:numCache></c:numRef></c:${tag}>`;
const series = (name: string, labels: readonly string[], values: readonly number[], format?: string) =>
  `<c:ser><c:tx><c:strRef><c:strCache>${points([name])}</c:strCache></c:strRef></c:tx>
   <c:cat><c:strRef><c:strCache>${points(labels)}</c:strCache></c:strRef></c:cat>${cache('val', values, format)}</c:ser>`;
const chart = (title: string, ...all: string[]) =>
  `<c:chartSpace><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>${title}</a:t></a:r></a:p></c:rich></c:tx></c:title>
   <c:plotArea><c:barChart>${all.join('')}</c:barChart>
   <c:catAx><c:title><c:tx><c:rich><a:p><a:r><a:t>Axis</a:t></a:r></a:p></c:rich></c:tx></c:title></c:catAx></c:plotArea></c:chart></c:chartSpace>`;
const tableOf = (xml: string) => ooxmlChartBlocks(Buffer.from(xml), null).at(-1)?.text;

const diagram = `<dgm:dataModel><dgm:ptLst>
  <dgm:pt modelId="0" type="doc"><dgm:t><a:p><a:r><a:t>Layout</a:t></a:r></a:p></dgm:t></dgm:pt>
  <dgm:pt modelId="1"><dgm:t><a:p><a:r><a:t>Order the </a:t></a:r><a:r><a:t>parcel</a:t></a:r></a:p></dgm:t></dgm:pt>
  <dgm:pt modelId="2" type="sibTrans"><dgm:t><a:p><a:r><a:t>Arrow</a:t></a:r></a:p></dgm:t></dgm:pt>
  <dgm:pt modelId="3" type="node"><dgm:t><a:p><a:r><a:t>Send it</a:t></a:r></a:p><a:p><a:r><a:t>back</a:t></a:r></a:p></dgm:t></dgm:pt>
</dgm:ptLst></dgm:dataModel>`;

describe('drawings of office files', () => {
  it('stand where they are drawn in a presentation, as table and list, on the slide that they are on', async () => {
    const bytes = makeZip([
      { name: 'ppt/presentation.xml', body: '<p:presentation><p:sldId r:id="r1"/></p:presentation>' },
      {
        name: 'ppt/_rels/presentation.xml.rels',
        body: '<Relationships><Relationship Id="r1" Target="slides/slide1.xml"/></Relationships>',
      },
      {
        name: 'ppt/slides/slide1.xml',
        body: `<p:sld><p:sp><p:ph type="title"/><a:p><a:t>Sales</a:t></a:p></p:sp>
          <p:graphicFrame><c:chart r:id="c1"/></p:graphicFrame><p:graphicFrame><dgm:relIds r:dm="d1" r:lo="l1"/></p:graphicFrame>
          <p:sp><a:p><a:t>As of March.</a:t></a:p></p:sp></p:sld>`,
      },
      {
        name: 'ppt/slides/_rels/slide1.xml.rels',
        body: `<Relationships><Relationship Id="c1" Target="../charts/chart1.xml"/><Relationship Id="d1" Target="../diagrams/data1.xml"/></Relationships>`,
      },
      {
        name: 'ppt/charts/chart1.xml',
        body: chart(
          'Sold',
          series('Tents', ['North', 'South'], [3, 4.5]),
          series('Boots', ['North', 'South'], [7, 0.1]),
        ),
      },
      { name: 'ppt/diagrams/data1.xml', body: diagram },
    ]);
    const found = await extractOffice(bytes);
    expect(found?.blocks.map(({ type, text, page }) => [type, text, page])).toEqual([
      ['heading', 'Sales', 1],
      ['paragraph', 'Sold', 1],
      ['table', '| Axis | Tents | Boots |\n| --- | --- | --- |\n| North | 3 | 7 |\n| South | 4.5 | 0.1 |', 1],
      ['list', '- Order the parcel\n- Send it back', 1],
      ['paragraph', 'As of March.', 1],
    ]);
  });

  it('stand in a Word document under its heading', async () => {
    const bytes = makeZip([
      {
        name: 'word/document.xml',
        body: '<w:document><w:body><w:p><w:r><w:t>Before.</w:t></w:r></w:p><w:p><w:r><w:drawing><c:chart r:id="c1"/></w:drawing></w:r></w:p><w:p><w:r><w:t>After.</w:t></w:r></w:p></w:body></w:document>',
      },
      {
        name: 'word/_rels/document.xml.rels',
        body: '<Relationships><Relationship Id="c1" Target="charts/chart1.xml"/></Relationships>',
      },
      { name: 'word/charts/chart1.xml', body: chart('Fees', series('Fee', ['L'], [4])) },
    ]);
    const texts = (await extractOffice(bytes))?.blocks.map(({ text }) => text);
    expect(texts).toEqual(['Before.', 'Fees', '| Axis | Fee |\n| --- | --- |\n| L | 4 |', 'After.']);
  });

  it('show numbers as their format says, and gaps as gaps', () => {
    expect(tableOf(chart('', series('Share', ['A', 'B'], [0.125, 0.3], '0.0%')))).toContain(
      '| A | 12.5% |\n| B | 30% |',
    );
    expect(
      tableOf(chart('', `<c:ser>${cache('cat', [45_000], 'd/m/yyyy')}${cache('val', [0.1 + 0.2])}</c:ser>`)),
    ).toBe('| Axis | Series 1 |\n| --- | --- |\n| 2023-03-15 | 0.3 |');
    const gap = `<c:ser><c:val><c:numCache><c:pt idx="2"><c:v>5</c:v></c:pt></c:numCache></c:val></c:ser>`;
    expect(tableOf(chart('', gap))).toContain('| 3 | 5 |');
  });

  it('cost little when they are huge or broken', () => {
    const many = chart(
      '',
      series(
        'S',
        [],
        Array.from({ length: 50_000 }, (_, at) => at),
      ),
    );
    expect(tableOf(many)?.split('\n')).toHaveLength(202);
    const far = '<c:ser><c:val><c:pt idx="99999999999"><c:v>1</c:v></c:pt></c:val></c:ser>';
    expect(tableOf(chart('', far))).toContain('| 1 |');
    expect(ooxmlChartBlocks(Buffer.from('<c:ser><c:val><c:v>'), null)).toEqual([]);
  });
});
