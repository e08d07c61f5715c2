import { squeeze, type Block } from '../types.ts';
import { chartBlocks, maxPoints, maxSeries, type Chart } from './chart.ts';
import { shownNumber } from './shown-number.ts';
import { walkXml } from './xml.ts';

/** The texts of the cells that a reference names (`Sheet1!$A$2:$A$9`), in order. */
export type Cells = (reference: string) => readonly string[];

type Role = 'name' | 'label' | 'value' | 'size';
type Points = Map<number, string>;
type Series = Record<Role, Points>;

const roles: Readonly<Record<string, Role>> = {
  'c:tx': 'name',
  'c:cat': 'label',
  'c:xVal': 'label',
  'c:val': 'value',
  'c:yVal': 'value',
  'c:bubbleSize': 'size',
};

interface Axis {
  name: string;
  position: string;
  title: string;
}

const isAxis = (name: string) => /^c:(?:cat|val|date|ser)Ax$/.test(name);
const wordsOf = (points: Points) => [...points.values()].join(' ');

interface Gathered {
  title: string;
  axes: Axis[];
  series: Series[];
}

/** Notes a point; several labels of one point (a year above its quarters) are said one after the other. */
function put(points: Points, at: number, shown: string): void {
  if (shown.trim() === '' || points.size >= maxPoints) return;
  const before = points.get(at);
  points.set(at, before === undefined ? shown : `${shown} ${before}`);
}

/** Gathers titles, and what the chart keeps of the cells that it shows; what it does not keep comes from `cells`. */
function gather(bytes: Buffer, cells: Cells): Gathered {
  const found: Gathered = { title: '', axes: [], series: [] };
  let series: Series | null = null;
  let axis: Axis | null = null;
  let role: Role | null = null;
  let [at, format, reference, text] = [0, '', '', ''];
  let titleDepth = 0;
  const name = (words: string) => {
    if (titleDepth === 0 || series !== null) return;
    if (axis === null) found.title += words;
    else axis.title += words;
  };
  walkXml(bytes, {
    open(tag, attributes) {
      text = '';
      if (tag === 'c:title') titleDepth += 1;
      else if (isAxis(tag)) axis = { name: tag, position: '', title: '' };
      else if (tag === 'c:axPos' && axis !== null) axis.position = attributes['val'] ?? '';
      else if (tag === 'c:ser')
        series = { name: new Map(), label: new Map(), value: new Map(), size: new Map() };
      else if (tag === 'c:pt') at = Number(attributes['idx'] ?? 0);
      role = roles[tag] ?? role;
    },
    text(data) {
      text += data;
    },
    close(tag) {
      if (tag === 'c:title') titleDepth -= 1;
      else if (tag === 'c:formatCode') format = text;
      else if (tag === 'c:f') reference = text;
      else if (tag === 'a:t') name(text);
      else if (tag === 'a:p') name(' ');
      else if (tag === 'c:v' && series !== null && role !== null)
        put(series[role], at, role === 'name' ? text : shownNumber(text, format));
      else if (tag === 'c:v') name(`${text} `);
      else if (tag === 'c:ser' && series !== null) {
        if (found.series.length < maxSeries) found.series.push(series);
        series = null;
      } else if (isAxis(tag) && axis !== null) {
        found.axes.push(axis);
        axis = null;
      }
      if (tag in roles) {
        const points = series !== null && role !== null ? series[role] : null;
        if (points?.size === 0 && reference !== '')
          for (const [place, value] of cells(reference).entries()) put(points, place, value);
        [role, format, reference, at] = [null, '', '', 0];
      }
      text = '';
    },
  });
  return found;
}

/** Of two axes of values (points in a plane) the lower one says what the labels are. */
function axisTitles(axes: readonly Axis[]): { labelAxis: string; valueAxis: string } {
  const label =
    axes.find(({ name }) => name === 'c:catAx' || name === 'c:dateAx') ??
    axes.find(({ position }) => position === 'b' || position === 't');
  const values = axes.filter((axis) => axis !== label && axis.name === 'c:valAx');
  const titles = new Set(values.map(({ title }) => squeeze(title)).filter((title) => title !== ''));
  return { labelAxis: label?.title ?? '', valueAxis: [...titles].join(', ') };
}

function toChart({ title, axes, series }: Gathered): Chart {
  const shown = series.filter(({ value }) => value.size > 0);
  const places = [...new Set(shown.flatMap(({ value }) => [...value.keys()]))].toSorted((a, b) => a - b);
  return {
    title,
    ...axisTitles(axes),
    head: shown.map(({ name }, at) => squeeze(wordsOf(name)) || `Series ${String(at + 1)}`),
    rows: places.slice(0, maxPoints).map((at) => ({
      label: shown.map((one) => one.label.get(at)).find((text) => text !== undefined) ?? String(at + 1),
      values: shown.map(({ value, size }) => {
        const extra = size.get(at);
        return `${value.get(at) ?? ''}${extra === undefined ? '' : ` (${extra})`}`;
      }),
    })),
  };
}

/** A chart of a DOCX, PPTX or XLSX. */
export function ooxmlChartBlocks(bytes: Buffer, page: number | null, cells: Cells = () => []): Block[] {
  return chartBlocks(toChart(gather(bytes, cells)), page);
}
