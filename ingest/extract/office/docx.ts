import { AppError } from '../../../server/errors.ts';
import type { Archive } from '../archive.ts';
import { extracted, hiddenNotes, type Extracted } from '../types.ts';
import { statedTitle } from '../stated-title.ts';
import { createHiddenRuns, readLooks, type HiddenRuns } from './docx-hidden.ts';
import { drawnAt, readDrawings, type Drawings } from './drawings.ts';
import { createFlow, type Flow } from './flow.ts';
import { readRelations, readTitle, walkXml, type XmlHandler } from './xml.ts';

/** Style id to heading level, from the style's name (`heading 2`, `Title`) or outline level. */
function readStyles(bytes: Buffer | null): Map<string, number> {
  const levels = new Map<string, number>();
  let id = '';
  if (bytes === null) return levels;
  walkXml(bytes, {
    open(name, attributes) {
      const value = attributes['w:val'] ?? '';
      if (name === 'w:style') id = attributes['w:styleId'] ?? '';
      if (name === 'w:name') {
        const heading = /^(?:heading|überschrift|titre|título) ?([1-9])$/i.exec(value);
        if (heading !== null) levels.set(id, Number(heading[1]));
        else if (/^title$/i.test(value)) levels.set(id, 1);
      }
      if (name === 'w:outlineLvl' && !levels.has(id) && /^[0-5]$/.test(value))
        levels.set(id, Number(value) + 1);
    },
  });
  return levels;
}

/** Numbering id and level to whether it counts; all others are bullets. */
function readNumbering(bytes: Buffer | null): Set<string> {
  const counting = new Set<string>();
  const abstracts = new Map<string, Set<string>>();
  let abstractId = '';
  let level = '';
  let number = '';
  if (bytes === null) return counting;
  walkXml(bytes, {
    open(name, attributes) {
      const value = attributes['w:val'] ?? '';
      if (name === 'w:abstractNum') abstractId = attributes['w:abstractNumId'] ?? '';
      if (name === 'w:lvl') level = attributes['w:ilvl'] ?? '0';
      if (name === 'w:numFmt' && value !== 'bullet' && value !== 'none') {
        abstracts.set(abstractId, (abstracts.get(abstractId) ?? new Set()).add(level));
      }
      if (name === 'w:num') number = attributes['w:numId'] ?? '';
      if (name === 'w:abstractNumId')
        for (const at of abstracts.get(value) ?? []) counting.add(`${number}/${at}`);
    },
  });
  return counting;
}

interface Paragraph {
  heading: number;
  listDepth: number | null;
  numberId: string;
}

const silentParts = new Set(['mc:Fallback', 'w:del', 'w:instrText', 'w:delText', 'w:moveFrom', 'w:pict']);

/** Paragraphs within paragraphs (text boxes) come as a stack; each has its style and its place in a list. */
function createParagraphs(flow: Flow, styles: ReadonlyMap<string, number>, counting: ReadonlySet<string>) {
  const open: Paragraph[] = [];
  const counters = new Map<string, number>();
  return {
    begin() {
      if (open.length > 0) flow.write(' ');
      open.push({ heading: 0, listDepth: null, numberId: '0' });
    },
    property(name: string, value: string) {
      const current = open.at(-1);
      if (current === undefined) return;
      if (name === 'w:pStyle') current.heading = styles.get(value) ?? 0;
      if (name === 'w:outlineLvl' && /^[0-5]$/.test(value)) current.heading ||= Number(value) + 1;
      if (name === 'w:ilvl') current.listDepth = Number(value) || 0;
      if (name === 'w:numId') {
        current.numberId = value;
        current.listDepth = value === '0' ? null : (current.listDepth ?? 0);
      }
    },
    end() {
      const current = open.pop();
      if (current === undefined) return;
      const { heading, numberId } = current;
      const listDepth = heading > 0 ? null : current.listDepth;
      const key = `${numberId}/${String(listDepth)}`;
      const isCounting = counting.has(key);
      const count = (counters.get(key) ?? 0) + 1;
      if (isCounting) counters.set(key, count);
      flow.end({ heading, listDepth, mark: isCounting ? `${String(count)}.` : '-' });
    },
  };
}

/** What elements without text of their own add to the flow. */
function layoutActions(flow: Flow): Record<string, (attributes: Readonly<Record<string, string>>) => void> {
  return {
    'w:tab': () => flow.write(' '),
    'w:br': () => flow.write(' '),
    'w:cr': () => flow.write(' '),
    'w:noBreakHyphen': () => flow.write('-'),
    'w:tbl': () => flow.openTable(),
    'w:tr': () => flow.openRow(),
    'w:tc': () => flow.openCell(),
    'w:gridSpan': (attributes) => flow.spanCell({ columns: Number(attributes['w:val'] ?? 1) }),
    'w:vMerge': (attributes) => flow.spanCell({ isBelow: attributes['w:val'] !== 'restart' }),
    'w:gridBefore': (attributes) => {
      for (let skipped = 0; skipped < Math.min(Number(attributes['w:val'] ?? 0), 50); skipped += 1) {
        flow.openCell();
        flow.closeCell();
      }
    },
    'm:sup': () => flow.write('^'),
    'm:sub': () => flow.write('_'),
    'm:chr': (attributes) => flow.write(attributes['m:val'] ?? ''),
    'wp:docPr': ({ descr = '' }) => flow.write(/^\S+\.\w{3,4}$/.test(descr) ? '' : ` ${descr} `),
  };
}

/** Walks `word/document.xml` and its like into a flow. */
function bodyHandler(
  flow: Flow,
  styles: ReadonlyMap<string, number>,
  counting: ReadonlySet<string>,
  hidden: HiddenRuns,
  drawings: Drawings = new Map(),
): XmlHandler {
  const paragraphs = createParagraphs(flow, styles, counting);
  let silent = 0;
  let isText = false;
  const onOpen: Record<string, (attributes: Readonly<Record<string, string>>) => void> = {
    'w:p': () => paragraphs.begin(),
    'w:t': () => (isText = true),
    'm:t': () => (isText = true),
    ...layoutActions(flow),
  };
  const onClose: Record<string, () => void> = {
    'w:p': () => paragraphs.end(),
    'w:t': () => (isText = false),
    'm:t': () => (isText = false),
    'm:num': () => flow.write('/'),
    'w:tc': () => flow.closeCell(),
    'w:tbl': () => flow.closeTable(),
  };
  return {
    open(name, attributes) {
      if (silent > 0 || silentParts.has(name)) {
        silent += 1;
        return;
      }
      onOpen[name]?.(attributes);
      hidden.open(name, attributes);
      flow.add(drawnAt(drawings, name, attributes));
      paragraphs.property(name, attributes['w:val'] ?? '');
    },
    text(data) {
      if (isText && silent === 0 && !hidden.isHidden()) flow.write(data);
    },
    close(name) {
      if (silent > 0) {
        silent -= 1;
        return;
      }
      hidden.close(name);
      onClose[name]?.();
    },
  };
}

/**
 * Reads a Word document: headings by style, lists, tables, notes; without deleted text, comments and what is hidden.
 * @throws AppError `extract-failed` when it has no main part.
 */
export async function extractDocx(archive: Archive): Promise<Extracted> {
  const main = await archive.read('word/document.xml');
  if (main === null)
    throw new AppError('extract-failed', 'The Word file has no text part.', { fix: 'Save it anew.' });
  const relations = readRelations(await archive.read('word/_rels/document.xml.rels'), 'word');
  const styleSheet = await archive.read('word/styles.xml');
  const styles = readStyles(styleSheet);
  const hidden = createHiddenRuns(
    readLooks(styleSheet),
    /<w:background\b/.test(main.toString('latin1', 0, 4000)),
  );
  const counting = readNumbering(await archive.read('word/numbering.xml'));
  const flow = createFlow();
  walkXml(main, bodyHandler(flow, styles, counting, hidden, await readDrawings(archive, relations, null)));
  for (const target of relations.values()) {
    if (!/\/(?:footnotes|endnotes)\.xml$/.test(target)) continue;
    const notes = await archive.read(target);
    if (notes !== null) walkXml(notes, bodyHandler(flow, styles, counting, hidden));
  }
  const heading = flow.blocks.find((entry) => entry.type === 'heading');
  return extracted(flow.blocks, {
    title:
      statedTitle(readTitle(await archive.read('docProps/core.xml')), flow.blocks) ?? heading?.text ?? null,
    notes: hiddenNotes(hidden.hasHidden()),
  });
}
