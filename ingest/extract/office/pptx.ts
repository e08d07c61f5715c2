import { AppError } from '../../../server/errors.ts';
import type { Archive } from '../archive.ts';
import { extracted, hiddenNotes, type Extracted } from '../types.ts';
import { statedTitle } from '../stated-title.ts';
import { drawnAt, readDrawings, type Drawings } from './drawings.ts';
import { createFlow, type Flow } from './flow.ts';
import { createHiddenShapes, type HiddenShapes, type SlideSize } from './pptx-hidden.ts';
import { folderOf, readRelations, readTitle, relationsOf, walkXml } from './xml.ts';

/** The width and height of slides in the usual format, 10 by 7.5 inches. */
const usualSize: SlideSize = { width: 9_144_000, height: 6_858_000 };

async function readSlides(archive: Archive): Promise<{ names: string[]; size: SlideSize }> {
  const main = await archive.read('ppt/presentation.xml');
  if (main === null)
    throw new AppError('extract-failed', 'The presentation has no slides.', { fix: 'Save it anew.' });
  const relations = readRelations(await archive.read('ppt/_rels/presentation.xml.rels'), 'ppt');
  const names: string[] = [];
  let size = usualSize;
  walkXml(main, {
    open(name, attributes) {
      const target = name === 'p:sldId' ? relations.get(attributes['r:id'] ?? '') : undefined;
      if (target !== undefined) names.push(target);
      const { cx, cy } = attributes;
      if (name === 'p:sldSz' && cx !== undefined && cy !== undefined)
        size = { width: Number(cx), height: Number(cy) };
    },
  });
  return { names, size };
}

function readSlide(
  bytes: Buffer,
  flow: Flow,
  page: number,
  { drawings, hidden }: { drawings: Drawings; hidden: HiddenShapes },
): void {
  let isTitle = false;
  let isText = false;
  let depth = 0;
  let isBullet = false;
  let inTable = false;
  walkXml(bytes, {
    open(name, attributes) {
      hidden.open(name, attributes);
      const drawn = drawnAt(drawings, name, attributes);
      if (drawn.length > 0 && !hidden.isHidden()) flow.add(drawn);
      if (name === 'p:sp') isTitle = false;
      else if (name === 'p:ph') {
        isTitle = /^(?:title|ctrTitle)$/.test(attributes['type'] ?? '');
        isBullet = !isTitle && !/^(?:subTitle|dt|ftr|sldNum)$/.test(attributes['type'] ?? '');
      } else if (name === 'a:p') depth = 0;
      else if (name === 'a:pPr') depth = Number(attributes['lvl'] ?? 0) || 0;
      else if (name === 'a:buNone') isBullet = false;
      else if (name === 'a:t') isText = true;
      else if (name === 'a:br') flow.write(' ');
      else if (name === 'a:tbl') {
        inTable = true;
        flow.openTable();
      } else if (name === 'a:tr') flow.openRow();
      else if (name === 'a:tc') {
        flow.openCell();
        const { gridSpan, hMerge, vMerge } = attributes;
        flow.spanCell({ columns: hMerge === '1' ? 0 : Number(gridSpan ?? 1), isBelow: vMerge === '1' });
      }
    },
    text(data) {
      if (isText && !hidden.isHidden()) flow.write(data);
    },
    close(name) {
      hidden.close(name);
      if (name === 'a:t') isText = false;
      else if (name === 'a:p')
        flow.end({ heading: isTitle ? 2 : 0, listDepth: isBullet && !inTable ? depth : null, page });
      else if (name === 'a:tc') flow.closeCell();
      else if (name === 'a:tbl') {
        inTable = false;
        flow.closeTable();
      } else if (name === 'p:sp') isBullet = false;
    },
  });
}

/** Reads a presentation slide by slide, in its order; the slide's number is the page, its title a heading. */
export async function extractPptx(archive: Archive): Promise<Extracted> {
  const flow = createFlow();
  const { names, size } = await readSlides(archive);
  const hidden = createHiddenShapes(size);
  for (const [index, name] of names.entries()) {
    const slide = await archive.read(name);
    if (slide === null) continue;
    const relations = readRelations(await archive.read(relationsOf(name)), folderOf(name));
    const drawings = await readDrawings(archive, relations, index + 1);
    readSlide(slide, flow, index + 1, { drawings, hidden });
  }
  const heading = flow.blocks.find((entry) => entry.type === 'heading');
  return extracted(flow.blocks, {
    title:
      statedTitle(readTitle(await archive.read('docProps/core.xml')), flow.blocks) ?? heading?.text ?? null,
    notes: hiddenNotes(hidden.hasHidden()),
  });
}
