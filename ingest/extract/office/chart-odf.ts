import type { Archive } from '../archive.ts';
import { squeeze, type Block } from '../types.ts';
import { chartBlocks, maxPoints, maxSeries, type Chart } from './chart.ts';
import { walkXml } from './xml.ts';

type Place = 'title' | 'label' | 'value';

interface Gathered {
  names: Record<Place, string>;
  rows: string[][];
}

/** Where a title stands: over the chart, or along an axis (ODF 1.3, part 3, 11.2 and 19.62). */
function placeOf(dimension: string | null): Place {
  if (dimension === null) return 'title';
  return dimension === 'x' ? 'label' : 'value';
}

/** Gathers a chart's titles, and the table of its own that holds what it shows (ODF 1.3, part 3, 11.1). */
function gather(bytes: Buffer): Gathered {
  const names: Record<Place, string> = { title: '', label: '', value: '' };
  const rows: string[][] = [];
  let dimension: string | null = null;
  let [isTitle, isInTable, isText] = [false, false, false];
  let row: string[] = [];
  let [text, number] = ['', ''];
  walkXml(bytes, {
    open(name, attributes) {
      if (name === 'chart:axis') dimension = attributes['chart:dimension'] ?? 'x';
      else if (name === 'chart:title' || name === 'chart:subtitle') isTitle = true;
      else if (name === 'table:table') isInTable = true;
      else if (name === 'table:table-row') row = [];
      else if (name === 'table:table-cell') [text, number] = ['', attributes['office:value'] ?? ''];
      else if (name === 'text:p') isText = true;
    },
    text(data) {
      if (!isText) return;
      if (isTitle) names[placeOf(dimension)] += data;
      else if (isInTable) text += data;
    },
    close(name) {
      if (name === 'text:p') {
        isText = false;
        if (isTitle) names[placeOf(dimension)] += ' ';
      } else if (name === 'chart:title' || name === 'chart:subtitle') isTitle = false;
      else if (name === 'chart:axis') dimension = null;
      else if (name === 'table:table') isInTable = false;
      else if (name === 'table:table-cell' && row.length <= maxSeries) {
        const shown = squeeze(text) || number;
        row.push(/^(?:1\.#)?NAN$/i.test(shown) ? '' : shown);
      } else if (name === 'table:table-row' && rows.length <= maxPoints) rows.push(row);
    },
  });
  return { names, rows };
}

function toChart({ names, rows }: Gathered): Chart {
  const [[corner = '', ...head] = [], ...body] = rows;
  const filled = body.filter(([, ...values]) => values.some((value) => value !== ''));
  return {
    title: names.title,
    labelAxis: squeeze(names.label) || corner,
    valueAxis: names.value,
    head,
    rows: filled.map(([label = '', ...values]) => ({ label, values })),
  };
}

/** The charts that are embedded in a document, by the folder that each is in. */
export async function readOdfCharts(archive: Archive): Promise<ReadonlyMap<string, readonly Block[]>> {
  const charts = new Map<string, readonly Block[]>();
  for (const name of archive.names) {
    const folder = /^(.+)\/content\.xml$/.exec(name)?.[1];
    const bytes = folder === undefined ? null : await archive.read(name);
    if (folder === undefined || !bytes?.includes('<chart:chart')) continue;
    charts.set(folder, chartBlocks(toChart(gather(bytes)), null));
  }
  return charts;
}

/** The chart that is drawn where an element stands, by the folder that it names (`./Object 1`). */
export function chartAt(
  charts: ReadonlyMap<string, readonly Block[]>,
  name: string,
  attributes: Readonly<Record<string, string>>,
): readonly Block[] {
  if (name !== 'draw:object') return [];
  return charts.get((attributes['xlink:href'] ?? '').replace(/^\.\//, '').replace(/\/$/, '')) ?? [];
}
