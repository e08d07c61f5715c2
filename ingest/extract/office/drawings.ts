import { block, squeeze, type Block } from '../types.ts';
import type { Archive } from '../archive.ts';
import { ooxmlChartBlocks, type Cells } from './chart-ooxml.ts';
import { walkXml } from './xml.ts';

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

/** Reads the charts and diagrams that a part's relations lead to; `cells` are those that a chart may show. */
export async function readDrawings(
  archive: Archive,
  relations: ReadonlyMap<string, string>,
  page: number | null,
  cells?: Cells,
): Promise<Drawings> {
  const drawings = new Map<string, readonly Block[]>();
  for (const [id, target] of relations) {
    const isChart = /\/charts\/chart[^/]*\.xml$/.test(target);
    const isDiagram = /\/diagrams\/data[^/]*\.xml$/.test(target);
    const bytes = isChart || isDiagram ? await archive.read(target) : null;
    if (bytes === null) continue;
    drawings.set(id, isChart ? ooxmlChartBlocks(bytes, page, cells) : diagramBlocks(bytes, page));
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
