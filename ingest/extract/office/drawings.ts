import { markdownTable } from '../html-table.ts';
import { block, squeeze, type Block } from '../types.ts';
import type { Archive } from '../archive.ts';
import { walkXml } from './xml.ts';

/** More points than this are a curve rather than something to be told. */
const maxPoints = 200;
const maxSeries = 30;

/** Excel's day 0; days of a series begin there. */
const dayZeroMs = Date.UTC(1899, 11, 30);
const dayMs = 86_400_000;

/** A cached number as its format shows it: dates and percentages, else as few digits as say it. */
function shownNumber(text: string, format: string): string {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return text;
  const code = format.replace(/"[^"]*"|\[[^\]]*\]|\\./g, '');
  if (code.includes('%')) return `${String(Number((value * 100).toPrecision(6)))}%`;
  const isDate = /[yd]/i.test(code) && !/general/i.test(code) && value >= 0 && value < 2_958_466;
  if (isDate) return new Date(dayZeroMs + value * dayMs).toISOString().slice(0, 10);
  return String(Number(value.toPrecision(12)));
}

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

const wordsOf = (points: Points) => [...points.values()].join(' ');

/** Gathers a chart's title and what it keeps of the cells that it shows. */
function gatherChart(bytes: Buffer): { title: string; series: Series[] } {
  const all: Series[] = [];
  let series: Series | null = null;
  let role: Role | null = null;
  let [at, format, text, title] = [0, '', '', ''];
  let [titleDepth, axisDepth] = [0, 0];
  let takes = false;
  walkXml(bytes, {
    open(name, attributes) {
      if (name === 'c:title') titleDepth += 1;
      else if (/^c:(?:cat|val|date|ser)Ax$/.test(name)) axisDepth += 1;
      else if (name === 'c:ser')
        series = { name: new Map(), label: new Map(), value: new Map(), size: new Map() };
      else if (name === 'c:pt') at = Number(attributes['idx'] ?? 0);
      role = roles[name] ?? role;
      takes =
        name === 'c:v' || name === 'c:formatCode' || (name === 'a:t' && titleDepth > 0 && axisDepth === 0);
      if (takes) text = '';
    },
    text(data) {
      if (takes) text += data;
    },
    close(name) {
      if (name === 'c:title') titleDepth -= 1;
      else if (/^c:(?:cat|val|date|ser)Ax$/.test(name)) axisDepth -= 1;
      else if (name === 'c:formatCode') format = text;
      else if (name === 'a:t' && takes && series === null) title += text;
      else if (name === 'a:p' && titleDepth > 0) title += ' ';
      else if (
        name === 'c:v' &&
        text.trim() !== '' &&
        series !== null &&
        role !== null &&
        series[role].size < maxPoints
      ) {
        const shown = role === 'name' ? text : shownNumber(text, format);
        const before = series[role].get(at);
        series[role].set(at, before === undefined ? shown : `${shown} ${before}`);
      } else if (name === 'c:ser' && series !== null) {
        if (all.length < maxSeries) all.push(series);
        series = null;
      }
      if (name in roles) [role, format, at] = [null, '', 0];
      takes = false;
    },
  });
  return { title: squeeze(title), series: all };
}

/** A chart as its title and a table: a row for each label, a column for each series; nothing where it keeps no numbers. */
export function chartBlocks(bytes: Buffer, page: number | null): Block[] {
  const { title, series } = gatherChart(bytes);
  const shown = series.filter(({ value }) => value.size > 0);
  const places = [...new Set(shown.flatMap(({ value }) => [...value.keys()]))].toSorted((a, b) => a - b);
  const head = shown.map(({ name }, at) => squeeze(wordsOf(name)) || `Series ${String(at + 1)}`);
  const rows = places.slice(0, maxPoints).map((at) => {
    const label = shown.map((one) => one.label.get(at)).find((text) => text !== undefined);
    const values = shown.map(({ value, size }) => {
      const extra = size.get(at);
      return `${value.get(at) ?? ''}${extra === undefined ? '' : ` (${extra})`}`;
    });
    return [squeeze(label ?? String(at + 1)), ...values];
  });
  const caption = title === '' ? [] : [block('paragraph', title, { page })];
  if (rows.length === 0) return caption;
  return [...caption, block('table', markdownTable([['', ...head], ...rows]), { page })];
}

/** The texts of a SmartArt drawing, in the order of its data; what only lays it out holds none. */
export function diagramBlocks(bytes: Buffer, page: number | null): Block[] {
  const lines: string[] = [];
  let isNode = false;
  let isText = false;
  let line = '';
  walkXml(bytes, {
    open(name, attributes) {
      if (name === 'dgm:pt') isNode = /^(?:node|asst)$/.test(attributes['type'] ?? 'node');
      isText = isNode && name === 'a:t';
      if (name === 'a:br') line += ' ';
    },
    text(data) {
      if (isText) line += data;
    },
    close(name) {
      isText = false;
      if (name === 'a:p') line += ' ';
      if (name !== 'dgm:pt') return;
      if (squeeze(line) !== '') lines.push(`- ${squeeze(line)}`);
      line = '';
    },
  });
  return lines.length === 0 ? [] : [block('list', lines.join('\n'), { page })];
}

/** What a part draws, by the id of the relation that leads to it. */
export type Drawings = ReadonlyMap<string, readonly Block[]>;

/** Reads the charts and diagrams that a part's relations lead to. */
export async function readDrawings(
  archive: Archive,
  relations: ReadonlyMap<string, string>,
  page: number | null,
): Promise<Drawings> {
  const drawings = new Map<string, readonly Block[]>();
  for (const [id, target] of relations) {
    const isChart = /\/charts\/chart[^/]*\.xml$/.test(target);
    const isDiagram = /\/diagrams\/data[^/]*\.xml$/.test(target);
    const bytes = isChart || isDiagram ? await archive.read(target) : null;
    if (bytes !== null) drawings.set(id, (isChart ? chartBlocks : diagramBlocks)(bytes, page));
  }
  return drawings;
}

/** What is drawn where this element stands: a chart or a diagram by the id that it names. */
export function drawnAt(
  drawings: Drawings,
  name: string,
  attributes: Readonly<Record<string, string>>,
): readonly Block[] {
  if (name !== 'c:chart' && name !== 'dgm:relIds') return [];
  return drawings.get(attributes[name === 'c:chart' ? 'r:id' : 'r:dm'] ?? '') ?? [];
}
